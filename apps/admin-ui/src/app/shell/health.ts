import { HttpClient, HttpErrorResponse } from '@angular/common/http';
import { DestroyRef, Injectable, inject, signal } from '@angular/core';

export type Health = 'unknown' | 'ok' | 'degraded' | 'down' | 'away';

const ASK_MS = 15_000;

/** How the server is, from its readiness address, asked now and then while the page is seen. */
@Injectable({ providedIn: 'root' })
export class ServerHealth {
  private readonly http = inject(HttpClient);
  private readonly found = signal<Health>('unknown');
  readonly state = this.found.asReadonly();

  constructor() {
    this.ask();
    const timer = setInterval(() => { if (document.visibilityState === 'visible') this.ask(); }, ASK_MS);
    inject(DestroyRef).onDestroy(() => { clearInterval(timer); });
  }

  private ask(): void {
    this.http.get('/readyz', { responseType: 'text' }).subscribe({
      next: (body) => { this.found.set(body.includes('degraded') ? 'degraded' : 'ok'); },
      error: (failure: unknown) => { this.found.set(failure instanceof HttpErrorResponse && failure.status > 0 && failure.status !== 504 ? 'down' : 'away'); },
    });
  }
}
