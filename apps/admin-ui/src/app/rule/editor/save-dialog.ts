import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { DiffView } from '../../ui/diff-view';
import type { DiffLine } from '../../ui/line-diff';
import { SAVE } from './editor.text';
import type { SaveChoice, SaveResult } from './rule-editor-store';

export interface SaveAsked {
  readonly isNew: boolean;
  readonly changes: readonly DiffLine[];
  readonly description: string;
  save(choice: SaveChoice): Promise<SaveResult>;
}

/** Asks what a version changes and whether it is to be used; tests that fail are told here, and may be overruled with a reason. */
@Component({
  selector: 'parley-save-dialog',
  imports: [DiffView, MatDialogActions, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ asked.isNew ? text.titleNew : text.title }}</h2>
    <mat-dialog-content>
      <label for="save-description">{{ text.description }}</label>
      <textarea #description id="save-description" class="text-control" rows="2" maxlength="1000" cdkFocusInitial [value]="asked.description" [attr.aria-invalid]="problem() !== undefined || null" (keydown.control.enter)="save(false, description.value)"></textarea>
      @if (problem(); as why) {<p class="problem" role="alert">{{ why }}</p>}
      @if (!asked.isNew) {<h3>{{ text.changes }}</h3><parley-diff class="changes" [lines]="asked.changes" [same]="text.noChanges" />}
      @if (failing().length > 0) {
        <div class="failing" role="alert">
          <h3>{{ text.testsFail }}</h3><p>{{ text.testsFailAbout }}</p>
          <ul>@for (one of failing(); track one) {<li>{{ one }}</li>}</ul>
          <label for="save-reason">{{ text.reason }}</label>
          <input #reason id="save-reason" class="text-control" maxlength="1000" autocomplete="off" (input)="reasonGiven.set(reason.value.trim())" />
          <button type="button" class="control" [disabled]="busy() || reasonGiven() === ''" (click)="save(true, description.value, reasonGiven())">{{ text.useAnyway }}</button>
        </div>
      }
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button type="button" class="control plain" [disabled]="busy()" (click)="dialog.close()">{{ text.cancel }}</button>
      <button type="button" class="control" [disabled]="busy()" (click)="save(false, description.value)">{{ asked.isNew ? text.saveNew : text.save }}</button>
      <button type="button" class="control strong" [disabled]="busy()" (click)="save(true, description.value)">{{ asked.isNew ? text.saveNewAndUse : text.saveAndUse }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    mat-dialog-content { padding-bottom: 10px; }
    mat-dialog-actions { gap: 8px; padding: 8px 24px 18px; }
    label, h3 { display: block; margin-bottom: 4px; color: var(--text); font-size: 0.8125rem; font-weight: 550; }
    h3 { margin-top: 14px; }
    textarea.text-control { width: 100%; height: auto; padding: 8px 10px; field-sizing: content; max-height: 160px; }
    input { width: 100%; }
    .changes { max-height: 240px; overflow: auto; border: 1px solid var(--line); border-radius: 6px; }
    .failing { display: grid; gap: 6px; margin-top: 14px; padding: 4px 14px 14px; border: 1px solid var(--bad-mark); border-radius: 8px; font-size: 0.8125rem; color: var(--text); li { color: var(--bad); overflow-wrap: anywhere; } label { margin: 6px 0 0; } h3 { margin-bottom: 0; } .control { justify-self: start; } }
    .problem { color: var(--bad); font-size: 0.75rem; font-weight: 550; overflow-wrap: anywhere; }
  `,
})
export class SaveDialog {
  protected readonly asked = inject<SaveAsked>(MAT_DIALOG_DATA);
  protected readonly dialog = inject<MatDialogRef<SaveDialog, SaveResult & { readonly makeCurrent: boolean }>>(MatDialogRef);
  protected readonly text = SAVE;
  protected readonly busy = signal(false);
  protected readonly problem = signal<string | undefined>(undefined);
  protected readonly reasonGiven = signal('');
  protected readonly failing = signal<readonly string[]>([]);

  protected async save(makeCurrent: boolean, description: string, overrideTests?: string): Promise<void> {
    if (this.busy()) return;
    this.problem.set(description.trim() === '' ? SAVE.describe : undefined);
    if (this.problem() !== undefined) return;
    this.busy.set(true);
    const result = await this.asked.save({ description: description.trim(), makeCurrent, overrideTests });
    this.busy.set(false);
    if (result.kind === 'tests-failed') this.failing.set(result.failing);
    else this.dialog.close({ ...result, makeCurrent });
  }
}
