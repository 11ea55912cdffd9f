import { ChangeDetectionStrategy, Component, Injectable, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialog, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';

export interface Asked {
  readonly title: string;
  /** What will happen, in one sentence. */
  readonly text: string;
  /** The word on the button that does it. */
  readonly act: string;
}

@Component({
  selector: 'parley-question',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ asked.title }}</h2>
    <mat-dialog-content>{{ asked.text }}</mat-dialog-content>
    <mat-dialog-actions align="end">
      <button matButton="text" [mat-dialog-close]="false">Keep</button>
      <button matButton="filled" [mat-dialog-close]="true">{{ asked.act }}</button>
    </mat-dialog-actions>
  `,
})
export class QuestionDialog {
  protected readonly asked = inject<Asked>(MAT_DIALOG_DATA);
}

/** Asks before something that cannot be taken back. */
@Injectable({ providedIn: 'root' })
export class Question {
  private readonly dialog = inject(MatDialog);

  /** True where the person wants it done. */
  async ask(asked: Asked): Promise<boolean> {
    const answer: unknown = await firstValueFrom(this.dialog.open(QuestionDialog, { data: asked, width: '440px' }).afterClosed(), { defaultValue: false });
    return answer === true;
  }
}
