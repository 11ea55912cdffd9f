import { DestroyRef, Injectable, inject, signal } from '@angular/core';

const TICK_MS = 1_000;

/** The present instant as a signal that moves once a second while the page is seen. */
@Injectable({ providedIn: 'root' })
export class Present {
  private readonly at = signal(Date.now());
  readonly now = this.at.asReadonly();

  constructor() {
    const timer = setInterval(() => {
      if (document.visibilityState === 'visible') this.at.set(Date.now());
    }, TICK_MS);
    inject(DestroyRef).onDestroy(() => { clearInterval(timer); });
  }
}
