import { setTimeout as sleep } from 'node:timers/promises';

/** Looks begin no closer together than this, in milliseconds. */
const APART_MS = 100;

/**
 * A look into the database for what is not known here: another instance may have just made it. All who ask meanwhile share one look, and each gets
 * one that began after it asked; however many ask for what does not exist, the database is asked ten times a second.
 */
export class LateLook {
  private next: Promise<void> | null = null;
  private beganAt = Number.NEGATIVE_INFINITY;
  private current: Promise<void> = Promise.resolve();

  constructor(private readonly look: () => Promise<void>) {}

  /** Resolves after a look that began after this call; fails as that look does. */
  again(): Promise<void> {
    this.next ??= this.begin();
    return this.next;
  }

  private async begin(): Promise<void> {
    await this.current.catch(() => undefined); // whoever asked for that one was told
    const waitMs = this.beganAt + APART_MS - performance.now();
    if (waitMs > 0) await sleep(waitMs);
    this.beganAt = performance.now();
    this.next = null;
    this.current = this.look();
    await this.current;
  }
}
