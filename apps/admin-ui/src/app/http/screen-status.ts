import { type ResourceRef, type Signal, computed } from '@angular/core';
import type { ScreenStatus } from '../ui/screen-frame';
import { isMissing, problemText } from './problem-text';

/** What a screen about one thing has to show, from its resource and the last value that this had. */
export function screenStatus<T>(resource: ResourceRef<T | undefined>, latest: Signal<T | undefined>): Signal<ScreenStatus> {
  return computed(() => {
    const failure = resource.error();
    if (failure !== undefined && isMissing(failure)) return 'missing';
    if (latest() !== undefined) return 'ready';
    return failure === undefined ? 'loading' : 'failed';
  });
}

/** Why the last reading failed, as a sentence. */
export function failureOf<T>(resource: ResourceRef<T | undefined>): Signal<string | undefined> {
  return computed(() => {
    const failure = resource.error();
    return failure === undefined ? undefined : problemText(failure);
  });
}
