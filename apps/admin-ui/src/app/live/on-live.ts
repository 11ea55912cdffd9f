import { effect, inject, untracked } from '@angular/core';
import { Live } from './live';

/** Calls `read` whenever something happened on the server; for use where injection is possible. Not called at the start. */
export function onLive(read: () => void): void {
  const live = inject(Live);
  let last = untracked(live.tick);
  effect(() => {
    const tick = live.tick();
    if (tick === last) return;
    last = tick;
    untracked(read);
  });
}
