import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Icon } from '../../ui/icon';
import { operatorWords } from '../../ui/operator-words';
import { SuggestInput } from '../../ui/suggest-input';
import { type Draft, isDraft, listAt } from './document-edit';
import { EditorDesk } from './editor-desk';
import { EDITOR } from './editor.text';
import { InsertPlace } from './insert-place';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

/** Conditions that must all hold, each with what it says of the message beside it. */
@Component({
  selector: 'parley-conditions',
  imports: [Icon, SuggestInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './condition-list.html',
  styleUrl: './condition-list.scss',
})
export class ConditionList {
  private readonly store = inject(RuleEditorStore);
  protected readonly desk = inject(EditorDesk);
  protected readonly trial = inject(TrialStore);
  protected readonly place = inject(InsertPlace);

  readonly label = input.required<string>();
  /** Pointer of the list. */
  readonly list = input.required<string>();
  protected readonly text = EDITOR;
  protected readonly words = operatorWords;
  protected readonly conditions = computed(() => listAt(this.store.draft(), this.list()).map((one, at) => {
    const condition: Draft = isDraft(one) ? one : {};
    const operator = typeof condition['operator'] === 'string' ? condition['operator'] : '';
    const pointer = `${this.list()}/${String(at)}`;
    return {
      pointer, operator, attribute: typeof condition['attribute'] === 'string' ? condition['attribute'] : '', values: listAt(condition, '/values').map(String),
      takesValues: this.desk.operators().find((known) => known.operator === operator)?.takesValues ?? true, trial: this.trial.condition(pointer),
    };
  }));

  protected add(): void {
    const at = this.desk.add(this.list(), { attribute: '', operator: 'EQUALS', values: [''] });
    setTimeout(() => { document.getElementById(`${this.list()}/${String(at)}/attribute`)?.focus(); });
  }

  protected write(pointer: string, value: unknown): void { this.store.write(pointer, value); }

  protected chooseOperator(pointer: string, operator: string): void {
    this.store.write(`${pointer}/operator`, operator);
    const takesValues = this.desk.operators().find((known) => known.operator === operator)?.takesValues === true;
    const values = listAt(this.store.draft(), `${pointer}/values`);
    if (takesValues && values.length === 0) this.store.write(`${pointer}/values`, ['']);
    if (!takesValues && values.length > 0) this.store.write(`${pointer}/values`, []);
  }

  protected addValue(pointer: string, count: number): void {
    this.store.write(`${pointer}/values/${String(count)}`, '');
    setTimeout(() => { document.getElementById(`${pointer}/values/${String(count)}`)?.focus(); });
  }
}
