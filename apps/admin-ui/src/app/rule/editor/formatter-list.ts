import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { withMember } from '../../schema-form/form-value';
import { SchemaField } from '../../schema-form/schema-field';
import { Icon } from '../../ui/icon';
import { type Draft, isDraft, listAt, textAt } from './document-edit';
import { EditorDesk } from './editor-desk';
import { EDITOR } from './editor.text';
import { kindFields } from './kind-fields';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

/** The formatters of a mapping, in order; kinds and their keys come from the server. */
@Component({
  selector: 'parley-formatters',
  imports: [Icon, SchemaField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="list" role="group" [attr.aria-label]="text.formatters">
      <p class="name">{{ text.formatters }}</p>
      @for (one of formatters(); track $index) {
        <div class="one" role="group" [attr.aria-label]="one.type">
          <div class="head">
            <strong class="fixed">{{ $index + 1 }}. {{ one.type }}</strong><span class="faint meaning">{{ one.meaning }}</span>
            <button type="button" class="control square plain" [disabled]="$first" [attr.aria-label]="text.up + ' ' + one.type" [attr.title]="text.up" (click)="desk.move(list(), $index, $index - 1)"><parley-icon name="up" [size]="13" /></button>
            <button type="button" class="control square plain" [disabled]="$last" [attr.aria-label]="text.down + ' ' + one.type" [attr.title]="text.down" (click)="desk.move(list(), $index, $index + 1)"><parley-icon name="down" [size]="13" /></button>
            <button type="button" class="control square plain" [attr.aria-label]="text.remove + ' ' + one.type" [attr.title]="text.remove" (click)="desk.remove(list(), $index)"><parley-icon name="close" [size]="13" /></button>
          </div>
          @if (one.fields.length > 0) {
            <div class="fields">@for (field of one.fields; track field.name) {<parley-schema-field [field]="field" [value]="one.formatter[field.name]" [pointer]="one.pointer + '/' + field.name" [problems]="trial.problems()" (changed)="write(one.pointer, one.formatter, field.name, $event)" />}</div>
          }
        </div>
      } @empty {<p class="faint none">{{ text.noFormatters }}</p>}
      <select class="text-control" [attr.aria-label]="text.addFormatter" (change)="add($any($event.target))">
        <option value="" selected>{{ text.chooseFormatter }}</option>
        @for (kind of desk.formatters(); track kind.type) {<option [value]="kind.type">{{ kind.type }} – {{ kind.meaning }}</option>}
      </select>
    </div>
  `,
  styles: `
    .list { display: grid; gap: 6px; }
    .name { font-size: 0.8125rem; font-weight: 550; }
    .one { padding: 6px 8px 8px 12px; border: 1px solid var(--line); border-radius: 8px; background: var(--surface); font-size: 0.8125rem; }
    .head { display: flex; align-items: center; gap: 4px; }
    .meaning { flex: 1; min-width: 0; margin-inline-start: 8px; font-size: 0.75rem; }
    .square { width: 26px; height: 26px; }
    .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(190px, 100%), 1fr)); gap: 8px 14px; margin-top: 6px; align-items: start; }
    .none { font-size: 0.75rem; }
    select { justify-self: start; width: 250px; max-width: 100%; height: 28px; font-size: 0.75rem; padding: 0 6px; }
  `,
})
export class FormatterList {
  private readonly store = inject(RuleEditorStore);
  protected readonly desk = inject(EditorDesk);
  protected readonly trial = inject(TrialStore);

  /** Pointer of the list. */
  readonly list = input.required<string>();
  protected readonly text = EDITOR;
  protected readonly formatters = computed(() => listAt(this.store.draft(), this.list()).map((one, at) => {
    const formatter: Draft = isDraft(one) ? one : {};
    const type = textAt(formatter, '/type');
    const kind = this.desk.formatters().find((known) => known.type === type);
    return { formatter, type, pointer: `${this.list()}/${String(at)}`, meaning: kind?.meaning ?? '', fields: kind === undefined ? [] : kindFields(kind.schema) };
  }));

  protected write(pointer: string, formatter: Draft, key: string, value: unknown): void { this.store.write(pointer, withMember(formatter, key, value)); }

  protected add(select: HTMLSelectElement): void {
    if (select.value !== '') this.store.write(this.list(), [...listAt(this.store.draft(), this.list()), { type: select.value }]);
    select.value = '';
  }
}
