import { type ResourceRef, type Signal, linkedSignal } from '@angular/core';

/** The last value that a resource had for the same thing: stays while it is read again and when that fails, so that nothing flickers. */
export function latestOf<T>(resource: ResourceRef<T | undefined>, thing: () => unknown = () => undefined): Signal<T | undefined> {
  return linkedSignal<{ thing: unknown; value: T | undefined }, T | undefined>({
    source: () => ({ thing: thing(), value: resource.hasValue() ? resource.value() : undefined }),
    computation: (source, previous) => source.value ?? (previous !== undefined && Object.is(previous.source.thing, source.thing) ? previous.value : undefined),
  }).asReadonly();
}
