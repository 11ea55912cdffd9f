import { ChangeDetectionStrategy, Component, inject, input, output } from '@angular/core';
import { Icon } from '../ui/icon';
import { Bulk } from './bulk';
import { BULK } from './bulk.text';
import { MOST_SELECTED, type SelectedAct } from './selected-acts';

/** What can be done to the selected rows, in the place of the filters; each act shows its plan first. */
@Component({
  selector: 'parley-selection',
  imports: [Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'toolbar', '[attr.aria-label]': 'text.selected(count())' },
  template: `
    <strong role="status">{{ text.selected(count()) }}</strong>
    @for (act of acts(); track act.action) {<button type="button" class="control" [disabled]="act.ids.length > most" [attr.title]="act.ids.length > most ? text.tooMany(most) : null" (click)="ask(act)">{{ text.onSelected[act.action](act.ids.length) }}</button>}
    @empty {<span class="faint">{{ text.nothingOfThese }}</span>}
    <button type="button" class="control plain" (click)="cleared.emit()"><parley-icon name="close" [size]="14" />{{ text.unselect }}</button>
  `,
  styles: `
    :host { display: flex; align-items: center; flex-wrap: wrap; gap: 8px; min-height: 44px; padding: 0 24px 12px; font-size: 0.8125rem; }
    strong { margin-inline-end: 8px; }
    @media (max-width: 700px) { :host { padding-inline: 12px; } }
  `,
})
export class SelectionBar {
  private readonly bulk = inject(Bulk);
  readonly count = input.required<number>();
  readonly acts = input.required<readonly SelectedAct[]>();
  readonly cleared = output();
  /** Something was done to some of them. */
  readonly acted = output();

  protected readonly text = BULK;
  protected readonly most = MOST_SELECTED;

  protected async ask({ action, ids }: SelectedAct): Promise<void> {
    if (!(await this.bulk.ask({ action, ids: [...ids] }))) return;
    this.cleared.emit();
    this.acted.emit();
  }
}
