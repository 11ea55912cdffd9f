/** How long a look-up may be believed; other instances see a revoked credential at most this much later. */
const BELIEVED_MS = 10_000;
const MOST = 10_000;

interface Kept<T> {
  readonly value: T;
  readonly until: number;
}

/**
 * Positive look-ups of credentials, by hash. Refusals are not kept: a new credential works at once.
 * Look-ups of one key that come at once share one question to the database.
 */
export class CredentialCache<T> {
  private readonly kept = new Map<string, Kept<T>>();
  private readonly asked = new Map<string, Promise<T | null>>();
  private generation = 0;

  /** A look-up that is still believed. Costs one Map read. */
  peek(key: string): T | undefined {
    const found = this.kept.get(key);
    if (found === undefined) return undefined;
    if (found.until > performance.now()) return found.value;
    this.kept.delete(key);
    return undefined;
  }

  /** The believed value, else the answer of `ask`. */
  async get(key: string, ask: () => Promise<T | null>): Promise<T | null> {
    const known = this.peek(key);
    if (known !== undefined) return known;
    let question = this.asked.get(key);
    if (question === undefined) {
      question = this.ask(key, ask);
      this.asked.set(key, question);
    }
    return question;
  }

  /** Forgets everything: a credential was changed here. */
  clear(): void {
    this.generation += 1;
    this.kept.clear();
    this.asked.clear();
  }

  private async ask(key: string, ask: () => Promise<T | null>): Promise<T | null> {
    const generation = this.generation;
    try {
      const value = await ask();
      // What was asked before a change must not be believed after it.
      if (value !== null && generation === this.generation) {
        if (this.kept.size >= MOST) this.kept.delete(this.kept.keys().next().value!);
        this.kept.set(key, { value, until: performance.now() + BELIEVED_MS });
      }
      return value;
    } finally {
      if (generation === this.generation) this.asked.delete(key);
    }
  }
}
