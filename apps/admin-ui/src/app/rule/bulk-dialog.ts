import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import type { BulkAction, BulkResult } from './rule-list-store';
import { RULES } from './rule.text';

export interface BulkAsked {
  readonly action: BulkAction;
  readonly names: readonly string[];
  act(overrideTests?: string): Promise<BulkResult>;
}

/** Shows what an act on several rules will do and asks; what destroys wants a typed word, and what tests forbid a reason. */
@Component({
  selector: 'parley-bulk-dialog',
  imports: [MatDialogActions, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ text.bulkTitle(asked.action, asked.names.length) }}</h2>
    <mat-dialog-content>
      <p>{{ text.bulkMeaning[asked.action] }}</p>
      <div class="names" role="region" tabindex="0" [attr.aria-label]="text.heading"><ul>@for (name of asked.names; track $index) {<li>{{ name }}</li>}</ul></div>
      @if (problems().length > 0) {<div class="problems" role="alert"><p>{{ isTests() ? text.bulkTests : text.bulkRefused }}</p><ul>@for (problem of problems(); track problem) {<li>{{ problem }}</li>}</ul></div>}
      @if (isTests()) {<label for="bulk-reason">{{ text.reason }}</label><input #reason id="bulk-reason" class="text-control" autocomplete="off" maxlength="1000" (input)="written.set(reason.value)" />}
      @if (asked.action === 'delete') {<label for="bulk-typed">{{ text.typeToDelete(word) }}</label><input #typed id="bulk-typed" class="text-control" autocomplete="off" spellcheck="false" (input)="typedWord.set(typed.value)" />}
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button type="button" class="control plain" [disabled]="busy()" (click)="dialog.close()">{{ text.keep }}</button>
      <button type="button" class="control strong" [disabled]="busy() || (asked.action === 'delete' && typedWord().trim() !== word) || (isTests() && written().trim() === '')" (click)="act()">{{ isTests() ? text.useAnyway : text.bulkActs[asked.action] }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    mat-dialog-content { padding-bottom: 10px; }
    mat-dialog-actions { gap: 8px; padding: 8px 24px 18px; }
    p, label { color: var(--text); font-size: 0.8125rem; }
    label { display: block; margin: 12px 0 4px; font-weight: 550; }
    .names, .problems ul { margin-top: 8px; border: 1px solid var(--line); border-radius: 6px; }
    .names { max-height: 220px; overflow: auto; }
    li { padding: 5px 10px; color: var(--text); font-size: 0.8125rem; overflow-wrap: anywhere; & + li { border-top: 1px solid var(--line); } }
    input { width: 100%; }
    .problems { margin-top: 12px; p { color: var(--bad); font-weight: 550; } li { color: var(--bad); } }
  `,
})
export class BulkDialog {
  protected readonly asked = inject<BulkAsked>(MAT_DIALOG_DATA);
  protected readonly dialog = inject<MatDialogRef<BulkDialog>>(MatDialogRef);
  protected readonly text = RULES;
  protected readonly word = String(this.asked.names.length);
  protected readonly busy = signal(false);
  protected readonly problems = signal<readonly string[]>([]);
  protected readonly isTests = signal(false);
  protected readonly written = signal('');
  protected readonly typedWord = signal('');

  protected async act(): Promise<void> {
    this.busy.set(true);
    const result = await this.asked.act(this.isTests() ? this.written().trim() : undefined);
    this.busy.set(false);
    if (result.kind === 'done') { this.dialog.close(); return; }
    this.problems.set(result.problems);
    this.isTests.set(result.kind === 'tests-failed');
  }
}
