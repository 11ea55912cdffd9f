import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { withMember } from '../../schema-form/form-value';
import { Icon } from '../../ui/icon';
import { type SheetColumn, SheetGrid } from '../../ui/sheet-grid';
import type { Cells } from '../../ui/sheet-edit';
import { SuggestInput } from '../../ui/suggest-input';
import { type Draft } from './document-edit';
import { EditorDesk } from './editor-desk';
import { EDITOR } from './editor.text';
import { InsertPlace } from './insert-place';
import { RuleEditorStore } from './rule-editor-store';
import { UNTOUCHED, cellOfPointer, sheetOf, thenCell, thenText, withSheet, wordsForWhen } from './table-cells';
import { TrialStore } from './trial-store';

/** A table mapping: which attributes it looks at and writes, its rows as a grid, and what is written where none fits. */
@Component({
  selector: 'parley-table-editor',
  imports: [Icon, SheetGrid, SuggestInput],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './table-editor.html',
  styleUrl: './table-editor.scss',
})
export class TableEditor {
  private readonly store = inject(RuleEditorStore);
  private readonly trial = inject(TrialStore);
  protected readonly desk = inject(EditorDesk);
  protected readonly place = inject(InsertPlace);

  readonly mapping = input.required<Draft>();
  readonly pointer = input.required<string>();
  readonly list = input.required<string>();
  protected readonly text = EDITOR;
  protected readonly sheet = computed(() => sheetOf(this.mapping()));
  protected readonly sides = computed(() => [
    { key: 'sources' as const, label: EDITOR.sources, add: EDITOR.addSource, names: this.sheet().sources, suggestions: this.desk.readable(true) },
    { key: 'targets' as const, label: EDITOR.targets, add: EDITOR.addTarget, names: this.sheet().targets, suggestions: this.desk.writable(this.list()) },
  ]);
  protected readonly columns = computed<readonly SheetColumn[]>(() => [
    ...this.sheet().sources.map((name) => ({ name, words: wordsForWhen(this.desk.matchers()), blank: '' })),
    ...this.sheet().targets.map((name, at) => ({ name, sign: '→', words: [UNTOUCHED], blank: '', begins: at === 0 })),
  ]);
  protected readonly problems = computed(() => new Map(this.trial.problemsBelow(this.pointer()).flatMap(({ pointer, detail }) => {
    const cell = cellOfPointer(pointer.slice(this.pointer().length), this.sheet().sources.length);
    return cell === undefined ? [] : [[`${String(cell.row)}:${String(cell.column)}`, detail] as const];
  })));
  protected readonly defaults = computed(() => { const defaults = this.mapping()['defaults']; return Array.isArray(defaults) ? this.sheet().targets.map((_, at) => thenText((defaults as readonly unknown[])[at])) : undefined; });

  protected writeCells(rows: Cells): void { this.store.write(this.pointer(), withSheet(this.mapping(), { ...this.sheet(), rows })); }
  protected rename(side: 'sources' | 'targets', at: number, name: string): void { this.store.write(`${this.pointer()}/${side}/${String(at)}`, name); }

  protected addColumn(side: 'sources' | 'targets'): void {
    const { sources, targets, rows } = this.sheet();
    const at = side === 'sources' ? sources.length : sources.length + targets.length;
    const next = { sources: side === 'sources' ? [...sources, ''] : sources, targets: side === 'targets' ? [...targets, ''] : targets, rows: rows.map((row) => row.toSpliced(at, 0, side === 'sources' ? '‹any›' : UNTOUCHED)) };
    const defaults = this.mapping()['defaults'];
    const mapping = side === 'targets' && Array.isArray(defaults) ? { ...this.mapping(), defaults: [...(defaults as readonly unknown[]), null] } : this.mapping();
    this.store.write(this.pointer(), withSheet(mapping, next));
  }

  protected removeColumn(side: 'sources' | 'targets', at: number): void {
    const { sources, targets, rows } = this.sheet();
    const column = side === 'sources' ? at : sources.length + at;
    const next = { sources: side === 'sources' ? sources.toSpliced(at, 1) : sources, targets: side === 'targets' ? targets.toSpliced(at, 1) : targets, rows: rows.map((row) => row.toSpliced(column, 1)) };
    const defaults = this.mapping()['defaults'];
    const mapping = side === 'targets' && Array.isArray(defaults) ? { ...this.mapping(), defaults: (defaults as readonly unknown[]).toSpliced(at, 1) } : this.mapping();
    this.store.write(this.pointer(), withSheet(mapping, next));
  }

  protected chooseDefaults(writes: boolean): void { this.store.write(this.pointer(), withMember(this.mapping(), 'defaults', writes ? this.sheet().targets.map(() => '') : undefined)); }
  protected writeDefault(at: number, typed: string): void { this.store.write(`${this.pointer()}/defaults`, (this.defaults() ?? []).map((text, place) => thenCell(place === at ? typed : text))); }
}
