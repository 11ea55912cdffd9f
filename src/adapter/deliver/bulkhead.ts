import { addTallies, admission, NO_CALLS, tallyOf, type Circuit, type ProbeEnd } from '../../core/delivery/circuit.js';
import { FRESH_STATE, takeReport, type EndpointLimits, type Report, type SharedState, type Turn, type Wish } from '../../core/delivery/shared-state.js';
import type { DeliveryLane } from '../../store/pipeline/lane.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { HeldSlots } from './held-slots.js';

/** A probe that nobody reported the end of is lost after the call's own limit and this. */
const PROBE_GRACE_MS = 15_000;
/** Lanes that an endpoint ends within this count as its own pace; what is beyond it waits for the endpoint. */
const OWN_PACE_MS = 300;
const MEASURE_MS = 100;
/** Calls of so long that are asked for at once, where there is a rate limit; they are to be used within as long again, or others may have them. */
const TOKENS_MS = 100;
const TOKENS_LAST_MS = 250;
/** Nobody asks for the same in vain more often than this. */
const ASK_AGAIN_MS = 50;
/** Who waits longer than this for a token does not take lanes meanwhile. */
const LONG_TOKEN_MS = 1_000;

/**
 * Whether a lane may start now: yes (as the circuit's probe or not), after so many milliseconds (infinite: when another one ends),
 * or all instances must be asked first.
 */
export type Start = { readonly kind: 'go'; readonly isProbe: boolean } | { readonly kind: 'wait'; readonly ms: number } | { readonly kind: 'ask' };

/** How a call ended, as the bulkhead sees it. */
export interface EndedCall {
  /** Whether it speaks against the endpoint as a whole. */
  readonly failed: boolean;
  readonly isProbe: boolean;
  /** For how long the endpoint asked to be left alone; null: it did not. */
  readonly retryAfterMs: number | null;
}

const NOTHING: Report = { calls: NO_CALLS, probeEnd: null, waitUntilMs: 0, forgives: false };

/**
 * What one endpoint may take at once: lanes in hand, which are this process's own; slots, circuit, rate and the pause it asked for, which all
 * instances share. Decisions are the core's; this holds the state as it was last heard of, and what this process has to add to it.
 * Instants are on the database's clock.
 */
export class Bulkhead {
  readonly waiting: DeliveryLane[] = [];
  running = 0;
  timer: NodeJS.Timeout | undefined;
  /** Lanes of it wait in the store, or may: nobody has looked yet. */
  isBehind = true;
  private stored: SharedState = FRESH_STATE;
  private state: SharedState = FRESH_STATE;
  /** To be told, and on its way. */
  private untold: Report = NOTHING;
  private telling: Report = NOTHING;
  private readonly slots = new HeldSlots();
  private probe: 'none' | 'ours' | 'out' = 'none';
  private tokens = 0;
  private tokensUntilMs = 0;
  private noTokensBeforeMs = 0;
  private noProbeBeforeMs = 0;
  private streak = 0;
  private rate = 0;
  private ended = 0;
  private measuredMs = Number.NEGATIVE_INFINITY;

  constructor(readonly organization: string, readonly endpoint: string) {}

  get inHand(): number {
    return this.waiting.length + this.running;
  }

  /** Counts a delivery that came to its end. */
  noteEnd(): void {
    this.ended++;
  }

  /** Lanes in hand that wait for this process rather than for the endpoint: as many as it has ended in a moment of late. `nowMs` is monotonic. */
  pressing(nowMs: number): number {
    const elapsedMs = nowMs - this.measuredMs;
    if (elapsedMs >= MEASURE_MS) {
      // Smoothed over about a second.
      this.rate += ((this.ended * 1_000) / elapsedMs - this.rate) * Math.min(1, elapsedMs / 1_000);
      this.ended = 0;
      this.measuredMs = nowMs;
    }
    return Math.min(this.inHand, (this.rate * OWN_PACE_MS) / 1_000);
  }

  /** Asks to start one lane; a `go` has taken its token, and the probe where it is one. */
  start(endpoint: LiveEndpoint, nowMs: number): Start {
    if (this.running >= endpoint.delivery.slots) return WAIT_FOR_ANOTHER;
    const { waitUntilMs, circuit } = this.state;
    if (nowMs < waitUntilMs) return { kind: 'wait', ms: waitUntilMs - nowMs };
    const { rate, circuit: settings } = limitsOf(endpoint);
    const admitted = this.probe === 'ours' ? 'free' : admission(circuit, nowMs, settings);
    if (admitted === 'no') return this.waitForCircuit(circuit, settings.probeMs, nowMs);
    if (admitted === 'probe' && nowMs < this.noProbeBeforeMs) return { kind: 'wait', ms: this.noProbeBeforeMs - nowMs };
    if (rate !== null && !this.hasToken(nowMs)) return nowMs < this.noTokensBeforeMs ? { kind: 'wait', ms: this.noTokensBeforeMs - nowMs } : { kind: 'ask' };
    if (admitted === 'probe') return { kind: 'ask' };
    const slot = this.slots.mayStart(this.running, endpoint.delivery.slots, nowMs);
    if (slot === 'ask') return { kind: 'ask' };
    if (slot !== 'yes') return { kind: 'wait', ms: slot };
    if (rate !== null) this.tokens--;
    if (this.probe !== 'ours') return { kind: 'go', isProbe: false };
    this.probe = 'out';
    return { kind: 'go', isProbe: true };
  }

  private waitForCircuit(circuit: Circuit, probeMs: number, nowMs: number): Start {
    switch (circuit.state) {
      case 'closed': return { kind: 'ask' };
      case 'open': return { kind: 'wait', ms: circuit.untilMs - nowMs };
      // Our own probe wakes us when it ends; of another's we hear some time.
      case 'probing': return this.probe === 'out' ? WAIT_FOR_ANOTHER : { kind: 'wait', ms: circuit.sinceMs + probeMs - nowMs };
    }
  }

  private hasToken(nowMs: number): boolean {
    return this.tokens >= 1 && nowMs < this.tokensUntilMs;
  }

  /** Whether lanes of this endpoint are worth claiming. */
  mayClaim(endpoint: LiveEndpoint, nowMs: number): boolean {
    if (nowMs < this.state.waitUntilMs || this.noTokensBeforeMs - nowMs > LONG_TOKEN_MS || this.slots.refusedForMs(nowMs) > LONG_TOKEN_MS) return false;
    return this.probe === 'ours' || admission(this.state.circuit, nowMs, limitsOf(endpoint).circuit) !== 'no';
  }

  /** Records how a call ended; answers what is worth a log line, and whether others must hear of it at once. */
  record(endpoint: LiveEndpoint, { failed, isProbe, retryAfterMs }: EndedCall, nowMs: number): { readonly told: 'first-failure' | 'recovered' | 'opened' | null; readonly isUrgent: boolean } {
    const before = this.state.circuit.state;
    if (isProbe) this.endProbe(failed ? 'failed' : 'succeeded');
    else if (before === 'closed') this.untold = { ...this.untold, calls: addTallies(this.untold.calls, tallyOf(failed)) };
    if (retryAfterMs !== null) this.untold = { ...this.untold, waitUntilMs: Math.max(this.untold.waitUntilMs, nowMs + retryAfterMs) };
    this.settle(endpoint, nowMs);
    const streak = this.streak;
    this.streak = failed ? streak + 1 : 0;
    const opened = this.state.circuit.state === 'open' && before !== 'open';
    const told = opened ? 'opened' : failed ? (streak === 0 ? 'first-failure' : null) : streak > 0 ? 'recovered' : null;
    return { told, isUrgent: opened || isProbe || retryAfterMs !== null };
  }

  /** The lane that was to be the probe made no call: another may be it. */
  dropProbe(): void {
    this.endProbe('unused');
  }

  /** This process starts nothing any more: a probe that it was given and has not sent is another's. */
  leave(): void {
    if (this.probe === 'ours') this.endProbe('unused');
  }

  private endProbe(end: ProbeEnd): void {
    this.probe = 'none';
    this.untold = { ...this.untold, probeEnd: end };
  }

  /** Forgets what speaks against the endpoint: somebody says that it works again. */
  forgive(): void {
    this.untold = { ...NOTHING, forgives: true };
    this.telling = NOTHING;
    this.probe = 'none';
    this.state = { ...FRESH_STATE, bucket: this.stored.bucket, slots: this.stored.slots };
    this.noTokensBeforeMs = this.noProbeBeforeMs = 0;
    this.streak = 0;
  }

  /** This process's claims are gone: what it held is others'. Answers the lanes that waited. */
  forget(): DeliveryLane[] {
    this.slots.forget();
    return this.waiting.splice(0);
  }

  /** Whether slots that nothing has used for a while are to be given back. */
  isIdle(nowMs: number): boolean {
    return this.slots.isIdle(this.inHand, nowMs);
  }

  /** Whether there is something to tell. */
  get hasNews(): boolean {
    const { calls, probeEnd, waitUntilMs, forgives } = this.untold;
    return this.slots.isOwing || calls.total > 0 || probeEnd !== null || waitUntilMs > 0 || forgives;
  }

  /** What is to be told and asked for now; `heard` or `unheard` must follow. */
  tell(endpoint: LiveEndpoint, nowMs: number): { readonly report: Report; readonly wish: Wish } {
    this.telling = this.untold;
    this.untold = NOTHING;
    const { rate, circuit } = limitsOf(endpoint);
    const asks = this.waiting.length > 0 && nowMs >= this.state.waitUntilMs;
    const free = Math.max(0, endpoint.delivery.slots - this.running);
    this.slots.tell(this.running);
    return {
      report: this.telling,
      wish: {
        probe: asks && free > 0 && this.probe === 'none' && admission(this.state.circuit, nowMs, circuit) === 'probe',
        tokens: asks && rate !== null && !this.hasToken(nowMs) ? Math.min(this.waiting.length, Math.max(free, Math.ceil((rate.perSecond * TOKENS_MS) / 1_000))) : 0,
        slots: { running: this.running, wants: Math.min(endpoint.delivery.slots, this.running + (asks ? this.waiting.length : 0)) },
      },
    };
  }

  /** Takes over what came of it. */
  heard(endpoint: LiveEndpoint, turn: Turn, wish: Wish, nowMs: number): void {
    this.telling = NOTHING;
    this.stored = turn.state;
    this.slots.heard(turn.slots, wish.slots.wants, nowMs);
    if (turn.probe) this.probe = 'ours';
    else if (wish.probe) this.noProbeBeforeMs = nowMs + ASK_AGAIN_MS;
    if (wish.tokens > 0) {
      this.tokens = turn.tokens;
      this.tokensUntilMs = nowMs + TOKENS_LAST_MS;
      this.noTokensBeforeMs = turn.tokens < wish.tokens ? nowMs + Math.max(turn.tokenWaitMs, ASK_AGAIN_MS) : 0;
    }
    this.settle(endpoint, nowMs);
  }

  /** Nobody heard it: it is told again. */
  unheard(nowMs: number): void {
    const [earlier, later] = [this.telling, this.untold];
    this.telling = NOTHING;
    this.untold = later.forgives ? later : addReports(earlier, later);
    this.noTokensBeforeMs = this.noProbeBeforeMs = nowMs + TOKENS_LAST_MS;
    this.slots.unheard(nowMs);
  }

  /** Takes over what another instance told. */
  learn(endpoint: LiveEndpoint, stored: SharedState, nowMs: number): void {
    this.stored = stored;
    this.slots.isOwing = this.slots.isAny && stored.slots.some(({ held, wants }) => held < wants);
    this.settle(endpoint, nowMs);
  }

  /** The state is what all know, and what this process has not told yet. */
  private settle(endpoint: LiveEndpoint, nowMs: number): void {
    this.state = takeReport(this.stored, addReports(this.telling, this.untold), limitsOf(endpoint), nowMs);
  }

  get circuitState(): Circuit['state'] {
    return this.state.circuit.state;
  }
}

const WAIT_FOR_ANOTHER: Start = { kind: 'wait', ms: Number.POSITIVE_INFINITY };

const addReports = (earlier: Report, later: Report): Report => ({
  calls: addTallies(earlier.calls, later.calls), probeEnd: later.probeEnd ?? earlier.probeEnd, waitUntilMs: Math.max(earlier.waitUntilMs, later.waitUntilMs),
  forgives: earlier.forgives || later.forgives,
});

/** What the shared state of an endpoint is decided with. */
export const limitsOf = (endpoint: LiveEndpoint): EndpointLimits =>
  ({ circuit: { ...endpoint.delivery.circuit, probeMs: endpoint.delivery.limits.totalMs + PROBE_GRACE_MS }, rate: endpoint.delivery.rate, slots: endpoint.delivery.slots });
