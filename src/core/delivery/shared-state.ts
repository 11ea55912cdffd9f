import { admission, beginProbe, type Circuit, type CircuitSettings, CLOSED_CIRCUIT, endProbe, type ProbeEnd, recordOutcomes, type Tally } from './circuit.js';
import { readHolders, takeSlots, type SlotHolder, type SlotWish } from './slots.js';
import { fullBucket, takeTokens, type RateSettings, type TokenBucket } from './token-bucket.js';

/** What all instances know together of an endpoint that they send to, a value. Instants in milliseconds of one clock. */
export interface SharedState {
  readonly circuit: Circuit;
  /** Nothing is sent before: the endpoint asked for it. */
  readonly waitUntilMs: number;
  /** What is left of the rate limit; null: nobody has taken from it. */
  readonly bucket: TokenBucket | null;
  /** Who may make how many calls at once. */
  readonly slots: readonly SlotHolder[];
}

export const FRESH_STATE: SharedState = { circuit: CLOSED_CIRCUIT, waitUntilMs: 0, bucket: null, slots: [] };

/** What one instance has to tell of an endpoint. */
export interface Report {
  /** Calls that ended, a probe not among them. */
  readonly calls: Tally;
  /** How its probe ended; null: it had none, or it is still out. */
  readonly probeEnd: ProbeEnd | null;
  /** What the endpoint asked for; 0: nothing. */
  readonly waitUntilMs: number;
  /** Somebody says that the endpoint works again: what was known against it is forgotten. */
  readonly forgives: boolean;
}

/** What it asks for. */
export interface Wish {
  readonly probe: boolean;
  /** Calls that it could start now, for its part of the rate limit. */
  readonly tokens: number;
  /** What it needs of the slots. */
  readonly slots: Omit<SlotWish, 'instance'>;
}

/** Who asks, and when: on a clock that all instances share. */
export interface Moment {
  readonly nowMs: number;
  readonly instance: number;
  /** Instances that live. */
  readonly live: readonly number[];
}

export interface EndpointLimits {
  readonly circuit: CircuitSettings;
  readonly rate: RateSettings | null;
  /** Calls at once. */
  readonly slots: number;
}

export interface Turn {
  readonly state: SharedState;
  /** Whether the asker, and nobody else, makes the probe. */
  readonly probe: boolean;
  readonly tokens: number;
  /** In how many milliseconds there is the next token; 0 where there is one. */
  readonly tokenWaitMs: number;
  /** Calls that the asker may make at once. */
  readonly slots: number;
}

/** The state after an instance told its part. Pure: the same arguments give the same state. */
export function takeReport(state: SharedState, report: Report, limits: EndpointLimits, nowMs: number): SharedState {
  const before = report.forgives ? { ...FRESH_STATE, bucket: state.bucket, slots: state.slots } : state;
  const ended = report.probeEnd === null ? before.circuit : endProbe(before.circuit, report.probeEnd, nowMs, limits.circuit);
  return { circuit: recordOutcomes(ended, report.calls, nowMs, limits.circuit), waitUntilMs: Math.max(before.waitUntilMs, report.waitUntilMs), bucket: before.bucket, slots: before.slots };
}

/** One instance's turn with the state that all share: it tells, then takes what there is of what it asks for. A probe is given to one asker only. */
export function takeTurn(state: SharedState, { report, wish }: { readonly report: Report; readonly wish: Wish }, limits: EndpointLimits, { nowMs, instance, live }: Moment): Turn {
  const told = takeReport(state, report, limits, nowMs);
  const probe = wish.probe && nowMs >= told.waitUntilMs && admission(told.circuit, nowMs, limits.circuit) === 'probe';
  const circuit = probe ? beginProbe(told.circuit, nowMs, limits.circuit) : told.circuit;
  const { holders: slots, held } = takeSlots(told.slots, { ...wish.slots, instance }, limits.slots, live);
  if (limits.rate === null || wish.tokens === 0) return { state: { ...told, circuit, slots }, probe, tokens: 0, tokenWaitMs: 0, slots: held };
  const { bucket, taken, waitMs } = takeTokens(told.bucket ?? fullBucket(limits.rate, nowMs), limits.rate, wish.tokens, nowMs);
  return { state: { ...told, circuit, bucket, slots }, probe, tokens: taken, tokenWaitMs: waitMs, slots: held };
}

/** Reads a stored state; what it is not is taken for nothing known. */
export function readSharedState(stored: unknown): SharedState {
  if (typeof stored !== 'object' || stored === null) return FRESH_STATE;
  const { circuit, waitUntilMs, bucket, slots } = stored as Partial<SharedState>;
  return { circuit: isCircuit(circuit) ? circuit : CLOSED_CIRCUIT, waitUntilMs: typeof waitUntilMs === 'number' ? waitUntilMs : 0, bucket: bucket ?? null, slots: readHolders(slots) };
}

function isCircuit(value: Circuit | undefined): value is Circuit {
  switch (value?.state) {
    case 'closed': return Array.isArray(value.slices) && typeof value.failedInRow === 'number';
    case 'open': return typeof value.untilMs === 'number' && typeof value.openMs === 'number';
    case 'probing': return typeof value.sinceMs === 'number' && typeof value.openMs === 'number';
    default: return false;
  }
}
