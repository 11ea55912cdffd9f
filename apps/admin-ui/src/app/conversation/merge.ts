import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import { arrangeMerge, conversationList } from '../api/functions';
import type { Arrangement } from '../api/models';
import { injectApi } from '../http/api-resource';
import { Outcome } from '../http/outcome';
import { problemText } from '../http/problem-text';
import { CONVERSATION } from './conversation.text';

/** Puts one conversation into another: finds it by a ticket id, shows what will happen, then does it. */
@Component({
  selector: 'parley-merge',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ text.mergeTitle }}</h2>
    <mat-dialog-content>
      <p>{{ text.mergeAbout }}</p>
      <form (submit)="find($event, ticket.value)"><label>{{ text.mergeTicket }}<input #ticket class="text-control fixed" required autocomplete="off" /></label><button type="submit" class="control" [disabled]="busy()">{{ text.mergeFind }}</button></form>
      <div role="status">
        @if (problem(); as reason) {<p class="bad">{{ reason }}</p>}
        @if (plan(); as found) {
          <p>{{ text.mergeWill(found.messages, found.tickets.length, waiting()) }}</p>
          @if (found.memory.conflicts.length > 0) {<p class="wait">{{ text.mergeConflicts(found.memory.conflicts.length) }}</p>}
          @for (trouble of found.problems; track trouble.code) {<p class="bad">{{ trouble.detail }}</p>}
        }
      </div>
      @if (mayMerge()) {<label>{{ text.mergeReason }}<input #reason class="text-control" maxlength="1000" autocomplete="off" (input)="why.set(reason.value)" /></label>}
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="text" [mat-dialog-close]="undefined">{{ text.mergeKeep }}</button>
      <button matButton="filled" [disabled]="!mayMerge() || busy()" (click)="merge()">{{ text.mergeAct }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    form { display: flex; align-items: end; gap: 8px; margin: 14px 0 8px; }
    label { display: grid; gap: 4px; flex: 1; color: var(--text); font-size: 0.8125rem; font-weight: 550; }
    .bad { color: var(--bad); }
    .wait { color: var(--wait); }
  `,
})
export class Merge {
  private readonly api = injectApi();
  private readonly outcome = inject(Outcome);
  private readonly own = inject<string>(MAT_DIALOG_DATA);
  private readonly dialog = inject<MatDialogRef<Merge, string>>(MatDialogRef);

  protected readonly text = CONVERSATION;
  protected readonly busy = signal(false);
  protected readonly problem = signal<string | undefined>(undefined);
  protected readonly plan = signal<Arrangement | undefined>(undefined);
  protected readonly why = signal('');
  protected readonly waiting = computed(() => (this.plan()?.lanes ?? []).reduce((sum, lane) => sum + lane.waiting, 0));
  protected readonly mayMerge = computed(() => { const plan = this.plan(); return plan !== undefined && plan.into !== null && plan.problems.length === 0; });

  protected async find(event: Event, ticketId: string): Promise<void> {
    event.preventDefault();
    this.busy.set(true);
    this.plan.set(undefined);
    this.problem.set(undefined);
    try {
      const { items } = await firstValueFrom(this.api(conversationList, { ticketId: ticketId.trim() }));
      const other = items.find(({ id }) => id !== this.own);
      if (other === undefined) this.problem.set(CONVERSATION.mergeNone);
      else this.plan.set(await firstValueFrom(this.api(arrangeMerge, { id: this.own, dryRun: true, body: { into: other.id } })));
    } catch (failure) {
      this.problem.set(problemText(failure));
    } finally {
      this.busy.set(false);
    }
  }

  protected async merge(): Promise<void> {
    const into = this.plan()?.into;
    if (into == null) return;
    this.busy.set(true);
    const reason = this.why().trim();
    const isDone = await this.outcome.of(this.api(arrangeMerge, { id: this.own, body: { into, ...(reason === '' ? {} : { reason }) } }), CONVERSATION.merged);
    this.busy.set(false);
    if (isDone) this.dialog.close(into);
  }
}
