import { ChangeDetectionStrategy, Component, DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { type Observable, firstValueFrom } from 'rxjs';
import { bulkCancel, bulkPlan, bulkShow, bulkStart } from '../api/functions';
import type { BulkDetail, BulkPlanDto } from '../api/models';
import { injectApi } from '../http/api-resource';
import { problemText } from '../http/problem-text';
import { SystemName } from '../ui/system-name';
import { BULK } from './bulk.text';
import { Systems } from './systems';

const LOOK_EVERY_MS = 500;

/** One act on many: its plan, a typed confirmation, how far it is, what came of it. */
@Component({
  selector: 'parley-bulk',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle, SystemName],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ text.titles[asked.action] }}</h2>
    <mat-dialog-content>
      @if (problem(); as reason) {<p class="bad" role="alert">{{ reason }}</p>}
      @switch (stage()) {
        @case ('planning') {<p role="status">{{ text.planning }}</p>}
        @case ('planned') {
          @if (bulk(); as plan) {
            @if (plan.total === 0) {<p role="status">{{ text.nothing }}</p>} @else {
              <p role="status">{{ text.plan(plan.total) }}</p>
              <table><thead><tr><th scope="col">{{ text.columns.count }}</th><th scope="col">{{ text.columns.endpoint }}</th><th scope="col">{{ text.columns.reason }}</th></tr></thead>
                <tbody>@for (group of plan.groups; track $index) {<tr><td class="number"><strong>{{ group.count }}</strong></td><td>@if (group.endpoint) {<parley-system [endpoint]="group.endpoint" [display]="systems.nameOf(group.endpoint)" />} @else {{{ text.noSystem }}}</td><td>{{ group.reason || text.noReason }}</td></tr>}</tbody></table>
              @if (plan.isCut) {<p class="soft">{{ text.cut }}</p>}
              @if (plan.confirmation; as word) {<label>{{ text.confirm(word) }}<input #typed class="text-control fixed" autocomplete="off" spellcheck="false" (input)="confirmation.set(typed.value)" /></label>}
            }
          }
        }
        @case ('running') {@if (bulk(); as run) {<p role="status">{{ text.running(handled(), run.total) }}</p><progress [value]="handled()" [max]="run.total" [attr.aria-label]="text.titles[asked.action]"></progress>}}
        @case ('over') {@if (bulk(); as run) {<p role="status">@if (run.state === 'CANCELLED') {{{ text.cancelled }}&ngsp;}<strong>{{ text.result(run.done, run.failed, run.skipped) }}</strong></p>}}
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      @switch (stage()) {
        @case ('planned') {<button matButton="text" [mat-dialog-close]="false">{{ text.keep }}</button><button matButton="filled" [disabled]="!mayStart()" (click)="start()">{{ text.acts[asked.action] }}</button>}
        @case ('running') {<button matButton="text" (click)="cancel()">{{ text.cancel }}</button>}
        @default {<button matButton="text" (click)="close()">{{ text.close }}</button>}
      }
    </mat-dialog-actions>
  `,
  styles: `
    :host { display: block; font-size: 0.8125rem; }
    table { width: 100%; margin: 10px 0; border-collapse: collapse; color: var(--text); font-size: 0.8125rem; }
    th, td { padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: anywhere; }
    th { color: var(--text-faint); font-size: 0.75rem; font-weight: 550; }
    label { display: grid; gap: 6px; margin-top: 14px; color: var(--text); }
    progress { width: 100%; margin-top: 10px; accent-color: var(--accent); }
    .bad { color: var(--bad); }
  `,
})
export class BulkDialog {
  private readonly api = injectApi();
  private readonly dialog = inject<MatDialogRef<BulkDialog, boolean>>(MatDialogRef);
  private timer: ReturnType<typeof setTimeout> | undefined;

  protected readonly text = BULK;
  protected readonly asked = inject<BulkPlanDto>(MAT_DIALOG_DATA);
  protected readonly systems = inject(Systems);
  protected readonly bulk = signal<BulkDetail | undefined>(undefined);
  protected readonly problem = signal<string | undefined>(undefined);
  protected readonly confirmation = signal('');
  protected readonly handled = computed(() => { const bulk = this.bulk(); return bulk === undefined ? 0 : bulk.done + bulk.failed + bulk.skipped; });
  protected readonly mayStart = computed(() => { const plan = this.bulk(); return plan !== undefined && plan.total > 0 && (plan.confirmation === null || plan.confirmation === this.confirmation().trim()); });
  protected readonly stage = computed<'planning' | 'planned' | 'running' | 'over'>(() => {
    switch (this.bulk()?.state) {
      case undefined: return this.problem() === undefined ? 'planning' : 'over';
      case 'PLANNING': return 'planning';
      case 'PLANNED': return 'planned';
      case 'RUNNING': return 'running';
      case 'DONE': case 'CANCELLED': return 'over';
    }
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => { clearTimeout(this.timer); });
    void this.take(this.api(bulkPlan, { body: this.asked }));
  }

  protected start(): void {
    const plan = this.bulk();
    if (plan !== undefined && this.mayStart()) void this.take(this.api(bulkStart, { id: plan.id, body: plan.confirmation === null ? {} : { confirmation: plan.confirmation } }));
  }

  protected cancel(): void {
    const run = this.bulk();
    if (run !== undefined) void this.take(this.api(bulkCancel, { id: run.id }));
  }

  protected close(): void { this.dialog.close(this.handled() > 0); }

  /** Keeps the answer, and looks again as long as it moves. */
  private async take(call: Observable<BulkDetail>): Promise<void> {
    clearTimeout(this.timer);
    try {
      const bulk = await firstValueFrom(call);
      this.bulk.set(bulk);
      if (bulk.state === 'PLANNING' || bulk.state === 'RUNNING') this.timer = setTimeout(() => void this.take(this.api(bulkShow, { id: bulk.id })), LOOK_EVERY_MS);
    } catch (failure) {
      this.problem.set(problemText(failure));
    }
  }
}

/** Opens the dialog of one act on many; true where something was done. */
@Injectable({ providedIn: 'root' })
export class Bulk {
  private readonly dialog = inject(MatDialog);

  async ask(plan: BulkPlanDto): Promise<boolean> {
    const answer = await firstValueFrom(this.dialog.open<BulkDialog, BulkPlanDto, boolean>(BulkDialog, { data: plan, width: '640px' }).afterClosed(), { defaultValue: false });
    return answer === true;
  }
}
