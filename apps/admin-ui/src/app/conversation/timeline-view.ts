import { ChangeDetectionStrategy, Component, computed, inject, input, output } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { DeliveryDetail } from '../api/models';
import { DeliveryActs } from '../system/delivery-acts';
import { ACTS } from '../system/delivery-acts.text';
import { Systems } from '../system/systems';
import { RestNote } from '../system/rest-note';
import { AttemptTicks } from '../ui/attempt-ticks';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { StateChip } from '../ui/state-chip';
import { SystemName } from '../ui/system-name';
import { CONVERSATION } from './conversation.text';
import { valueText } from './memory-entries';
import type { Direction, Timeline, TimelineEvent } from './timeline';

const DAY = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

/** Columns of systems, time downwards: a message is a card, what it caused are cards that its arrows point to. */
@Component({
  selector: 'parley-timeline',
  imports: [AttemptTicks, Icon, Instant, RestNote, RouterLink, StateChip, SystemName],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './timeline-view.html',
  styleUrl: './timeline-view.scss',
})
export class TimelineView {
  readonly timeline = input.required<Timeline>();
  readonly retry = output<DeliveryDetail>();
  readonly skip = output<DeliveryDetail>();
  readonly edit = output<DeliveryDetail>();

  protected readonly text = CONVERSATION;
  protected readonly actText = ACTS;
  protected readonly acts = inject(DeliveryActs);
  protected readonly systems = inject(Systems);
  protected readonly valueText = valueText;
  /** Time, then each system with a gutter for arrows after it. */
  protected readonly template = computed(() => `72px ${this.timeline().columns.map(() => 'minmax(150px, 1fr)').join(' 30px ')}`);
  protected readonly span = computed(() => `2 / ${String(this.timeline().columns.length * 2 + 1)}`);

  protected columnOf(index: number): string {
    return String(index * 2 + 2);
  }

  /** From the gutter beside the message to the gutter beside the target. */
  protected arrowOf(from: number, to: number): string {
    return from < to ? `${String(from * 2 + 3)} / ${String(to * 2 + 2)}` : `${String(to * 2 + 3)} / ${String(from * 2 + 2)}`;
  }

  protected rowsOf(event: TimelineEvent): string {
    return `1 / span ${String(Math.max(1, event.deliveries.length + event.delayed.length))}`;
  }

  protected dayOf(at: string): string {
    return DAY.format(new Date(at));
  }

  protected isArrow(direction: Direction): boolean {
    return direction !== 'same';
  }
}
