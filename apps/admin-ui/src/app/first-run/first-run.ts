import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Icon } from '../ui/icon';
import { PageHeader } from '../ui/page-header';
import { ScreenFrame } from '../ui/screen-frame';
import { StateChip } from '../ui/state-chip';
import { SystemName } from '../ui/system-name';
import { durationText } from '../ui/time-text';
import { FirstRunStore } from './first-run-store';
import type { StepName } from './first-run-steps';
import { FIRST_RUN } from './first-run.text';
import { TemplateChoice, type TemplateUse } from './template-choice';

/** From nothing to the first ticket: connect, connect, choose a template, send, watch. */
@Component({
  selector: 'parley-first-run',
  imports: [Icon, PageHeader, RouterLink, ScreenFrame, StateChip, SystemName, TemplateChoice],
  providers: [FirstRunStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './first-run.html',
  styleUrl: './first-run.scss',
})
export class FirstRun {
  private readonly store = inject(FirstRunStore);

  protected readonly text = FIRST_RUN;
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly steps = this.store.steps;
  protected readonly endpoints = this.store.endpoints;
  protected readonly rules = this.store.rules;
  protected readonly templates = this.store.templates;
  protected readonly busy = this.store.busy;
  protected readonly refusal = this.store.refusal;
  protected readonly opened = signal<string | undefined>(undefined);
  protected readonly isFinished = computed(() => this.steps().every(({ state }) => state === 'done'));
  /** Where the test ticket is opened: the source of the first rule that joins two systems. */
  protected readonly source = computed(() => {
    const joining = this.rules().filter((rule) => rule.targetSystemId !== '' && rule.targetCondition !== 'RESPONSE_TO_CREATE' && rule.targetCondition !== 'RESPONSE_TO_UPDATE');
    const creating = joining.find((rule) => rule.targetCondition === 'CREATE' || rule.targetCondition === 'ALL') ?? joining[0];
    return this.endpoints().find((endpoint) => endpoint.id === creating?.sourceSystemId) ?? this.endpoints()[0];
  });
  protected readonly sandbox = computed(() => { const source = this.source(); return source === undefined ? undefined : this.store.pageOf(source.id)?.split('/').at(-1); });
  /** The ticket that is watched: the one opened here, else the oldest that went anywhere. */
  protected readonly watched = computed(() => {
    const messages = this.store.messages().filter((message) => message.kind !== 'response');
    const id = this.opened();
    return id === undefined ? (messages.findLast((message) => message.deliveries.length > 0) ?? messages.at(-1)) : messages.findLast((message) => message.ticketId === id);
  });
  protected readonly travels = computed(() => {
    const message = this.watched();
    return (message?.deliveries ?? []).map((delivery) => ({
      delivery, page: this.store.pageOf(delivery.endpoint),
      took: delivery.finishedAt == null || message === undefined ? '' : durationText(Date.parse(delivery.finishedAt) - Date.parse(message.receivedAt)),
    }));
  });
  protected readonly isStuck = computed(() => {
    const message = this.watched();
    return message !== undefined && (['NO_ROUTE', 'FAILED'].includes(message.state) || message.deliveries.some((delivery) => ['DEAD', 'HELD'].includes(delivery.state)));
  });

  protected stateOf(name: StepName): string { return this.steps().find((step) => step.name === name)?.state ?? 'later'; }
  protected nameOf(id: string): string { return this.endpoints().find((endpoint) => endpoint.id === id)?.name ?? id; }
  protected reload(): void { this.store.reload(); }

  protected connect(event: Event, name: HTMLInputElement): void {
    event.preventDefault();
    if (name.value.trim() !== '') void this.store.connect(name.value.trim());
  }

  protected use({ template, parameters }: TemplateUse): void { void this.store.useTemplate(template, parameters); }

  protected async send(event: Event, title: HTMLInputElement): Promise<void> {
    event.preventDefault();
    const sandbox = this.sandbox();
    if (sandbox === undefined || title.value.trim() === '') return;
    const id = await this.store.openTicket(sandbox, title.value.trim(), FIRST_RUN.ticket.description);
    if (id !== undefined) this.opened.set(id);
  }
}
