import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';

export interface ReasonAsked {
  readonly title: string;
  readonly about: string;
  readonly lines: readonly string[];
  readonly label: string;
  readonly act: string;
  /** What stands in the field at the start. */
  readonly text?: string;
}

/** Asks for a text: why something is done all the same, or what something is to be called. Closes with the text. */
@Component({
  selector: 'parley-reason-dialog',
  imports: [MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ asked.title }}</h2>
    <mat-dialog-content>
      <p>{{ asked.about }}</p>
      @if (asked.lines.length > 0) {<div class="lines" role="region" tabindex="0" [attr.aria-label]="asked.about"><ul>@for (line of asked.lines; track line) {<li>{{ line }}</li>}</ul></div>}
      <label for="reason-text">{{ asked.label }}</label>
      <input #field id="reason-text" class="text-control" autocomplete="off" maxlength="1000" cdkFocusInitial [value]="written()" (input)="written.set(field.value)" (keydown.enter)="done.click()" />
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button type="button" class="control plain" mat-dialog-close>Cancel</button>
      <button #done type="button" class="control strong" [disabled]="written().trim() === ''" [mat-dialog-close]="written().trim()">{{ asked.act }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    mat-dialog-content { padding-bottom: 10px; }
    mat-dialog-actions { gap: 8px; padding: 8px 24px 18px; }
    p, label { color: var(--text); font-size: 0.8125rem; }
    .lines { max-height: 220px; margin: 8px 0; overflow: auto; }
    li { padding: 3px 0; color: var(--bad); font-size: 0.8125rem; overflow-wrap: anywhere; }
    label { display: block; margin: 12px 0 4px; font-weight: 550; }
    input { width: 100%; }
  `,
})
export class ReasonDialog {
  protected readonly asked = inject<ReasonAsked>(MAT_DIALOG_DATA);
  protected readonly written = signal(this.asked.text ?? '');
}
