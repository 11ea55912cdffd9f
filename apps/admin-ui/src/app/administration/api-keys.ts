import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { apiKeyCreate, apiKeyList, apiKeyRevoke } from '../api/functions';
import type { ApiKeyBody, ApiKeyView, NewApiKeyView } from '../api/models';
import { injectApi } from '../http/api-resource';
import { formProblemText } from '../http/field-problems';
import { Outcome } from '../http/outcome';
import { pagedList } from '../http/paged-list';
import { Session } from '../session/session';
import { RowKeys } from '../keyboard/row-keys';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { Question } from '../ui/question';
import { ShownOnce } from '../ui/shown-once';
import { StateChip } from '../ui/state-chip';
import { KEYS } from './administration.text';
import { endOfDay } from './end-of-day';

type Permission = ApiKeyBody['permissions'][number];
/** So many permissions are told in the list; the rest on hover. */
const TOLD = 3;

/** Keys of programs: made with what they may do, shown once, revoked. */
@Component({
  selector: 'parley-api-keys',
  imports: [Instant, ListFrame, PageHeader, RowKeys, ShownOnce, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './api-keys.html',
  styleUrl: './administration.scss',
})
export class ApiKeys {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly question = inject(Question);
  private readonly session = inject(Session);

  protected readonly text = KEYS;
  protected readonly mayWrite = computed(() => this.session.may('api-keys:write'));
  /** A key may do no more than who makes it. */
  protected readonly permissions = computed(() => [...this.session.permissions()].toSorted() as Permission[]);
  protected readonly chosen = signal<ReadonlySet<Permission>>(new Set());
  protected readonly busy = signal(false);
  protected readonly refusal = signal<string | undefined>(undefined);
  protected readonly made = signal<NewApiKeyView | undefined>(undefined);
  protected readonly list = pagedList<ApiKeyView, object>({
    params: signal({}), filtered: () => false, idOf: (key) => key.id,
    load: (_, cursor) => this.api(apiKeyList, { cursor, limit: 100 }),
  });

  protected toldOf(permissions: readonly string[]): string {
    const told = permissions.slice(0, TOLD).join(', ');
    return permissions.length > TOLD ? `${told} ${KEYS.more(permissions.length - TOLD)}` : told;
  }

  protected choose(permission: Permission, isWanted: boolean): void {
    this.chosen.update((before) => new Set([...before].filter((one) => one !== permission).concat(isWanted ? [permission] : [])));
  }

  protected add(event: Event, name: HTMLInputElement, ends: HTMLInputElement): void {
    event.preventDefault();
    if (this.busy()) return;
    this.refusal.set(this.chosen().size === 0 ? KEYS.noPermission : undefined);
    if (this.chosen().size === 0) return;
    this.busy.set(true);
    const expiresAt = endOfDay(ends.value);
    this.api(apiKeyCreate, { body: { name: name.value.trim(), permissions: [...this.chosen()], ...(expiresAt === undefined ? {} : { expiresAt }) } }).subscribe({
      next: (made) => { this.busy.set(false); this.made.set(made); this.chosen.set(new Set()); name.value = ''; ends.value = ''; this.list.reload(); },
      error: (failure: unknown) => { this.busy.set(false); this.refusal.set(formProblemText(failure, { '/name': KEYS.columns.name, '/expiresAt': KEYS.expires })); },
    });
  }

  protected async revoke(key: ApiKeyView): Promise<void> {
    const isSure = await this.question.ask({ title: KEYS.revokeTitle(key.name), text: KEYS.revokeText, act: KEYS.revoke });
    if (!isSure || !(await this.outcome.of(this.api(apiKeyRevoke, { id: key.id }), KEYS.revoked))) return;
    if (this.made()?.id === key.id) this.made.set(undefined);
    this.list.reload();
  }
}
