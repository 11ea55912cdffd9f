import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Router, RouterLink } from '@angular/router';
import { RowKeys } from '../keyboard/row-keys';
import type { DelayedExecution, DeliveryDetail, Lane } from '../api/models';
import { ACTS } from '../system/delivery-acts.text';
import { RulePlace } from '../system/rule-place';
import { Icon } from '../ui/icon';
import { Identifier } from '../ui/identifier';
import { Instant } from '../ui/instant';
import { PageHeader } from '../ui/page-header';
import { Present } from '../ui/present';
import { ScreenFrame } from '../ui/screen-frame';
import { StateChip } from '../ui/state-chip';
import { SystemName } from '../ui/system-name';
import { sizeText } from '../ui/time-text';
import { ConversationStore } from './conversation-store';
import { CONVERSATION } from './conversation.text';
import { laneWords } from './lane-words';
import { memoryAt, momentsOf } from './memory-at';
import { saveFile } from './save-file';
import { memoryEntries, valueText } from './memory-entries';
import { Merge } from './merge';
import { Split, type SplitAsked } from './split';
import type { LanePlace } from '../system/delivery-acts';
import { TimelineView } from './timeline-view';

/** One conversation: its timeline over all systems, its lanes, memory, delays and attachments. */
@Component({
  selector: 'parley-conversation-screen',
  imports: [Icon, Identifier, Instant, PageHeader, RouterLink, RowKeys, RulePlace, ScreenFrame, StateChip, SystemName, TimelineView],
  providers: [ConversationStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './conversation-screen.html',
  styleUrl: './conversation-screen.scss',
})
export class ConversationScreen {
  private readonly store = inject(ConversationStore);
  private readonly present = inject(Present);
  private readonly dialog = inject(MatDialog);
  private readonly router = inject(Router);
  readonly conversationId = input.required<string>();

  protected readonly text = CONVERSATION;
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly conversation = this.store.conversation;
  protected readonly timeline = this.store.timeline;
  /** Instants at which the memory changed, oldest first; the last one is how it is now. */
  protected readonly moments = computed(() => momentsOf(this.conversation()?.memoryChanges ?? []));
  private readonly chosenMoment = signal<string | undefined>(undefined);
  protected readonly moment = computed(() => { const at = this.moments().indexOf(this.chosenMoment() ?? ''); return at === -1 ? this.moments().length - 1 : at; });
  protected readonly isNow = computed(() => this.moment() === this.moments().length - 1);
  protected readonly memory = computed(() => {
    const conversation = this.conversation();
    if (conversation === undefined) return [];
    const at = this.moments()[this.moment()];
    return memoryEntries(at === undefined || this.isNow() ? conversation : memoryAt(conversation, at));
  });
  protected readonly systems = this.store.systems;
  protected readonly acts = this.store.acts;
  protected readonly actText = ACTS;
  protected readonly valueText = valueText;
  protected readonly sizeText = sizeText;
  protected readonly lanes = computed(() => (this.conversation()?.lanes ?? []).map((lane) => ({ lane, words: laneWords(lane, this.present.now()), place: this.placeOf(lane) })));
  protected readonly waiting = computed(() => (this.conversation()?.delayed ?? []).filter((execution) => execution.state === 'WAITING'));
  /** Tickets that are known; with fewer than two there is nothing to take apart. */
  protected readonly splittable = computed(() => (this.conversation()?.tickets ?? []).flatMap(({ endpoint, entityType, ticketId }) => (ticketId === null ? [] : [{ endpoint, entityType, ticketId, display: this.systems.nameOf(endpoint) }])));
  /** The ticket ids name a conversation better than its own id does. */
  protected readonly heading = computed(() => {
    const ids = (this.timeline()?.columns ?? []).flatMap((column) => (column.ticketId === null ? [] : [column.ticketId]));
    return ids.length === 0 ? CONVERSATION.heading : ids.join(' ⇄ ');
  });

  constructor() {
    effect(() => { this.store.show(this.conversationId()); });
  }

  protected reload(): void { this.store.reload(); }
  protected retry(delivery: DeliveryDetail): void { void this.store.after(this.acts.retry(delivery)); }
  protected skip(delivery: DeliveryDetail): void { void this.store.after(this.acts.skip(delivery)); }
  protected edit(delivery: DeliveryDetail): void { void this.store.after(this.acts.edit(delivery)); }
  protected retryLane(lane: LanePlace): void { void this.store.after(this.acts.retryLane(lane)); }
  protected holdLane(lane: LanePlace): void { void this.store.after(this.acts.holdLane(lane)); }
  protected skipLane(lane: LanePlace): void { void this.store.after(this.acts.skipLane(lane)); }
  protected goTo(moment: number): void { this.chosenMoment.set(moment === this.moments().length - 1 ? undefined : this.moments()[moment]); }

  /** Everything that is shown here, as the API tells it. */
  protected export(): void {
    const conversation = this.conversation();
    if (conversation !== undefined) saveFile(`conversation-${conversation.id}.json`, JSON.stringify(conversation, null, 2));
  }

  protected merge(): void {
    this.dialog.open<Merge, string, string>(Merge, { data: this.conversationId(), width: '560px' }).afterClosed().subscribe((into) => {
      if (into !== undefined) void this.router.navigate(['/conversations', into]);
    });
  }

  protected split(): void {
    this.dialog.open<Split, SplitAsked, string>(Split, { data: { conversation: this.conversationId(), tickets: this.splittable() }, width: '560px' }).afterClosed().subscribe((made) => {
      if (made !== undefined) void this.router.navigate(['/conversations', made]);
    });
  }

  private placeOf({ endpoint, entityType }: Lane): LanePlace | undefined {
    return endpoint === null || entityType === null ? undefined : { id: this.conversationId(), endpoint, entityType };
  }

  protected release(execution: DelayedExecution): void { void this.store.after(this.acts.releaseDelayed(execution.id)); }
  protected cancel(execution: DelayedExecution): void { void this.store.after(this.acts.cancelDelayed(execution.id)); }
  protected letGoOn(): void { void this.store.after(this.acts.releaseConversation(this.conversationId())); }
}
