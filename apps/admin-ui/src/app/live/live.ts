import { DestroyRef, Injectable, inject, signal } from '@angular/core';

const EVENTS = '/api/v1/events';
const POLL_MS = 4_000;
/** Many things may happen in a second; a screen reads at most this often. */
const CALM_MS = 700;

export type LiveMode = 'stream' | 'polling' | 'away';

/**
 * One stream of server-sent events for the whole console. `tick` moves when anything happened; screens that show live rows
 * read again then. A server without the stream is asked regularly instead, while the page is seen.
 */
@Injectable({ providedIn: 'root' })
export class Live {
  private readonly ticks = signal(0);
  private readonly how = signal<LiveMode>('away');
  private source: EventSource | undefined;
  private poll: ReturnType<typeof setInterval> | undefined;
  private pending: ReturnType<typeof setTimeout> | undefined;

  readonly tick = this.ticks.asReadonly();
  readonly mode = this.how.asReadonly();

  constructor() {
    inject(DestroyRef).onDestroy(() => { this.stop(); });
  }

  /** Opens the stream; the shell does this once someone is signed in. */
  start(): void {
    if (this.source !== undefined || this.poll !== undefined) return;
    if (typeof EventSource === 'undefined') { this.startPolling(); return; }
    const source = new EventSource(EVENTS);
    this.source = source;
    source.onopen = () => { this.how.set('stream'); };
    source.onmessage = () => { this.moveSoon(); };
    for (const kind of ['message', 'delivery', 'endpoint', 'rule', 'conversation']) source.addEventListener(kind, () => { this.moveSoon(); });
    source.onerror = () => {
      // CLOSED: the answer was no stream (404, 401), the browser does not try again. CONNECTING: it does.
      if (source.readyState === EventSource.CLOSED) { this.source = undefined; this.startPolling(); } else this.how.set('away');
    };
  }

  stop(): void {
    this.source?.close();
    this.source = undefined;
    clearInterval(this.poll);
    this.poll = undefined;
    clearTimeout(this.pending);
    this.pending = undefined;
    this.how.set('away');
  }

  private startPolling(): void {
    this.how.set('polling');
    this.poll = setInterval(() => {
      if (document.visibilityState === 'visible') this.ticks.update((count) => count + 1);
    }, POLL_MS);
  }

  private moveSoon(): void {
    this.pending ??= setTimeout(() => {
      this.pending = undefined;
      this.ticks.update((count) => count + 1);
    }, CALM_MS);
  }
}
