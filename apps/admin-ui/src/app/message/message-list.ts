import { CdkMenu, CdkMenuItem, CdkMenuTrigger } from '@angular/cdk/menu';
import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import type { BulkPlanDto } from '../api/models';
import { RowKeys } from '../keyboard/row-keys';
import { SearchKey } from '../keyboard/search-key';
import { sinceInstant } from '../http/since';
import { Bulk } from '../system/bulk';
import { BULK } from '../system/bulk.text';
import { DeliveryActs } from '../system/delivery-acts';
import { RulePlace } from '../system/rule-place';
import { actsOnMessages } from '../system/selected-acts';
import { SelectionBar } from '../system/selection-bar';
import { ChoiceFilter } from '../ui/choice-filter';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { rowSelection } from '../ui/row-selection';
import { StateChip } from '../ui/state-chip';
import { stateWord } from '../ui/state-words';
import { SystemName } from '../ui/system-name';
import { type MessageFilter, actsOnAll, rememberedIn, rememberedKey } from './message-filter';
import { MessageListStore } from './message-list-store';
import { MESSAGES } from './message.text';

const STATES = ['ROUTED', 'DELAYED', 'NO_ROUTE', 'FAILED', 'DROPPED', 'ECHO', 'FILTERED', 'DUPLICATE', 'RECEIVED'];

/** The feed: inbound, rules and deliveries of each message from left to right. */
@Component({
  selector: 'parley-message-list',
  imports: [CdkMenu, CdkMenuItem, CdkMenuTrigger, ChoiceFilter, Icon, Instant, ListFrame, NgTemplateOutlet, PageHeader, RouterLink, RowKeys, RulePlace, SearchKey, SelectionBar, StateChip, SystemName],
  providers: [MessageListStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './message-list.html',
  styleUrl: './message-list.scss',
})
export class MessageList {
  private readonly store = inject(MessageListStore);
  private readonly router = inject(Router);
  private readonly bulkActs = inject(Bulk);
  protected readonly acts = inject(DeliveryActs);

  readonly ticketId = input<string>();
  /** Text in what was received. */
  readonly said = input<string>();
  readonly rule = input<string>();
  readonly state = input<string>();
  readonly endpoint = input<string>();
  readonly entityType = input<string>();
  readonly since = input<string>();

  private readonly address = toSignal(inject(ActivatedRoute).queryParamMap, { requireSync: true });
  /** `name=value` of what the conversations remember. */
  protected readonly remembered = computed(() => { const params = this.address(); return rememberedIn({ keys: params.keys, get: (key) => params.get(key) }); });

  protected readonly text = MESSAGES;
  protected readonly list = this.store.list;
  protected readonly systems = this.store.systems;
  protected readonly states = STATES.map((value) => ({ value, label: stateWord(value).label }));
  protected readonly filtered = this.store.filtered;
  protected readonly lastRefused = this.store.lastRefused;
  protected readonly selection = rowSelection(this.list.rows, (message) => message.id);
  protected readonly selectedActs = computed(() => actsOnMessages(this.selection.rows()));
  protected readonly bulkText = BULK;
  private readonly filter = computed<MessageFilter>(() => ({ ticketId: this.ticketId(), said: this.said(), rule: this.rule(), state: this.state(), endpoint: this.endpoint(), entityType: this.entityType(), remembered: this.remembered(), since: this.since() }));
  /** The acts on all that the filters find. */
  protected readonly actsOnAll = computed(() => (this.acts.mayAct() && this.list.rows().length > 0 ? actsOnAll(this.filter(), undefined).map(({ action }) => action) : []));
  /** Entity types are known by having been seen. */
  protected readonly entityTypes = computed(() =>
    [...new Set([...this.list.rows().map((row) => row.entityType), ...(this.entityType() === undefined ? [] : [this.entityType() ?? ''])])].sort().map((value) => ({ value, label: value })),
  );

  /** Rules are known by having been seen. */
  protected readonly rules = computed(() => {
    const seen = new Map(this.list.rows().flatMap((row) => row.rules.map(({ ruleId, rule }) => [ruleId, rule] as const)));
    const chosen = this.rule();
    if (chosen !== undefined && !seen.has(chosen)) seen.set(chosen, MESSAGES.oneRule);
    return [...seen].map(([value, label]) => ({ value, label })).sort((one, other) => one.label.localeCompare(other.label));
  });

  constructor() {
    effect(() => {
      this.store.show(this.filter());
    });
  }

  protected narrow(change: Omit<MessageFilter, 'remembered'>): void {
    const queryParams = Object.fromEntries(Object.entries(change).map(([name, value]) => [name, value === '' || value === undefined ? null : String(value)]));
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge' });
  }

  /** Shorter texts are in nearly every message. */
  protected say(box: HTMLInputElement): void {
    box.setCustomValidity([1, 2].includes(box.value.trim().length) ? MESSAGES.saidTooShort : '');
    if (box.reportValidity()) this.narrow({ said: box.value.trim() });
  }

  /** Adds what the conversations are to remember. */
  protected remember(box: HTMLInputElement): void {
    const wanted = rememberedKey(box.value);
    box.setCustomValidity(wanted === undefined && box.value.trim() !== '' ? MESSAGES.rememberedForm : '');
    if (!box.reportValidity() || wanted === undefined) return;
    box.value = '';
    void this.router.navigate([], { queryParams: { [wanted.key]: wanted.value }, queryParamsHandling: 'merge' });
  }

  protected forget(one: string): void {
    const wanted = rememberedKey(one);
    if (wanted !== undefined) void this.router.navigate([], { queryParams: { [wanted.key]: null }, queryParamsHandling: 'merge' });
  }

  protected clear(): void {
    void this.router.navigate([], { queryParams: {} });
  }

  protected reload(): void { this.list.reload(); }

  /** Does something to all that the filters find, from the instant on that they mean now. */
  protected async actOnAll(action: BulkPlanDto['action']): Promise<void> {
    const plan = actsOnAll(this.filter(), sinceInstant(this.since(), Date.now())).find((one) => one.action === action);
    if (plan !== undefined && (await this.bulkActs.ask(plan))) this.reload();
  }
}
