import { ChangeDetectionStrategy, Component, computed, effect, inject, input, signal, untracked } from '@angular/core';
import { Icon } from '../../ui/icon';
import { SuggestInput } from '../../ui/suggest-input';
import { mappingHow } from '../rule-words';
import { type Draft, isDraft, listAt, textAt } from './document-edit';
import { EditorDesk } from './editor-desk';
import { EDITOR } from './editor.text';
import { InsertPlace } from './insert-place';
import { MappingDetail } from './mapping-detail';
import { MappingSample } from './mapping-sample';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

/** Problems of what the row itself shows, and of a table, whose cells have no room for sentences; the others stand at their fields. */
const IN_ROW = /^\/\w+\/\d+\/(?:targetAttribute|counterName|template|sourceAttribute|type)$/;
const IN_TABLE = /^\/\w+\/\d+\/(?:sources|targets|rows|defaults)(?:\/|$)/;

/** One of the three lists of mappings: target · from · how · what it makes of the message beside it. */
@Component({
  selector: 'parley-mappings',
  imports: [Icon, MappingDetail, MappingSample, SuggestInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './mapping-list.html',
  styleUrl: './mapping-list.scss',
})
export class MappingList {
  private readonly store = inject(RuleEditorStore);
  protected readonly desk = inject(EditorDesk);
  protected readonly trial = inject(TrialStore);
  protected readonly place = inject(InsertPlace);

  /** Key of the list in the document. */
  readonly list = input.required<'virtualAttributeMappings' | 'mappings' | 'conversationAttributeMappings'>();
  readonly heading = input.required<string>();
  protected readonly text = EDITOR;
  protected readonly open = signal<ReadonlySet<number>>(new Set());
  protected readonly hasSample = computed(() => this.trial.sample() !== undefined);
  protected readonly mappings = computed(() => listAt(this.store.draft(), `/${this.list()}`).map((one, at) => {
    const mapping: Draft = isDraft(one) ? one : {};
    const pointer = `/${this.list()}/${String(at)}`;
    const type = textAt(mapping, '/type');
    const schema = this.desk.mappings().find((known) => known.type === type)?.schema;
    const keys = isDraft(schema?.['properties']) ? Object.keys(schema['properties']) : [];
    const problems = this.trial.problemsBelow(pointer);
    const shows = this.open().has(at) || problems.some(({ pointer: where }) => !IN_ROW.test(where));
    return {
      mapping, pointer, type, hasProblem: problems.length > 0, shows, problems: shows ? problems.filter(({ pointer: where }) => where === pointer || IN_ROW.test(where) || IN_TABLE.test(where)) : problems,
      targetKey: ['targetAttribute', 'counterName'].find((key) => keys.includes(key)), sourceKey: ['template', 'sourceAttribute'].find((key) => keys.includes(key)),
      targets: listAt(mapping, '/targets').map(String).join(', '), sources: listAt(mapping, '/sources').map(String).join(', '),
      how: mappingHow(mapping), trial: this.trial.mapping(pointer),
    };
  }));

  constructor() {
    effect(() => {
      const wanted = this.desk.toOpen();
      const at = this.mappings().findIndex(({ pointer }) => pointer === wanted);
      if (at === -1) return;
      this.desk.toOpen.set(undefined);
      this.open.update((open) => new Set([...open, at]));
      untracked(() => { this.focus(at); });
    });
  }

  protected write(pointer: string, value: unknown): void { this.store.write(pointer, value); }
  protected textOf(mapping: Draft, key: string): string { return textAt(mapping, `/${key}`); }

  protected toggle(at: number): void {
    this.open.update((open) => { const next = new Set(open); if (!next.delete(at)) next.add(at); return next; });
  }

  protected add(mapping: Draft): void {
    const at = this.desk.add(`/${this.list()}`, mapping);
    if (mapping['type'] === 'Table') this.toggle(at);
    this.focus(at);
  }

  protected addSingle(): void { this.add({ type: 'Single', template: '', targetAttribute: '' }); }
  protected addTable(): void { this.add({ type: 'Table', sources: [''], targets: [''], rows: [] }); }

  protected remove(at: number): void {
    this.open.set(new Set());
    this.desk.remove(`/${this.list()}`, at);
    this.focus(Math.max(0, at - 1));
  }

  /** Alt and an arrow move the mapping in hand. */
  protected press(event: KeyboardEvent, at: number): void {
    const by = event.altKey && event.key === 'ArrowUp' ? -1 : event.altKey && event.key === 'ArrowDown' ? 1 : 0;
    if (by === 0) return;
    event.preventDefault();
    this.move(at, at + by);
  }

  protected move(from: number, to: number): void {
    if (to < 0 || to >= this.mappings().length) return;
    this.open.set(new Set());
    this.desk.move(`/${this.list()}`, from, to);
    this.focus(to);
  }

  private focus(at: number): void {
    setTimeout(() => { document.querySelector<HTMLElement>(`[data-mapping="/${this.list()}/${String(at)}"] :is(input, textarea, .static)`)?.focus(); });
  }
}
