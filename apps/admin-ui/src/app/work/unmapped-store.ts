import { Injectable, computed, inject, signal } from '@angular/core';
import { unmappedList, unmappedSee } from '../api/functions';
import type { UnmappedValue } from '../api/models';
import { injectApi } from '../http/api-resource';
import { Outcome } from '../http/outcome';
import { Session } from '../session/session';
import { listStatus } from '../ui/list-status';
import { unmappedGroups } from './unmapped-groups';
import { UNMAPPED } from './work.text';
import { workReading } from './work-reading';

interface Wanted {
  readonly rule: string | undefined;
  readonly seen: boolean;
}

const PAGE = 200;

/** Values for which a table had no row, grouped by table. */
@Injectable()
export class UnmappedStore {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly session = inject(Session);
  private readonly wanted = signal<Wanted | undefined>(undefined);
  private readonly reading = workReading<Wanted, UnmappedValue>(this.wanted, ({ rule, seen }, cursor) => this.api(unmappedList, { rule, seen, cursor, limit: PAGE }));

  readonly maySee = computed(() => this.session.may('deliveries:write'));
  readonly mayEdit = computed(() => this.session.may('rules:write'));
  readonly mayReadMessages = computed(() => this.session.may('messages:read'));
  readonly groups = computed(() => unmappedGroups(this.reading.items() ?? []));
  readonly cutAt = this.reading.cutAt;
  readonly waiting = this.reading.waiting;
  readonly failure = this.reading.failure;
  readonly stale = this.reading.stale;
  readonly status = computed(() => listStatus({ loading: this.reading.items() === undefined && this.failure() === undefined, failed: this.failure() !== undefined, count: this.groups().length, filtered: this.wanted()?.rule !== undefined || this.wanted()?.seen === true }));

  show(rule: string | undefined, seen: boolean): void {
    const before = this.wanted();
    if (before?.rule !== rule || before?.seen !== seen) this.wanted.set({ rule, seen });
  }

  reload(): void { this.reading.reload(); }

  /** Says that they want no attention, or that they do again. */
  async see(values: readonly UnmappedValue[], seen: boolean): Promise<boolean> {
    const isDone = await this.outcome.of(this.api(unmappedSee, { body: { ids: values.map(({ id }) => id), seen } }), seen ? UNMAPPED.seenDone : UNMAPPED.unseenDone);
    if (isDone) this.reload();
    return isDone;
  }
}
