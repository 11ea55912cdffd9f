/** When an endpoint's circuit opens and for how long; times in milliseconds. */
export interface CircuitSettings {
  /** Least number of outcomes in the window. */
  readonly outcomes: number;
  readonly windowMs: number;
  readonly openMs: number;
  readonly mostOpenMs: number;
  /** After this a probe whose end nobody reported is taken for lost. */
  readonly probeMs: number;
}

export const DEFAULT_CIRCUIT: CircuitSettings = {
  outcomes: 10,
  windowMs: 30_000,
  openMs: 15_000,
  mostOpenMs: 300_000,
  probeMs: 75_000,
};

/** Outcomes of one slice of the window. */
interface Slice {
  readonly startMs: number;
  readonly total: number;
  readonly failed: number;
}

/** The state of an endpoint's circuit, a value. Closed: calls flow. Open: none until an instant. Probing: one is out. */
export type Circuit =
  | { readonly state: 'closed'; readonly slices: readonly Slice[]; readonly failedInRow: number }
  | { readonly state: 'open'; readonly untilMs: number; readonly openMs: number }
  | { readonly state: 'probing'; readonly sinceMs: number; readonly openMs: number };

export const CLOSED_CIRCUIT: Circuit = { state: 'closed', slices: [], failedInRow: 0 };

/** The window is counted in this many slices, so that its cost does not grow with the traffic. */
const SLICES = 30;

/** Failures in a row that open it as well, as a multiple of the least number of outcomes. */
const IN_ROW_FACTOR = 2;

/** Whether a call may start now: freely, as the one probe, or not at all. */
export function admission(circuit: Circuit, nowMs: number, settings = DEFAULT_CIRCUIT): 'free' | 'probe' | 'no' {
  switch (circuit.state) {
    case 'closed':
      return 'free';
    case 'open':
      return nowMs >= circuit.untilMs ? 'probe' : 'no';
    case 'probing':
      return nowMs >= circuit.sinceMs + settings.probeMs ? 'probe' : 'no';
  }
}

/** The circuit once its probe is on its way; unchanged where no probe is due. */
export function beginProbe(circuit: Circuit, nowMs: number, settings = DEFAULT_CIRCUIT): Circuit {
  if (circuit.state === 'closed' || admission(circuit, nowMs, settings) !== 'probe') return circuit;
  return { state: 'probing', sinceMs: nowMs, openMs: circuit.openMs };
}

/** How calls ended since one last looked: how many, how many of them failed, and how many of the last ones in a row. */
export interface Tally {
  readonly total: number;
  readonly failed: number;
  readonly failedInRow: number;
}

export const NO_CALLS: Tally = { total: 0, failed: 0, failedInRow: 0 };

/** Both together; `later` came after `earlier`. */
export function addTallies(earlier: Tally, later: Tally): Tally {
  return {
    total: earlier.total + later.total, failed: earlier.failed + later.failed,
    failedInRow: later.failedInRow === later.total ? earlier.failedInRow + later.total : later.failedInRow,
  };
}

/** One call as a tally; `failed` means that its outcome speaks against the endpoint as a whole. */
export const tallyOf = (failed: boolean): Tally => ({ total: 1, failed: failed ? 1 : 0, failedInRow: failed ? 1 : 0 });

/** The circuit after calls ended. Where it is not closed, they began before it opened and say nothing new: only its probe moves it. */
export function recordOutcomes(circuit: Circuit, calls: Tally, nowMs: number, settings = DEFAULT_CIRCUIT): Circuit {
  if (circuit.state !== 'closed' || calls.total === 0) return circuit;
  const sliceMs = settings.windowMs / SLICES;
  const startMs = Math.floor(nowMs / sliceMs) * sliceMs;
  const recent = circuit.slices.filter((slice) => slice.startMs > nowMs - settings.windowMs && slice.startMs !== startMs);
  const current = circuit.slices.find((slice) => slice.startMs === startMs) ?? { startMs, total: 0, failed: 0 };
  const slices = [...recent, { startMs, total: current.total + calls.total, failed: current.failed + calls.failed }];
  const total = slices.reduce((sum, slice) => sum + slice.total, 0);
  const failures = slices.reduce((sum, slice) => sum + slice.failed, 0);
  // Where thousands went well a moment ago, half of the window would be thousands of calls to a system that is down.
  const before = recent.length === 0 && current.total === 0 ? 0 : circuit.failedInRow;
  const { failedInRow } = addTallies({ ...NO_CALLS, failedInRow: before }, calls);
  const opens = failedInRow > 0 && total >= settings.outcomes && (failures * 2 >= total || failedInRow >= settings.outcomes * IN_ROW_FACTOR);
  return opens ? opened(settings.openMs, nowMs) : { state: 'closed', slices, failedInRow };
}

/** How a probe ended; `unused`: no call was made after all. */
export type ProbeEnd = 'succeeded' | 'failed' | 'unused';

/** The circuit after its probe ended; unchanged where none is out. */
export function endProbe(circuit: Circuit, end: ProbeEnd, nowMs: number, settings = DEFAULT_CIRCUIT): Circuit {
  if (circuit.state !== 'probing') return circuit;
  switch (end) {
    case 'succeeded': return CLOSED_CIRCUIT;
    case 'failed': return opened(Math.min(circuit.openMs * 2, settings.mostOpenMs), nowMs);
    case 'unused': return { state: 'open', untilMs: nowMs, openMs: circuit.openMs };
  }
}

function opened(openMs: number, nowMs: number): Circuit {
  return { state: 'open', untilMs: nowMs + openMs, openMs };
}
