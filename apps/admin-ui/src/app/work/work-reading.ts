import { type Signal, computed, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { type Observable, firstValueFrom, from } from 'rxjs';
import { latestOf } from '../http/latest';
import type { Page } from '../http/page';
import { failureOf } from '../http/screen-status';
import { onLive } from '../live/on-live';

/** What was read of a work list, in one piece: it is grouped here, so what is read has an end. */
export interface WorkReading<T> {
  /** Undefined as long as nothing was read. */
  readonly items: Signal<readonly T[] | undefined>;
  /** How many were read, where there are more. */
  readonly cutAt: Signal<number | undefined>;
  /** How many came since; shown only when they are asked for. */
  readonly waiting: Signal<number>;
  readonly failure: Signal<string | undefined>;
  readonly stale: Signal<boolean>;
  reload(): void;
}

const MOST = 1_000;

/** Reads page after page of what is wanted, and looks again when something moves; to be called where injection is possible. */
export function workReading<W, T extends { readonly id: string }>(wanted: Signal<W | undefined>, load: (wanted: W, cursor: string | undefined) => Observable<Page<T>>): WorkReading<T> {
  const read = rxResource({ params: wanted, stream: ({ params }) => from(readAll((cursor) => load(params, cursor))) });
  const page = latestOf(read, wanted);
  const arrived = signal<{ readonly of: W; readonly count: number } | undefined>(undefined);
  let looking = false;

  const reload = (): void => {
    arrived.set(undefined);
    read.reload();
  };

  /** Counts what came since, without moving what is shown; an empty list shows it at once. */
  const look = async (): Promise<void> => {
    const asked = wanted();
    if (asked === undefined || looking || read.isLoading()) return;
    looking = true;
    try {
      const fresh = await firstValueFrom(load(asked, undefined));
      if (asked !== wanted()) return;
      const known = new Set(page()?.items.map((item) => item.id));
      const count = fresh.items.filter((item) => !known.has(item.id)).length;
      if (known.size === 0 && count > 0) reload();
      else arrived.set({ of: asked, count });
    } catch {
      // The next event looks again; what is shown stays right as of its time.
    } finally {
      looking = false;
    }
  };
  onLive(() => { void look(); });

  return {
    items: computed(() => page()?.items),
    cutAt: computed(() => { const shown = page(); return shown?.nextCursor == null ? undefined : shown.items.length; }),
    waiting: computed(() => { const one = arrived(); return one?.of === wanted() ? (one?.count ?? 0) : 0; }),
    failure: failureOf(read),
    stale: computed(() => read.isLoading() && page() !== undefined),
    reload,
  };
}

async function readAll<T>(load: (cursor: string | undefined) => Observable<Page<T>>): Promise<Page<T>> {
  let page: Page<T> = { items: [], nextCursor: null };
  do {
    const next = await firstValueFrom(load(page.nextCursor ?? undefined));
    page = { items: [...page.items, ...next.items], nextCursor: next.nextCursor ?? null };
  } while (page.nextCursor != null && page.items.length < MOST);
  return page;
}
