import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { MatTab, MatTabContent, MatTabGroup } from '@angular/material/tabs';
import { RouterLink } from '@angular/router';
import type { DeliveryDetail } from '../api/models';
import { Session } from '../session/session';
import { ACTS } from '../system/delivery-acts.text';
import { RestNote } from '../system/rest-note';
import { RulePlace } from '../system/rule-place';
import { AttemptList } from '../ui/attempt-list';
import { AttributeTable } from '../ui/attribute-table';
import { Icon } from '../ui/icon';
import { Identifier } from '../ui/identifier';
import { Instant } from '../ui/instant';
import { JsonView } from '../ui/json-view';
import { PageHeader } from '../ui/page-header';
import { ScreenFrame } from '../ui/screen-frame';
import { StateChip } from '../ui/state-chip';
import { SystemName } from '../ui/system-name';
import { durationText, sizeText } from '../ui/time-text';
import { MessageStore } from './message-store';
import { MESSAGE } from './message.text';
import { ExplanationPanel } from './explanation-panel';
import { MemoryPanel } from './memory-panel';
import { RequestPanel } from './request-panel';
import { retryMeaning } from './retry-meaning';
import { WhyPanel } from './why-panel';

/** One message: what arrived, why the rules did what they did, and where it went. */
@Component({
  selector: 'parley-message-screen',
  imports: [AttemptList, AttributeTable, ExplanationPanel, Icon, Identifier, Instant, JsonView, MatTab, MatTabContent, MatTabGroup, MemoryPanel, PageHeader, RequestPanel, RestNote, RouterLink, RulePlace, ScreenFrame, StateChip, SystemName, WhyPanel],
  providers: [MessageStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './message-screen.html',
  styleUrl: './message-screen.scss',
})
export class MessageScreen {
  private readonly store = inject(MessageStore);
  private readonly session = inject(Session);
  readonly messageId = input.required<string>();
  /** `true` in the address asks for every rule and condition. */
  readonly explain = input<string>();

  protected readonly text = MESSAGE;
  protected readonly message = this.store.message;
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly why = this.store.why;
  protected readonly explanation = this.store.explanation;
  protected readonly systems = this.store.systems;
  protected readonly acts = this.store.acts;
  protected readonly actText = ACTS;
  protected readonly maySimulate = computed(() => this.session.may('rules:simulate'));
  protected readonly mayWriteRules = computed(() => this.session.may('rules:write'));
  protected readonly sizeText = sizeText;
  protected readonly retryMeaning = computed(() => { const message = this.message(); return message === undefined ? undefined : retryMeaning(message); });
  protected readonly took = computed(() => {
    const message = this.message();
    return message?.finishedAt == null ? undefined : durationText(Math.max(0, Date.parse(message.finishedAt) - Date.parse(message.receivedAt)));
  });

  constructor() {
    effect(() => { this.store.show(this.messageId(), this.explain() === 'true'); });
  }

  protected reload(): void { this.store.reload(); }
  protected retry(delivery: DeliveryDetail): void { void this.store.after(this.acts.retry(delivery)); }
  protected retryMessage(id: string): void { void this.store.after(this.acts.retryMessage(id)); }
  protected edit(delivery: DeliveryDetail): void { void this.store.after(this.acts.edit(delivery)); }
  protected skip(delivery: DeliveryDetail): void { void this.store.after(this.acts.skip(delivery)); }
}
