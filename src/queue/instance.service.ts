import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Database } from '../store/database.js';
import { freeClaims, giveBackStraggling, heartbeat, registerInstance, silentInstances, stopInstance, unstoppedOn } from '../store/pipeline/instances.js';
import { claimOf, type Claim } from '../store/pipeline/lane.js';
import { refusalOf } from '../store/pipeline/statement.js';
import { ClockOffset } from './clock-offset.js';
import { failpoint } from './failpoint.js';
import { METRICS } from './metrics.js';

const HEARTBEAT_MS = 3_000;
/** Others take over after 12 s of silence; a call to a target is only begun while there is time to abort it before that. */
const MAY_WORK_MS = 9_000;
/** How often it is looked whether calls under way must be aborted: a heartbeat that hangs tells nobody. */
const LOOK_MS = 500;
/** A statement whose answer was lost may still be committed until its time limit has passed. */
const DOUBT_MS = 60_000;

/** This process among its peers: its heartbeat makes its claims valid, its counter makes them unique. */
@Injectable()
export class Instance {
  private readonly log = new Logger('instance');
  private id = 0;
  private counter = 0;
  private confirmedAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private clock = { nowMs: Date.now(), at: performance.now() };
  private readonly offset = new ClockOffset();
  private readonly onLost: (() => void)[] = [];
  private aborter = new AbortController();
  private lookTimer: NodeJS.Timeout | undefined;
  private beating = false;
  /** Claims of writes whose end nobody knows, with when that was. */
  private readonly doubtful = new Map<Claim, number>();

  constructor(private readonly database: Database, @Inject(SETTINGS) private readonly settings: Settings) {}

  /** Registers, and declares predecessors on the same data folder dead whose processes are gone. */
  async start(): Promise<void> {
    const dataDir = resolve(this.settings.dataDir);
    for (const predecessor of await unstoppedOn(this.database.worker, hostname(), dataDir)) {
      if (!isRunning(predecessor.pid)) await this.declareDead(predecessor.id, false);
    }
    await this.register();
    this.timer = setInterval(() => void this.beat(), HEARTBEAT_MS);
    this.lookTimer = setInterval(() => {
      if (!this.mayWork()) this.aborter.abort();
    }, LOOK_MS);
  }

  /**
   * Runs a write that takes lanes under a new claim. Where its end is not known (the connection broke while it was committed), nobody
   * works on what it took: those lanes are given back. What is handed on must be handed on after this.
   */
  async claiming<T>(write: (claim: Claim) => Promise<T>): Promise<T> {
    const claim = this.nextClaim();
    try {
      return await write(claim);
    } catch (error) {
      if (refusalOf(error) === 'elsewhere') this.doubtful.set(claim, performance.now());
      throw error;
    }
  }

  /** Whether this process may still act on this claim. */
  holds(claim: Claim): boolean {
    return this.mayWork() && claim >> 32n === BigInt(this.id);
  }

  /** A new claim token; never used twice. */
  private nextClaim(): Claim {
    this.counter = (this.counter + 1) >>> 0;
    return claimOf(this.id, this.counter);
  }

  /** Whether this process may still act on its claims: compares the monotonic clock with when its last heartbeat was sent. */
  mayWork(): boolean {
    return performance.now() - this.confirmedAt < MAY_WORK_MS;
  }

  /** The number under which its claims and slots are known; another one after it began anew. */
  get number(): number {
    return this.id;
  }

  /** The database's clock, in milliseconds since 1970: the same for all instances, and no step of this machine's clock moves it. */
  nowMs(): number {
    return Math.floor(this.clock.nowMs + performance.now() - this.clock.at);
  }

  /** Aborts when this process may not work any more. */
  get signal(): AbortSignal {
    return this.aborter.signal;
  }

  /** Called when the claims of this process were given to others: what is held in memory must be forgotten. */
  whenLost(forget: () => void): void {
    this.onLost.push(forget);
  }

  /** Declares instances dead that have been silent for 12 s, and gives back what one claimed in its last moment. Returns how many were silent. */
  async takeOver(): Promise<number> {
    const silent = await silentInstances(this.database.worker);
    for (const id of silent) if (id !== this.id) await this.declareDead(id, true);
    const lanes = await giveBackStraggling(this.database.worker);
    if (lanes > 0) this.log.warn({ event: 'instance.straggling', lanes, message: 'lanes were given back that an instance had claimed as it died' });
    return silent.length;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    clearInterval(this.lookTimer);
    if (this.id !== 0) await this.database.asWorker((client) => stopInstance(client, this.id, false));
    this.confirmedAt = Number.NEGATIVE_INFINITY;
  }

  private async register(): Promise<void> {
    await failpoint('instance.before-register');
    const sentAt = performance.now();
    const registered = await registerInstance(this.database.worker, { host: hostname(), pid: process.pid, dataDir: resolve(this.settings.dataDir), version: '0.1.0' });
    this.id = registered.id;
    this.setClock(registered.nowMs);
    this.confirmedAt = sentAt;
    this.aborter = new AbortController();
    await failpoint('instance.after-register');
  }

  private setClock(nowMs: number): void {
    this.clock = { nowMs, at: performance.now() };
  }

  /** Parley works by the database's clock; what others sign, stamp and certify is judged by this machine's. */
  private tellOffset(sentMs: number, databaseMs: number): void {
    const news = this.offset.note({ sentMs, answeredMs: Date.now(), databaseMs });
    if (news === null) return;
    const { offsetMs, turned } = news;
    METRICS.clockOffset.set(offsetMs / 1_000);
    if (turned === 'wrong') this.log.warn({ event: 'instance.clock-wrong', offsetMs, message: 'the clocks of this machine and of the database differ: signatures with times and certificates may be judged wrongly; set them' });
    else if (turned === 'right') this.log.log({ event: 'instance.clock-right', offsetMs, message: 'the clocks of this machine and of the database agree again' });
  }

  private async declareDead(id: number, silent: boolean): Promise<void> {
    const lanes = await this.database.asWorker((client) => stopInstance(client, id, silent));
    if (lanes !== null) this.log.warn({ event: 'instance.took-over', instance: id, lanes, message: 'an instance was declared dead; its lanes are free' });
  }

  private async beat(): Promise<void> {
    // One that hangs is not overtaken: two would each begin anew.
    if (this.beating) return;
    this.beating = true;
    const sentAt = performance.now();
    try {
      await failpoint('instance.before-heartbeat');
      const sentMs = Date.now();
      const nowMs = await heartbeat(this.database.worker, this.id);
      if (nowMs !== null) {
        this.setClock(nowMs);
        this.tellOffset(sentMs, nowMs);
      }
      // Work may have been dropped while the store was silent: what this process claimed goes back, and it begins anew.
      if (nowMs !== null && this.mayWork()) this.confirmedAt = sentAt;
      else await this.beginAnew();
      await failpoint('instance.after-heartbeat');
      await this.freeDoubtful();
    } catch (error) {
      this.log.warn({ event: 'instance.heartbeat-failed', error: String(error), message: 'the heartbeat could not be written' });
      if (!this.mayWork()) this.aborter.abort();
    } finally {
      this.beating = false;
    }
  }

  /** Looked for until the time limit of the statement has passed, whose end was not known. */
  private async freeDoubtful(): Promise<void> {
    if (this.doubtful.size === 0) return;
    const askedAt = performance.now();
    const lanes = await freeClaims(this.database.worker, [...this.doubtful.keys()]);
    if (lanes > 0) this.log.warn({ event: 'instance.freed-claims', lanes, message: 'lanes were given back that a write had taken whose end was not known' });
    for (const [claim, at] of this.doubtful) if (askedAt - at > DOUBT_MS) this.doubtful.delete(claim);
  }

  private async beginAnew(): Promise<void> {
    this.log.error({ event: 'instance.lost', instance: this.id, message: 'this process was silent for too long; its claims are given up and it begins anew' });
    this.confirmedAt = Number.NEGATIVE_INFINITY;
    this.aborter.abort();
    await this.declareDead(this.id, false);
    for (const forget of this.onLost) forget();
    await this.register();
  }
}

/** Whether a process of this machine runs; one that may not be signalled runs. */
function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
