import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { withMember } from '../../schema-form/form-value';
import { SchemaField } from '../../schema-form/schema-field';
import { Icon } from '../../ui/icon';
import { Systems } from '../../system/systems';
import { type Draft, isDraft, listAt, textAt } from './document-edit';
import { EditorDesk } from './editor-desk';
import { EDITOR } from './editor.text';
import { kindFields } from './kind-fields';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

const TIMEOUT_KEYS = ['timeoutSeconds', 'onTimeout'];

/** What an execution waits for; kinds and their keys come from the server. */
@Component({
  selector: 'parley-delays',
  imports: [Icon, SchemaField],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="panel" [attr.aria-label]="text.sections.delays">
      <header><h2>{{ text.sections.delays }} <span class="faint number">{{ delays().length }}</span></h2><span class="faint small">{{ text.delaysAbout }}</span></header>
      @for (one of delays(); track $index) {
        <div class="panel-body one" role="group" [attr.aria-label]="one.label">
          <div class="head"><strong>{{ one.label }}</strong><span class="faint small">{{ one.meaning }}</span><button type="button" class="control square plain" [attr.aria-label]="text.remove + ' ' + one.label" [attr.title]="text.remove" (click)="desk.remove('/delayConditions', $index)"><parley-icon name="close" [size]="14" /></button></div>
          <div class="fields">@for (field of one.fields; track field.name) {<parley-schema-field [field]="field" [value]="one.delay[field.name]" [pointer]="one.pointer + '/' + field.name" [problems]="trial.problems()" (changed)="write(one.pointer, one.delay, field.name, $event)" />}</div>
        </div>
      } @empty {<p class="panel-body faint">{{ text.noDelays }}</p>}
      <div class="foot">@for (kind of desk.delays(); track kind.type) {<button type="button" class="control small" [attr.title]="kind.meaning" (click)="add(kind.type)">+ {{ text.kinds[kind.type] ?? kind.type }}</button>}</div>
      @if (delays().length > 0) {
        <div class="panel-body limits" role="group" [attr.aria-label]="text.timeout"><p>{{ text.timeout }}</p><div class="fields">@for (field of limits(); track field.name) {<parley-schema-field [field]="field" [value]="draft()[field.name]" [pointer]="'/' + field.name" [problems]="trial.problems()" (changed)="writeLimit(field.name, $event)" />}</div></div>
      }
    </section>
  `,
  styles: `
    .small { font-size: 0.75rem; }
    .one { border-bottom: 1px solid var(--line); }
    .head { display: flex; align-items: center; gap: 10px; margin-bottom: 8px; font-size: 0.8125rem; span { flex: 1; } }
    .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(210px, 100%), 1fr)); gap: 10px 16px; align-items: start; }
    .foot { display: flex; gap: 8px; padding: 10px 16px; }
    .limits { border-top: 1px solid var(--line); p { margin-bottom: 8px; font-size: 0.8125rem; font-weight: 550; } }
  `,
})
export class DelayList {
  private readonly store = inject(RuleEditorStore);
  private readonly systems = inject(Systems);
  protected readonly desk = inject(EditorDesk);
  protected readonly trial = inject(TrialStore);
  protected readonly text = EDITOR;
  protected readonly draft = this.store.draft;
  private readonly endpoints = computed(() => this.systems.choices().map((choice) => choice.value));
  protected readonly delays = computed(() => listAt(this.draft(), '/delayConditions').map((one, at) => {
    const delay: Draft = isDraft(one) ? one : {};
    const type = textAt(delay, '/type');
    const kind = this.desk.delays().find((known) => known.type === type);
    return { delay, type, pointer: `/delayConditions/${String(at)}`, label: EDITOR.kinds[type] ?? type, meaning: kind?.meaning ?? '', fields: kind === undefined ? [] : kindFields(kind.schema, { choices: { endpoint: this.endpoints() } }) };
  }));
  protected readonly limits = computed(() => { const rule = this.store.definitions()?.rule ?? {}; return kindFields(rule).filter((field) => TIMEOUT_KEYS.includes(field.name)); });

  protected add(type: string): void {
    const kind = this.desk.delays().find((known) => known.type === type);
    const fields = kind === undefined ? [] : kindFields(kind.schema, { choices: { endpoint: this.endpoints() } });
    // A choice that must be made shows its first answer: then it is that answer.
    const begun = fields.flatMap((field) => (field.kind === 'choice' && field.isRequired ? [[field.name, field.choices[0]]] : []));
    this.desk.add('/delayConditions', { type, ...(Object.fromEntries(begun) as Draft) });
  }

  protected write(pointer: string, delay: Draft, key: string, value: unknown): void { this.store.write(pointer, withMember(delay, key, value)); }
  protected writeLimit(key: string, value: unknown): void { this.store.write(`/${key}`, value); }
}
