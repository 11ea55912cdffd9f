import { Logger } from '@nestjs/common';
import { readSharedState, takeTurn, type Report, type Turn, type Wish } from '../../core/delivery/shared-state.js';
import type { Instance } from '../../queue/index.js';
import type { Database } from '../../store/database.js';
import { changedStates, exchangeStates } from '../../store/pipeline/endpoint-state.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { limitsOf, type Bulkhead } from './bulkhead.js';

/** How often others' news are looked for, and the own told that nobody waits for. */
const TICK_MS = 1_000;
/** Others' news of so many seconds are read: more than a tick that had to wait. The first look reads all. */
const LOOK_BACK_S = 10;
const LOOK_BACK_AT_START_S = 86_400;

/** Who knows the bulkheads and endpoints that states belong to. */
export interface StateHolder {
  find(organization: string, endpoint: string): LiveEndpoint | undefined;
  bulkhead(organization: string, endpoint: string): Bulkhead;
  bulkheads(): Iterable<Bulkhead>;
  /** Called when a bulkhead that was asked for has its answer. */
  answered(bulkhead: Bulkhead): void;
}

/** A bulkhead's part of an exchange, and what it came to. */
interface Asked {
  readonly bulkhead: Bulkhead;
  readonly endpoint: LiveEndpoint;
  readonly told: { readonly report: Report; readonly wish: Wish };
  turn: Turn | null;
}

/**
 * The one state of each endpoint that all instances share, in PostgreSQL: slots, circuit, rate, the pause it asked for. What is urgent (an opening, a probe's
 * end, a pause, tokens, a first slot) is told at once, everything that came up meanwhile in one transaction; the rest once a second. No message costs a statement.
 */
export class SharedStates {
  private readonly log = new Logger('deliver');
  private due = new Set<Bulkhead>();
  private running: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private lookBackS = LOOK_BACK_AT_START_S;
  private isLookDue = false;

  constructor(private readonly database: Database, private readonly instance: Instance, private readonly holder: StateHolder) {}

  start(): void {
    this.timer ??= setInterval(() => void this.tick(), TICK_MS).unref();
  }

  /** Tells what is left to tell; nothing is looked for any more. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    for (const bulkhead of this.holder.bulkheads()) {
      bulkhead.leave();
      if (bulkhead.hasNews) this.due.add(bulkhead);
    }
    await this.run();
  }

  /** Tells and asks for this bulkhead's part as soon as may be. */
  ask(bulkhead: Bulkhead): void {
    this.due.add(bulkhead);
    void this.run();
  }

  private run(): Promise<void> {
    this.running ??= this.work().finally(() => { this.running = null; });
    return this.running;
  }

  /** One after the other, so that an older state never replaces a newer one. */
  private async work(): Promise<void> {
    // What is asked for in one turn of the loop goes together.
    await new Promise((resolve) => { setImmediate(resolve); });
    while (this.due.size > 0 || this.isLookDue) {
      const due = [...this.due];
      this.due = new Set();
      if (due.length > 0) await this.exchange(due);
      if (this.isLookDue) await this.look();
    }
  }

  private async exchange(due: readonly Bulkhead[]): Promise<void> {
    const nowMs = this.instance.nowMs();
    const asked = new Map<string, Asked>();
    for (const bulkhead of due) {
      const endpoint = this.holder.find(bulkhead.organization, bulkhead.endpoint);
      if (endpoint !== undefined) asked.set(keyOf(bulkhead), { bulkhead, endpoint, told: bulkhead.tell(endpoint, nowMs), turn: null });
    }
    try {
      if (asked.size > 0) {
        await exchangeStates(this.database, [...asked.values()].map(({ bulkhead }) => bulkhead), (key, stored, { nowMs: theirMs, live }) => {
          const one = asked.get(keyOf(key))!;
          one.turn = takeTurn(readSharedState(stored), one.told, limitsOf(one.endpoint), { nowMs: theirMs, instance: this.instance.number, live });
          return one.turn.state;
        });
      }
      for (const { bulkhead, endpoint, told, turn } of asked.values()) {
        if (turn === null) bulkhead.unheard(this.instance.nowMs());
        else bulkhead.heard(endpoint, turn, told.wish, this.instance.nowMs());
      }
    } catch (error) {
      this.log.debug({ event: 'endpoint.state-untold', err: error, message: 'what is known of endpoints could not be told to the other instances; trying again' });
      for (const { bulkhead } of asked.values()) bulkhead.unheard(this.instance.nowMs());
    }
    for (const { bulkhead } of asked.values()) this.holder.answered(bulkhead);
  }

  private tick(): Promise<void> {
    const nowMs = performance.now();
    for (const bulkhead of this.holder.bulkheads()) if (bulkhead.isIdle(nowMs) || bulkhead.hasNews) this.due.add(bulkhead);
    this.isLookDue = true;
    return this.run();
  }

  private async look(): Promise<void> {
    this.isLookDue = false;
    try {
      for (const { organization, endpoint: id, stored } of await changedStates(this.database.worker, this.lookBackS)) {
        const endpoint = this.holder.find(organization, id);
        if (endpoint !== undefined) this.holder.bulkhead(organization, id).learn(endpoint, readSharedState(stored), this.instance.nowMs());
      }
      this.lookBackS = LOOK_BACK_S;
    } catch (error) {
      this.log.debug({ event: 'endpoint.state-unread', err: error, message: 'what other instances know of endpoints could not be read' });
    }
  }
}

const keyOf = ({ organization, endpoint }: { readonly organization: string; readonly endpoint: string }): string => `${organization} ${endpoint}`;
