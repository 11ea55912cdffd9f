import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { firstValueFrom, tap } from 'rxjs';
import { arrangeSplit } from '../api/functions';
import type { Arrangement } from '../api/models';
import { injectApi } from '../http/api-resource';
import { Outcome } from '../http/outcome';
import { problemText } from '../http/problem-text';
import { SystemName } from '../ui/system-name';
import { CONVERSATION } from './conversation.text';

/** A ticket that may be given a conversation of its own. */
export interface SplittableTicket {
  readonly endpoint: string;
  readonly display: string;
  readonly entityType: string;
  readonly ticketId: string;
}

export interface SplitAsked {
  readonly conversation: string;
  readonly tickets: readonly SplittableTicket[];
}

/** Gives one ticket a conversation of its own: chooses it, shows what will go along, then does it. Closes with the new conversation's id. */
@Component({
  selector: 'parley-split',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle, SystemName],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ text.splitTitle }}</h2>
    <mat-dialog-content>
      <p>{{ text.splitAbout }}</p>
      <fieldset>
        <legend>{{ text.splitTicket }}</legend>
        @for (ticket of asked.tickets; track $index) {
          <label class="ticket"><input type="radio" name="ticket" [checked]="ticket === chosen()" (change)="choose(ticket)" /><parley-system [endpoint]="ticket.endpoint" [display]="ticket.display" [entityType]="ticket.entityType" /><strong class="fixed">{{ ticket.ticketId }}</strong></label>
        }
      </fieldset>
      <div role="status" class="told">
        @if (problem(); as reason) {<p class="bad">{{ reason }}</p>}
        @else if (plan(); as found) {
          <p>{{ text.splitWill(found.messages, waiting()) }}</p>
          @for (trouble of found.problems; track trouble.code) {<p class="bad">{{ trouble.detail }}</p>}
        } @else if (chosen()) {<p class="faint">{{ text.splitLooking }}</p>}
      </div>
      @if (maySplit()) {<label class="why">{{ text.splitReason }}<input #reason class="text-control" maxlength="1000" autocomplete="off" (input)="why.set(reason.value)" /></label>}
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="text" [mat-dialog-close]="undefined">{{ text.splitKeep }}</button>
      <button matButton="filled" [disabled]="!maySplit() || busy()" (click)="split()">{{ text.splitAct }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    fieldset { display: grid; gap: 4px; margin: 14px 0 10px; padding: 0; border: 0; }
    legend { margin-bottom: 6px; padding: 0; color: var(--text); font-size: 0.8125rem; font-weight: 550; }
    .ticket { display: flex; align-items: center; gap: 10px; min-height: 34px; padding: 0 10px; border: 1px solid var(--line); border-radius: 7px; color: var(--text); font-size: 0.8125rem; cursor: pointer; }
    .ticket:has(:checked) { border-color: var(--accent); background: var(--accent-surface); color: var(--accent-surface-on); }
    .ticket input { width: 16px; height: 16px; margin: 0; accent-color: var(--accent); }
    .ticket strong { margin-inline-start: auto; }
    .told { min-height: 22px; }
    .why { display: grid; gap: 4px; margin-top: 10px; color: var(--text); font-size: 0.8125rem; font-weight: 550; }
    .bad { color: var(--bad); }
  `,
})
export class Split {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  protected readonly asked = inject<SplitAsked>(MAT_DIALOG_DATA);
  private readonly dialog = inject<MatDialogRef<Split, string>>(MatDialogRef);

  protected readonly text = CONVERSATION;
  protected readonly chosen = signal<SplittableTicket | undefined>(undefined);
  protected readonly busy = signal(false);
  protected readonly problem = signal<string | undefined>(undefined);
  protected readonly plan = signal<Arrangement | undefined>(undefined);
  protected readonly why = signal('');
  protected readonly waiting = computed(() => (this.plan()?.lanes ?? []).reduce((sum, lane) => sum + lane.waiting, 0));
  protected readonly maySplit = computed(() => this.plan()?.problems.length === 0);

  protected async choose(ticket: SplittableTicket): Promise<void> {
    this.chosen.set(ticket);
    this.plan.set(undefined);
    this.problem.set(undefined);
    try {
      const plan = await firstValueFrom(this.api(arrangeSplit, { id: this.asked.conversation, dryRun: true, body: placeOf(ticket) }));
      if (this.chosen() === ticket) this.plan.set(plan);
    } catch (failure) {
      if (this.chosen() === ticket) this.problem.set(problemText(failure));
    }
  }

  protected async split(): Promise<void> {
    const ticket = this.chosen();
    if (ticket === undefined || this.busy()) return;
    this.busy.set(true);
    const reason = this.why().trim();
    let made: string | undefined;
    const call = this.api(arrangeSplit, { id: this.asked.conversation, body: { ...placeOf(ticket), ...(reason === '' ? {} : { reason }) } }).pipe(tap(({ into }) => { made = into ?? undefined; }));
    const isDone = await this.outcome.of(call, CONVERSATION.splitDone);
    this.busy.set(false);
    if (isDone) this.dialog.close(made);
  }
}

const placeOf = ({ endpoint, entityType, ticketId }: SplittableTicket): { endpoint: string; entityType: string; ticketId: string } => ({ endpoint, entityType, ticketId });
