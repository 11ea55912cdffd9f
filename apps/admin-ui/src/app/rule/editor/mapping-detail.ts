import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { withMember } from '../../schema-form/form-value';
import { SchemaField } from '../../schema-form/schema-field';
import { FieldShell } from '../../ui/field-shell';
import { SuggestInput } from '../../ui/suggest-input';
import { type Draft, isDraft, textAt } from './document-edit';
import { EditorDesk } from './editor-desk';
import { EDITOR } from './editor.text';
import { FormatterList } from './formatter-list';
import { InsertPlace } from './insert-place';
import { kindFields } from './kind-fields';
import { RuleEditorStore } from './rule-editor-store';
import { TableEditor } from './table-editor';
import { TrialStore } from './trial-store';

/** Keys that have a place of their own: in the row, in the list of formatters, in the grid. */
const ELSEWHERE: readonly string[] = ['type', 'targetAttribute', 'sourceAttribute', 'counterName', 'template', 'elementTemplate', 'sourceFormatters', 'sources', 'targets', 'rows', 'defaults'];

/** Everything about a mapping that its row does not show. */
@Component({
  selector: 'parley-mapping-detail',
  imports: [FieldShell, FormatterList, SchemaField, SuggestInput, TableEditor],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="fields">
      <parley-field [label]="text.kind" [for]="pointer() + '/type'" [help]="meaning()">
        <select class="text-control" [id]="pointer() + '/type'" (change)="chooseKind($any($event.target).value)">
          @if (!meaning()) {<option [value]="type()" selected>{{ type() || text.choose }}</option>}
          @for (kind of kinds(); track kind.type) {<option [value]="kind.type" [selected]="kind.type === type()">{{ kind.type }}</option>}
        </select>
      </parley-field>
      @if (has('elementTemplate')) {
        <parley-field label="Element template" [for]="pointer() + '/elementTemplate'" help="What is written of each element; reads its own fields.">
          <parley-suggest [fieldId]="pointer() + '/elementTemplate'" label="Element template" [value]="textOf('elementTemplate')" [suggestions]="desk.readable(true)" (changed)="writeKey('elementTemplate', $event || undefined)" (entered)="place.enter($event)" />
        </parley-field>
      }
      @for (field of fields(); track type() + field.name) {<parley-schema-field [field]="field" [value]="mapping()[field.name]" [pointer]="pointer() + '/' + field.name" [problems]="trial.problems()" (changed)="writeKey(field.name, $event)" />}
    </div>
    @if (has('rows')) {<parley-table-editor [mapping]="mapping()" [pointer]="pointer()" [list]="list()" />}
    @if (has('sourceFormatters')) {<parley-formatters [list]="pointer() + '/sourceFormatters'" />}
  `,
  styles: `
    :host { display: grid; gap: 12px; padding-top: 4px; }
    .fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(210px, 100%), 1fr)); gap: 10px 16px; align-items: start; }
    parley-field:first-child { grid-column: 1 / -1; }
    select { width: 100%; max-width: 240px; height: 32px; padding: 0 6px; }
  `,
})
export class MappingDetail {
  private readonly store = inject(RuleEditorStore);
  protected readonly desk = inject(EditorDesk);
  protected readonly trial = inject(TrialStore);
  protected readonly place = inject(InsertPlace);

  readonly mapping = input.required<Draft>();
  readonly pointer = input.required<string>();
  readonly list = input.required<string>();
  protected readonly text = EDITOR;
  protected readonly type = computed(() => textAt(this.mapping(), '/type'));
  protected readonly kinds = computed(() => this.desk.mappings().filter((kind) => !kind.onlyInConversation || this.list() === 'conversationAttributeMappings'));
  private readonly kind = computed(() => this.kinds().find((one) => one.type === this.type()));
  protected readonly meaning = computed(() => this.kind()?.meaning);
  private readonly keys = computed(() => { const properties = this.kind()?.schema['properties'] as unknown; return isDraft(properties) ? Object.keys(properties) : []; });
  protected readonly fields = computed(() => { const kind = this.kind(); return kind === undefined ? [] : kindFields(kind.schema, { without: ELSEWHERE }); });

  protected has(key: string): boolean { return this.keys().includes(key); }
  protected textOf(key: string): string { return textAt(this.mapping(), `/${key}`); }
  protected writeKey(key: string, value: unknown): void { this.store.write(this.pointer(), withMember(this.mapping(), key, value)); }

  /** Another kind takes over what it has in common with the one before. */
  protected chooseKind(type: string): void {
    const next = this.kinds().find((kind) => kind.type === type);
    const properties = next?.schema['properties'] as unknown;
    if (next === undefined || !isDraft(properties)) return;
    const kept = Object.entries(this.mapping()).filter(([key]) => key !== 'type' && key in properties);
    const target = this.textOf('targetAttribute') || String((this.mapping()['targets'] as readonly unknown[] | undefined)?.[0] ?? '');
    const source = /^\$\{([^}]+)\}$/.exec(this.textOf('template'))?.[1] ?? (this.textOf('sourceAttribute') || String((this.mapping()['sources'] as readonly unknown[] | undefined)?.[0] ?? ''));
    const begun = {
      ...('targetAttribute' in properties ? { targetAttribute: target } : {}), ...('template' in properties ? { template: source === '' ? '' : `\${${source}}` } : {}),
      ...('sourceAttribute' in properties ? { sourceAttribute: source } : {}), ...('counterName' in properties ? { counterName: target } : {}),
      ...('rows' in properties ? { sources: [source], targets: [target], rows: [] } : {}),
    };
    this.store.write(this.pointer(), { type, ...begun, ...Object.fromEntries(kept) });
  }
}
