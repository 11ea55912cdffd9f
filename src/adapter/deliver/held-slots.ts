/** Who is refused asks again so soon, and after some refusals so late that others do its work meanwhile. */
const ASK_AGAIN_MS = 250;
const PATIENT_ASKS = 8;
const GIVE_UP_MS = 2_000;
/** Slots that nothing uses for so long go back. */
const IDLE_MS = 2_000;

/** What one instance holds of an endpoint's slots, as it was last told. Instants in milliseconds of one clock. */
export class HeldSlots {
  private held = 0;
  private wanted = 0;
  private askAfterMs = 0;
  private refusals = 0;
  private idleSinceMs: number | null = null;
  private isTelling = false;
  /** Others want what we may hold too much of. */
  isOwing = false;

  /** Whether a call may begin beside those under way: 'yes', after asking the others, when another ends or the others have answered (infinite), or in so many milliseconds. */
  mayStart(running: number, total: number, nowMs: number): 'yes' | 'ask' | number {
    if (running < Math.min(this.held, total)) return 'yes';
    if (this.isTelling) return Number.POSITIVE_INFINITY;
    if (nowMs >= this.askAfterMs) return 'ask';
    return running > 0 ? Number.POSITIVE_INFINITY : this.askAfterMs - nowMs;
  }

  /** For how long it is of no use to take lanes: others have all slots. */
  refusedForMs(nowMs: number): number {
    return this.held > 0 ? 0 : Math.max(0, this.askAfterMs - nowMs);
  }

  /** The others are being told how many calls are under way: what is held beyond that may be theirs before their answer is heard, if it ever is. */
  tell(running: number): void {
    this.held = Math.min(this.held, running);
    this.isTelling = true;
  }

  /** Takes over what came of asking for `wanted`. */
  heard(held: number, wanted: number, nowMs: number): void {
    this.isTelling = false;
    this.held = held;
    this.wanted = wanted;
    this.isOwing = false;
    this.refusals = held > 0 || wanted === 0 ? 0 : this.refusals + 1;
    this.askAfterMs = held >= wanted ? 0 : nowMs + (this.refusals > PATIENT_ASKS ? GIVE_UP_MS : ASK_AGAIN_MS);
  }

  unheard(nowMs: number): void {
    this.isTelling = false;
    this.askAfterMs = nowMs + ASK_AGAIN_MS;
  }

  /** Whether there is something to give back: nothing has been in hand for a while. */
  isIdle(inHand: number, nowMs: number): boolean {
    if (inHand > 0) this.idleSinceMs = null;
    else this.idleSinceMs ??= nowMs;
    return this.idleSinceMs !== null && nowMs - this.idleSinceMs >= IDLE_MS && this.held + this.wanted > 0;
  }

  get isAny(): boolean {
    return this.held > 0;
  }

  forget(): void {
    this.held = this.wanted = this.askAfterMs = this.refusals = 0;
  }
}
