import { type Signal, computed, linkedSignal, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { type Observable, type Subscription } from 'rxjs';
import { type ListStatus, listStatus } from '../ui/list-status';
import type { Page } from './page';
import { type Shown, mergeFresh, withMore, withWaiting } from './paged-rows';
import { problemText } from './problem-text';

export interface PagedListOptions<T, P> {
  /** Filters; a change reads the first page again. Undefined as long as they are not known: nothing is read. */
  readonly params: () => P | undefined;
  readonly filtered: () => boolean;
  readonly load: (params: P, cursor: string | undefined) => Observable<Page<T>>;
  readonly idOf: (item: T) => string;
}

/** A list with pages on the server: rows, where more of them are, and rows that arrived since and wait to be shown. */
export interface PagedList<T> {
  readonly rows: Signal<readonly T[]>;
  readonly waiting: Signal<number>;
  readonly status: Signal<ListStatus>;
  readonly failure: Signal<string | undefined>;
  readonly stale: Signal<boolean>;
  readonly hasMore: Signal<boolean>;
  readonly loadingMore: Signal<boolean>;
  reload(): void;
  more(): void;
  /** Reads the first page aside: rows that are shown change in place, new ones wait. */
  refresh(): void;
  showWaiting(): void;
}

/** Makes the list; to be called where injection is possible. */
export function pagedList<T, P>(options: PagedListOptions<T, P>): PagedList<T> {
  const first = rxResource({ params: () => { const wanted = options.params(); return wanted === undefined ? undefined : { wanted }; }, stream: ({ params }) => options.load(params.wanted, undefined) });
  const shown = linkedSignal<Page<T> | undefined, Shown<T> | undefined>({
    source: () => (first.hasValue() ? first.value() : undefined),
    computation: (page, previous) => (page === undefined ? previous?.value : { rows: page.items, waiting: [], nextCursor: page.nextCursor ?? null }),
  });
  const loadingMore = signal(false);
  const moreFailure = signal<string | undefined>(undefined);
  let aside: Subscription | undefined;

  const more = (): void => {
    const before = shown();
    const wanted = options.params();
    if (wanted === undefined || before?.nextCursor == null || loadingMore()) return;
    loadingMore.set(true);
    options.load(wanted, before.nextCursor).subscribe({
      next: (page) => {
        loadingMore.set(false);
        moreFailure.set(undefined);
        // The filters may have changed meanwhile; then this page belongs to another list.
        if (shown()?.nextCursor === before.nextCursor) shown.update((now) => (now === undefined ? now : withMore(now, page, options.idOf)));
      },
      error: (failure: unknown) => {
        loadingMore.set(false);
        moreFailure.set(problemText(failure));
      },
    });
  };

  const refresh = (): void => {
    const wanted = options.params();
    if (wanted === undefined || first.isLoading() || (aside !== undefined && !aside.closed)) return;
    aside = options.load(wanted, undefined).subscribe({
      next: (page) => {
        if (wanted === options.params()) shown.update((now) => mergeFresh(now, page, options.idOf));
      },
      error: () => undefined, // The next refresh tells; what is shown stays right as of its time.
    });
  };

  const error = computed(() => { const failure = first.error(); return failure === undefined ? moreFailure() : problemText(failure); });
  return {
    rows: computed(() => shown()?.rows ?? []),
    waiting: computed(() => shown()?.waiting.length ?? 0),
    status: computed(() => listStatus({ loading: first.isLoading() || options.params() === undefined, failed: first.error() !== undefined, count: shown()?.rows.length ?? 0, filtered: options.filtered() })),
    failure: error,
    stale: computed(() => first.isLoading() && shown() !== undefined),
    hasMore: computed(() => shown()?.nextCursor != null),
    loadingMore: loadingMore.asReadonly(),
    reload: () => { moreFailure.set(undefined); first.reload(); },
    more,
    refresh,
    showWaiting: () => { shown.update((now) => (now === undefined ? now : withWaiting(now))); },
  };
}
