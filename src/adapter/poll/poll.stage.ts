import { Inject, Injectable, Logger, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { GuardedHttp } from '../../net/index.js';
import { failpoint, Instance, METRICS } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { COMPLETION_CHANNEL } from '../../store/pipeline/incomplete.js';
import type { PollLane, PollPlace } from '../../store/pipeline/poll-lane.js';
import { claimPollLanes, commitFetched, commitPollFailure, ensurePollLanes, forgetPollLanes, heldPollLanes, releasePollLane } from '../../store/pipeline/poll-lanes.js';
import { refusalOf } from '../../store/pipeline/statement.js';
import type { PollContext, PollResult, Source, SourceChannel } from '../contract.js';
import { EndpointPauses } from '../endpoint/endpoint-pauses.service.js';
import { Endpoints } from '../endpoint/endpoints.service.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { wayOut } from '../endpoint/way-out.js';
import { Completions } from './completion.service.js';
import { fetchedRequest } from './fetched-request.js';
import { HeldLane } from './held-lane.js';
import { afterFailureMs, afterPollMs, afterSuccessMs } from './poll-schedule.js';

/** How often it is looked what is due. */
const LOOK_MS = 1_000;
/** Time for one poll, all its requests together. */
const POLL_MS = 5 * 60_000;
/** Polls under way at once in this process; those that only wait for news do not count. */
const MOST_POLLS = 16;
/** Pages in a row before others may go first. */
const MOST_PAGES = 50;
/** Rounds in which the keys of what was fetched may be taken by somebody else meanwhile. */
const MOST_ROUNDS = 6;
const FEWEST_MS = 1_000;
/** A channel whose polls have ended the process so often is left alone for a while. */
const MOST_CRASHES = 3;
const DRAIN_MS = 5_000;
/** A poll that fails is not put off to the next of its few times. */
const AGAIN_MS = 60_000;

/** `source`: null where it is not fetched from but requests of it are completed. */
type Polled = { readonly endpoint: LiveEndpoint; readonly source: Source | null; readonly everyMs: number; readonly nextAtMs?: SourceChannel['nextAtMs'] };
type PolledSource = Polled & { readonly source: Source };
/** Requests that wait are woken as they come; this is for those whose next try is due. */
const COMPLETE_MS = 5_000;

/** Fetches for kinds that fetch by themselves: one owner per channel, what was fetched and where it goes on committed together. */
@Injectable()
export class PollStage implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly log = new Logger('poll');
  private readonly held = new Map<string, HeldLane>();
  private readonly made = new Set<string>();
  /** Claimed by us, held by nobody: they could not be given back when that was due. */
  private orphans: PollLane[] = [];
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly database: Database, private readonly completions: Completions, private readonly instance: Instance, private readonly endpoints: Endpoints,
    private readonly pauses: EndpointPauses, private readonly http: GuardedHttp, @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  onApplicationBootstrap(): void {
    if (this.settings.role === 'web') return;
    this.endpoints.onReplaced((organization) => {
      for (const key of this.made) if (key.startsWith(`${organization} `)) this.made.delete(key);
      forgetPollLanes(this.database.worker, organization).catch((error: unknown) => this.log.warn({ event: 'poll.forget-failed', err: error, message: 'cursors of removed endpoints could not be forgotten' }));
    });
    this.instance.whenLost(() => this.letGo());
    this.schedule(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    this.letGo();
    // What is being committed ends; what is being fetched was aborted.
    await Promise.race([Promise.allSettled([...this.held.values()].map((one) => one.ended)), new Promise((resolve) => { setTimeout(resolve, DRAIN_MS).unref(); })]);
  }

  private letGo(): void {
    for (const one of this.held.values()) one.abort();
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      void this.look().finally(() => {
        // Jitter, so that several instances do not look in step.
        if (!this.stopped) this.schedule(LOOK_MS * (0.8 + Math.random() * 0.4));
      });
    }, ms).unref();
  }

  /** Takes what is due, and wakes what waits under our own claims. */
  private async look(): Promise<void> {
    if (!this.instance.mayWork()) return;
    try {
      await this.pauses.refresh((organization, id) => this.endpoints.find(organization, id));
      const polled = this.polled();
      for (const [key, lane] of this.held) if (polled.get(key)?.endpoint !== lane.endpoint) lane.abort();
      for (const lane of this.orphans) await releasePollLane(this.database.worker, lane);
      this.orphans = [];
      await this.wakeHeld();
      await this.take(polled);
    } catch (error) {
      this.log.warn({ event: 'poll.look-failed', err: error, message: 'it could not be seen what is due; tried again in a second' });
    }
  }

  /** Every channel that may be polled now, by its key. */
  private polled(): Map<string, Polled & { readonly place: PollPlace }> {
    const all = new Map<string, Polled & { readonly place: PollPlace }>();
    for (const endpoint of this.endpoints.everywhere()) {
      const { source } = endpoint.adapter;
      if (!this.pauses.mayCall(endpoint, this.instance.nowMs())) continue;
      const add = (name: string, polled: Polled): void => {
        const place = placeOf(endpoint, name);
        all.set(keyOf(place), { ...polled, place });
      };
      for (const { name, everyMs, nextAtMs } of source?.channels(endpoint) ?? []) add(name, { endpoint, source: source!, everyMs: Math.max(everyMs, FEWEST_MS), nextAtMs });
      if (endpoint.adapter.inbound.completes?.(endpoint) === true) add(COMPLETION_CHANNEL, { endpoint, source: null, everyMs: COMPLETE_MS });
    }
    return all;
  }

  /** Lanes that wait are woken as they become due, and given up where their claim was taken away. */
  private async wakeHeld(): Promise<void> {
    const waiting = [...this.held].filter(([, one]) => one.isWaiting);
    if (waiting.length === 0) return;
    const stored = new Map((await heldPollLanes(this.database.worker, waiting.map(([, one]) => one.lane.claim))).map((one) => [keyOf(one), one.isDue]));
    for (const [key, one] of waiting) {
      const isDue = stored.get(key);
      if (isDue === undefined) one.abort();
      else if (isDue) one.wake();
    }
  }

  private async take(polled: ReadonlyMap<string, Polled & { readonly place: PollPlace }>): Promise<void> {
    const free = MOST_POLLS - [...this.held.values()].filter((one) => !one.isWaiting).length;
    const wanted = [...polled].filter(([key]) => !this.held.has(key)).map(([, { place }]) => place);
    if (free <= 0 || wanted.length === 0) return;
    const unknown = wanted.filter((place) => !this.made.has(keyOf(place)));
    await ensurePollLanes(this.database.worker, unknown);
    for (const place of unknown) this.made.add(keyOf(place));
    await failpoint('poll.before-claim');
    const lanes = await this.instance.claiming(async (claim) => {
      const claimed = await claimPollLanes(this.database.worker, wanted, claim, free);
      await failpoint('poll.after-claim');
      return claimed;
    });
    for (const lane of lanes) {
      const { endpoint, source, everyMs, nextAtMs } = polled.get(keyOf(lane))!;
      const held = new HeldLane(lane, endpoint, this.instance.signal);
      this.held.set(keyOf(lane), held);
      held.ended = this.own(held, { endpoint, source, everyMs, nextAtMs }).finally(() => {
        held.abort(); // its watch, too
        this.held.delete(keyOf(lane));
      });
    }
  }

  /** Polls a lane until it is given back: at once where nothing more is to come, else when the endpoint changes or somebody takes over. */
  private async own(held: HeldLane, polled: Polled): Promise<void> {
    const { lane } = held;
    try {
      if (lane.crashCount > MOST_CRASHES) return await this.failed(held, polled, { kind: 'failed', error: `The process ended ${MOST_CRASHES} times while this was polled.` });
      if (polled.source === null) return await this.complete(held, polled);
      const fetching = { ...polled, source: polled.source };
      for (let page = 1; ; page++) {
        const result = await this.fetch(held, fetching);
        if (held.signal.aborted || !this.instance.holds(lane.claim)) return await releasePollLane(this.database.worker, lane);
        if (result.kind !== 'fetched') return await this.failed(held, polled, result);
        const isMore = result.more && page < MOST_PAGES;
        const watches = !result.more && fetching.source.watch !== undefined;
        await this.commit(held, fetching, result, isMore || watches);
        if (isMore) continue;
        if (!watches) return;
        this.watch(held, fetching);
        await held.wait();
        if (held.signal.aborted) return await releasePollLane(this.database.worker, lane);
        page = 0;
      }
    } catch (error) {
      await this.broken(held, polled, error);
    }
  }

  /** Completes requests that wait for what they leave out; what fails shows like a poll that fails, and waits by itself. */
  private async complete(held: HeldLane, { endpoint, everyMs }: Polled): Promise<void> {
    const { error, more } = await this.completions.round(held.lane, endpoint, this.contextOf(held, endpoint, POLL_MS));
    const nextMs = more ? 0 : afterSuccessMs(everyMs, Math.random());
    await commitFetched(this.database, { lane: held.lane, requests: [], cursor: null, nextMs, keep: false, warning: sentence(error) });
  }

  private async fetch(held: HeldLane, { endpoint, source }: PolledSource): Promise<PollResult> {
    const { lane } = held;
    const context = this.contextOf(held, endpoint, POLL_MS);
    try {
      const result = await source.poll(endpoint, lane.channel, held.cursor, context);
      await failpoint('poll.after-fetch');
      return result;
    } catch (error) {
      if (!held.signal.aborted) this.log.error({ event: 'poll.adapter-failed', endpoint: endpoint.id, channel: lane.channel, err: error, message: 'an adapter failed while it fetched' });
      return { kind: 'failed', error: context.signal.aborted ? 'The poll took longer than five minutes.' : 'Parley failed while it fetched; its log says how.' };
    }
  }

  private async commit(held: HeldLane, polled: PolledSource, { items, cursor, more, warning }: PollResult & { kind: 'fetched' }, keep: boolean): Promise<void> {
    const { lane } = held;
    await failpoint('poll.before-commit');
    const requests = items.map((item) => fetchedRequest(lane, item));
    const nextMs = more ? 0 : afterPollMs(polled, this.instance.nowMs(), Math.random());
    const fresh = await this.written(() => commitFetched(this.database, { lane, requests, cursor, nextMs, keep, warning: sentence(warning ?? null) }));
    held.cursor = cursor;
    await failpoint('poll.after-commit');
    if (fresh > 0) this.completions.arrived();
    METRICS.polls.inc({ adapter: polled.endpoint.adapter.manifest.kind, outcome: 'fetched' });
    METRICS.polledItems.inc({ adapter: polled.endpoint.adapter.manifest.kind }, fresh);
    if (held.failuresInRow > 0) this.log.log({ event: 'poll.recovered', endpoint: lane.endpoint, channel: lane.channel, message: 'polling works again' });
    held.failuresInRow = 0;
    if (polled.source.settled !== undefined) await this.settle(held, polled, cursor);
  }

  /** Keys that somebody else took in this very moment are known the next time. */
  private async written(write: () => Promise<number>): Promise<number> {
    for (let round = 1; ; round++) {
      try {
        return await write();
      } catch (error) {
        if (refusalOf(error) !== 'unique' || round >= MOST_ROUNDS) throw error;
      }
    }
  }

  private async settle(held: HeldLane, { endpoint, source }: PolledSource, cursor: unknown): Promise<void> {
    try {
      await source.settled?.(endpoint, held.lane.channel, cursor, this.contextOf(held, endpoint, POLL_MS));
    } catch (error) {
      this.log.warn({ event: 'poll.settle-failed', endpoint: endpoint.id, channel: held.lane.channel, err: error, message: 'what was fetched is accepted, but its source could not be told' });
    }
  }

  /** Lets the source wait for news beside the schedule; one that fails is begun again after the next poll that works. */
  private watch(held: HeldLane, { endpoint, source }: PolledSource): void {
    const { channel } = held.lane;
    if (held.isWatching || source.watch === undefined) return;
    held.isWatching = true;
    source.watch(endpoint, channel, () => held.wake(), this.contextOf(held, endpoint, null))
      .catch((error: unknown) => {
        if (!held.signal.aborted) this.log.warn({ event: 'poll.watch-failed', endpoint: endpoint.id, channel, err: error, message: 'news cannot be waited for; polled by schedule meanwhile' });
      })
      .finally(() => { held.isWatching = false; });
  }

  private contextOf(held: HeldLane, endpoint: LiveEndpoint, limitMs: number | null): PollContext {
    const signal = limitMs === null ? held.signal : AbortSignal.any([held.signal, AbortSignal.timeout(limitMs)]);
    return { http: wayOut(this.http, endpoint), signal, nowMs: this.instance.nowMs() };
  }

  private async failed(held: HeldLane, { endpoint, everyMs, nextAtMs }: Polled, result: PollResult & { kind: 'failed' | 'credentials' }): Promise<void> {
    const { lane } = held;
    METRICS.polls.inc({ adapter: endpoint.adapter.manifest.kind, outcome: result.kind });
    if (held.failuresInRow === 0) this.log.warn({ event: 'poll.failed', endpoint: lane.endpoint, channel: lane.channel, error: result.error, message: 'a poll failed; it is tried again' });
    await commitPollFailure(this.database.worker, lane, sentence(result.error) ?? '', afterFailureMs(nextAtMs === undefined ? everyMs : Math.min(everyMs, AGAIN_MS), held.failuresInRow + 1, result.retryAfterMs ?? null, Math.random()));
    if (result.kind === 'credentials') await this.pauses.pause(endpoint, 'credentials');
  }

  /** What was fetched could not be written: not ours any more, refused by the database, or the database is away. */
  private async broken(held: HeldLane, { everyMs }: Polled, error: unknown): Promise<void> {
    if (refusalOf(error) === 'guard') return; // somebody else goes on with it
    const { lane } = held;
    this.log.warn({ event: 'poll.not-written', endpoint: lane.endpoint, channel: lane.channel, err: error, message: 'what was fetched could not be stored; it will be fetched again' });
    const afterMs = afterFailureMs(everyMs, held.failuresInRow + 1, null, Math.random());
    await commitPollFailure(this.database.worker, lane, 'What was fetched could not be stored.', afterMs)
      .catch(() => { this.orphans.push(lane); });
  }
}

const placeOf = (endpoint: LiveEndpoint, channel: string): PollPlace => ({ organization: endpoint.organization as PollPlace['organization'], endpoint: endpoint.id, channel });

const keyOf = ({ organization, endpoint, channel }: PollPlace): string => `${organization} ${endpoint} ${channel}`;

/** A sentence as a column holds it. */
const sentence = (text: string | null): string | null => (text === null ? null : text.replaceAll('\0', '').slice(0, 500).toWellFormed());
