import { ChangeDetectionStrategy, Component } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle } from '@angular/material/dialog';
import { SHELL } from './shell.text';

@Component({
  selector: 'parley-shortcut-help',
  imports: [MatButton, MatDialogActions, MatDialogClose, MatDialogContent, MatDialogTitle],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <h2 mat-dialog-title>{{ text.shortcuts }}</h2>
    <mat-dialog-content tabindex="0" role="region" [attr.aria-label]="text.shortcuts">
      <dl>
        @for (entry of text.keys; track entry.does) {<dt>@for (key of entry.keys; track key) {<kbd>{{ key }}</kbd>}</dt><dd>{{ entry.does }}</dd>}
        @for (place of destinations; track place.path) {<dt><kbd>g</kbd>&ngsp;<kbd>{{ place.key }}</kbd></dt><dd>{{ text.goTo }} {{ place.label.toLowerCase() }}</dd>}
      </dl>
    </mat-dialog-content>
    <mat-dialog-actions align="end"><button matButton="text" mat-dialog-close>{{ text.close }}</button></mat-dialog-actions>
  `,
  styles: `dl { display: grid; grid-template-columns: 64px 1fr; gap: 9px 16px; align-items: center; color: var(--text); font-size: 0.875rem; }`,
})
export class ShortcutHelp {
  protected readonly text = SHELL;
  protected readonly destinations = SHELL.groups.flatMap((group) => group.destinations);
}
