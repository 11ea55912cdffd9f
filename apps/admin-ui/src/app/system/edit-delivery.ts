import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import { ACTS } from './delivery-acts.text';
import { readAttributes } from './read-attributes';

export interface DeliveryToEdit {
  readonly attributes: Readonly<Record<string, unknown>>;
}

export interface EditedDelivery {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly reason: string;
}

/** Changes what a delivery carries before it is sent again. */
@Component({
  selector: 'parley-edit-delivery',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ text.editTitle }}</h2>
    <mat-dialog-content>
      <p class="soft">{{ text.editAbout }}</p>
      <label>{{ text.editAttributes }}<textarea #json class="text-control fixed" rows="14" spellcheck="false" autocomplete="off" [value]="before" [attr.aria-invalid]="problem() !== undefined" aria-describedby="edit-problem"></textarea></label>
      <p id="edit-problem" class="bad" role="alert">{{ problem() }}</p>
      <label>{{ text.editReason }}<input #reason class="text-control" maxlength="1000" autocomplete="off" /></label>
    </mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="text" [mat-dialog-close]="undefined">{{ text.keep }}</button>
      <button matButton="filled" (click)="send(json.value, reason.value)">{{ text.editSend }}</button>
    </mat-dialog-actions>
  `,
  styles: `
    label { display: grid; gap: 4px; margin-top: 12px; color: var(--text); font-size: 0.8125rem; font-weight: 550; }
    textarea { height: auto; padding: 10px; line-height: 1.5; resize: vertical; font-weight: 400; }
    .bad { min-height: 1.4em; color: var(--bad); font-size: 0.8125rem; }
  `,
})
export class EditDelivery {
  private readonly dialog = inject<MatDialogRef<EditDelivery, EditedDelivery>>(MatDialogRef);
  protected readonly text = ACTS;
  protected readonly before = JSON.stringify(inject<DeliveryToEdit>(MAT_DIALOG_DATA).attributes, null, 2);
  protected readonly problem = signal<string | undefined>(undefined);

  protected send(json: string, reason: string): void {
    const read = readAttributes(json);
    if ('problem' in read) this.problem.set(read.problem);
    else this.dialog.close({ attributes: read.attributes, reason: reason.trim() });
  }
}
