import { Injectable, Logger } from '@nestjs/common';
import { failpoint, GroupCommit, Instance, METRICS, StageHub, TRACES, TRAFFIC } from '../../queue/index.js';
import { Database } from '../../store/database.js';
import { acceptMessages, routeLanesOf, type AcceptedRaw, type Placed } from '../../store/pipeline/accept.js';
import { writeAttachments } from '../../store/pipeline/attachment.js';
import { cutAtReferences } from '../../store/pipeline/cut-at-references.js';
import { receiveRequests, type ReceivedRequest } from '../../store/pipeline/receive-lanes.js';
import { findFirstRequests, forgetRequests, repeatKeyText, type RepeatKey, type RequestKey } from '../../store/pipeline/repeat.js';
import { isDeadlock, refusalOf } from '../../store/pipeline/statement.js';
import { uuidTimeMs } from '../../store/pipeline/uuid.js';
import { Problem } from '../../web/index.js';
import type { ReadMessage } from './accepted.js';
import { Pace } from './pace.js';

/** Something that arrived and was checked, on its way into the store. */
export type Arrival =
  | { readonly kind: 'canonical'; readonly read: ReadMessage; readonly raw: AcceptedRaw }
  | { readonly kind: 'mapped'; readonly request: ReceivedRequest };

/** What the sender is told. */
export interface Acceptance {
  readonly messageId: string;
  readonly replayed: boolean;
}

const BATCH = { maxItems: 128, maxWaitMs: 4, inFlight: 1 };
/** Rounds in which a batch may meet keys that others have just taken, or conversations that have just become part of others. */
const MOST_ROUNDS = 6;

function traceArrival(arrival: Arrival, startMs: number, outcome: Acceptance | Problem): void {
  const { organization, endpoint, entityType } = arrival.kind === 'canonical' ? arrival.read.accepted : arrival.request;
  const attributes = { 'parley.organization': organization, 'parley.endpoint': endpoint, 'parley.entity_type': entityType };
  if (outcome instanceof Problem) TRACES.record({ name: 'accept', message: idOf(arrival), startMs, endMs: Date.now(), attributes, error: outcome.message });
  // A repeat is part of the first one's trace, which was told already.
  else if (!outcome.replayed) TRACES.record({ name: 'accept', message: idOf(arrival), startMs, endMs: Date.now(), attributes, error: null });
}

/** Accepts what arrives: group commit, repeats answered alike, conversations found or begun. An answer means: committed. */
@Injectable()
export class IngestService {
  private readonly log = new Logger('ingest');
  private readonly pace: Pace;
  private readonly batches: GroupCommit<Arrival, Acceptance | Problem>;

  constructor(private readonly database: Database, private readonly hub: StageHub, private readonly instance: Instance) {
    this.pace = new Pace(hub);
    this.batches = new GroupCommit((arrivals) => this.write(arrivals), BATCH, organizationOf);
  }

  /** Stores an arrival; throws a problem where its key was used for something else, or the store does not answer. */
  async accept(arrival: Arrival): Promise<Acceptance> {
    const startMs = TRACES.isOn ? Date.now() : 0;
    const outcome = await this.batches.add(arrival);
    if (TRACES.isOn) traceArrival(arrival, startMs, outcome);
    if (outcome instanceof Problem) throw outcome;
    return outcome;
  }

  private async write(arrivals: readonly Arrival[]): Promise<(Acceptance | Problem)[]> {
    await this.pace.admit();
    const outcomes = new Map<Arrival, Acceptance | Problem>();
    const firsts = new Map<string, Arrival>();
    const repeats: [Arrival, Arrival][] = [];
    for (const arrival of arrivals) {
      const key = keyOf(arrival);
      const first = key === null ? undefined : firsts.get(key);
      if (first !== undefined) repeats.push([arrival, first]);
      else if (key !== null) firsts.set(key, arrival);
    }
    const repeated = new Set(repeats.map(([arrival]) => arrival));
    const once = arrivals.filter((arrival) => !repeated.has(arrival));
    for (const part of partsOf(once)) await this.store(part, outcomes);
    await failpoint('ingest.before-answer');
    for (const [arrival, first] of repeats) {
      const outcome = outcomes.get(first)!;
      outcomes.set(arrival, outcome instanceof Problem ? outcome : answerRepeat(arrival, outcome.messageId, hashOf(first)));
    }
    return arrivals.map((arrival) => outcomes.get(arrival)!);
  }

  /** Stores arrivals together; what a refusal is about is found by halving. */
  private async store(arrivals: readonly Arrival[], outcomes: Map<Arrival, Acceptance | Problem>): Promise<void> {
    let rest = arrivals;
    for (let round = 1; rest.length > 0; round++) {
      try {
        await this.writeOnce(rest);
        for (const arrival of rest) outcomes.set(arrival, { messageId: idOf(arrival), replayed: false });
        return;
      } catch (error) {
        const refusal = refusalOf(error);
        if ((refusal === 'unique' || refusal === 'guard' || isDeadlock(error)) && round < MOST_ROUNDS) {
          rest = await this.withoutRepeats(rest, outcomes);
        } else if (refusal === 'row' && rest.length > 1) {
          const middle = rest.length >> 1;
          await this.store(rest.slice(0, middle), outcomes);
          await this.store(rest.slice(middle), outcomes);
          return;
        } else {
          this.refuse(rest, refusal === 'row', error, outcomes);
          return;
        }
      }
    }
  }

  private refuse(arrivals: readonly Arrival[], isContent: boolean, error: unknown, outcomes: Map<Arrival, Acceptance | Problem>): void {
    this.log.error({ event: 'ingest.failed', arrivals: arrivals.length, err: error, message: 'arrivals could not be stored' });
    const problem = isContent
      ? new Problem(422, 'cannot-be-stored', 'The body holds something that the database cannot store.', { cause: error })
      : new Problem(503, 'store-unavailable', 'The message could not be stored; send it again.', { headers: { 'retry-after': '2' }, cause: error });
    for (const arrival of arrivals) outcomes.set(arrival, problem);
  }

  /** Answers those whose key somebody else has used; a key whose time is over is given back, and a ticket key that somebody else has just made is found next time. */
  private async withoutRepeats(arrivals: readonly Arrival[], outcomes: Map<Arrival, Acceptance | Problem>): Promise<Arrival[]> {
    const keyed = arrivals.flatMap((arrival) => (repeatKeyOf(arrival) === null ? [] : [repeatKeyOf(arrival)!]));
    const first = await findFirstRequests(this.database.worker, keyed);
    const over: (ArrivalKey & { readonly messageId: string })[] = [];
    const left = arrivals.filter((arrival) => {
      const key = repeatKeyOf(arrival);
      const known = key === null ? undefined : first.get(repeatKeyText(key));
      if (key === null || known === undefined) return true;
      const isOver = key.forMs !== undefined && uuidTimeMs(idOf(arrival)) - uuidTimeMs(known.messageId) > key.forMs;
      if (isOver) over.push({ ...key, messageId: known.messageId });
      else outcomes.set(arrival, answerRepeat(arrival, known.messageId, known.bodyHash));
      return isOver;
    });
    await forgetRequests(this.database.worker, over);
    return left;
  }

  private async writeOnce(arrivals: readonly Arrival[]): Promise<void> {
    await failpoint('ingest.before-commit');
    const canonical = arrivals.filter((arrival) => arrival.kind === 'canonical');
    const mapped = arrivals.filter((arrival) => arrival.kind === 'mapped');
    if (canonical.length > 0) this.goOn(canonical, await this.writeCanonical(canonical));
    if (mapped.length > 0) {
      await receiveRequests(this.database.worker, mapped.map((arrival) => arrival.request));
      await failpoint('ingest.after-commit');
      this.hub.left('normalize');
    }
  }

  /** Writes messages with their places; under a claim where the route stage runs here. */
  private writeCanonical(arrivals: readonly (Arrival & { kind: 'canonical' })[]): Promise<{ placed: Placed[]; claim: bigint | null }> {
    if (!this.hub.runs('route') || !this.instance.mayWork()) return this.place(arrivals, null);
    return this.instance.claiming((claim) => this.place(arrivals, claim));
  }

  private async place(arrivals: readonly (Arrival & { kind: 'canonical' })[], claim: bigint | null): Promise<{ placed: Placed[]; claim: bigint | null }> {
    const messages = arrivals.map((arrival) => arrival.read.accepted);
    const raws = arrivals.map((arrival) => arrival.raw);
    const attachments = arrivals.flatMap((arrival) => arrival.read.attachments);
    const placed = attachments.length === 0 ? await acceptMessages(this.database.worker, messages, claim, raws) : await this.database.asWorker(async (client) => {
      const inOrder = await acceptMessages(client, messages, claim, raws);
      await writeAttachments(client, attachments);
      return inOrder;
    });
    await failpoint('ingest.after-commit');
    return { placed, claim };
  }

  /** Hands the lanes that were taken to the route stage; what another process holds, it will see. */
  private goOn(arrivals: readonly (Arrival & { kind: 'canonical' })[], { placed, claim }: { placed: readonly Placed[]; claim: bigint | null }): void {
    const contradicted = placed.filter((place) => place.isContradicted).length;
    if (contradicted > 0) METRICS.conflicts.inc(contradicted);
    for (const { read: { accepted } } of arrivals) TRAFFIC.received(accepted.organization, accepted.endpoint);
    if (claim === null) {
      this.hub.left('route');
      return;
    }
    const messages = arrivals.map((arrival) => arrival.read.accepted);
    this.hub.hand('route', routeLanesOf(placed, messages, claim, (i) => ({ body: arrivals[i]!.raw.body, message: arrivals[i]!.read.message })));
  }
}

/** Whoever floods waits for its own: each write takes from every organization that has something. */
const organizationOf = (arrival: Arrival): string => (arrival.kind === 'canonical' ? arrival.read.accepted : arrival.request).organization;

const idOf = (arrival: Arrival): string => {
  switch (arrival.kind) {
    case 'canonical': return arrival.read.accepted.id;
    case 'mapped': return arrival.request.id;
  }
};

type ArrivalKey = RepeatKey & RequestKey;

function repeatKeyOf(arrival: Arrival): ArrivalKey | null {
  const raw = arrival.kind === 'mapped' ? arrival.request : arrival.raw;
  if (raw.key === null) return null;
  const { organization, endpoint } = arrival.kind === 'canonical' ? arrival.read.accepted : arrival.request;
  return { organization, endpoint, ...raw.key };
}

const keyOf = (arrival: Arrival): string | null => {
  const key = repeatKeyOf(arrival);
  return key === null ? null : repeatKeyText(key);
};

const hashOf = (arrival: Arrival): Uint8Array => repeatKeyOf(arrival)?.bodyHash ?? new Uint8Array(0);

function answerRepeat(arrival: Arrival, messageId: string, firstHash: Uint8Array): Acceptance | Problem {
  if (Buffer.compare(hashOf(arrival), firstHash) === 0) return { messageId, replayed: true };
  return new Problem(422, 'idempotency-key-reused', 'This idempotency key was used for a request with another body.');
}

/** Parts that are stored by one write each: by kind, and cut where a message refers to a ticket that an earlier one brings. */
function partsOf(arrivals: readonly Arrival[]): Arrival[][] {
  const mapped = arrivals.filter((arrival) => arrival.kind === 'mapped');
  const canonical = arrivals.filter((arrival) => arrival.kind === 'canonical');
  return [...(mapped.length === 0 ? [] : [mapped]), ...cutAtReferences(canonical, (arrival) => arrival.read.accepted)];
}
