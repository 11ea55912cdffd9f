import { ChangeDetectionStrategy, ChangeDetectorRef, Component, type ElementRef, computed, effect, inject, input, output, signal, viewChild } from '@angular/core';
import { type CellPlace, type Cells, cellsIn, filled, isIn, moveBy, paste, rangeOf } from './sheet-edit';
import { SHEET } from './sheet-grid.text';
import { readTsv, writeTsv } from './tsv';

export interface SheetColumn {
  /** As a line of column names in a spreadsheet has it. */
  readonly name: string;
  /** What stands before the name at its head. */
  readonly sign?: string;
  /** Words that mean something special in its cells. */
  readonly words: readonly string[];
  /** What a new cell holds. */
  readonly blank: string;
  /** Begins another group of columns. */
  readonly begins?: boolean;
}

const ROW_PX = 28;
const SPARE = 12;
let made = 0;

/** A grid of text cells as spreadsheets have it: arrows move, typing writes, Shift marks, copy and paste carry tab-separated text. Only rows that are seen are drawn. */
@Component({
  selector: 'parley-sheet',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './sheet-grid.html',
  styleUrl: './sheet-grid.scss',
})
export class SheetGrid {
  readonly label = input.required<string>();
  readonly columns = input.required<readonly SheetColumn[]>();
  readonly cells = input.required<Cells>();
  /** What is wrong, by `row:column`. */
  readonly problems = input<ReadonlyMap<string, string>>(new Map());
  readonly readOnly = input(false);
  readonly changed = output<Cells>();

  private readonly changes = inject(ChangeDetectorRef);
  private readonly scroller = viewChild.required<ElementRef<HTMLElement>>('scroller');
  private readonly editor = viewChild<ElementRef<HTMLInputElement>>('editor');
  private readonly top = signal(0);
  protected readonly text = SHEET;
  protected readonly id = `sheet-${String(++made)}`;
  protected readonly active = signal<CellPlace>({ row: 0, column: 0 });
  private readonly anchor = signal<CellPlace>({ row: 0, column: 0 });
  /** What is being written; undefined while nothing is. */
  protected readonly editing = signal<string | undefined>(undefined);
  protected readonly told = signal('');
  protected readonly range = computed(() => rangeOf(this.active(), this.anchor()));
  protected readonly drawn = computed(() => {
    const count = this.cells().length;
    const first = Math.max(0, Math.min(Math.floor(this.top() / ROW_PX) - SPARE, count - 1));
    const last = Math.min(count, first + 40 + 2 * SPARE);
    return { first, before: first * ROW_PX, after: Math.max(0, count - last) * ROW_PX, rows: this.cells().slice(first, last) };
  });
  protected readonly activeId = computed(() => (this.cells().length === 0 ? null : this.cellId(this.active().row, this.active().column)));
  protected readonly activeProblem = computed(() => this.problems().get(`${String(this.active().row)}:${String(this.active().column)}`));

  constructor() {
    effect(() => {
      // Rows and columns may have gone while the cursor stood on them.
      const { row, column } = this.active();
      const inside = { row: Math.max(0, Math.min(row, this.cells().length - 1)), column: Math.max(0, Math.min(column, this.columns().length - 1)) };
      if (inside.row !== row || inside.column !== column) this.goTo(inside, false);
    });
  }

  protected cellId(row: number, column: number): string { return `${this.id}-${String(row)}-${String(column)}`; }
  protected isMarked(row: number, column: number): boolean { return isIn(this.range(), row, column); }
  protected isSpecial(column: number, text: string): boolean { return this.columns()[column]?.words.includes(text) === true; }
  protected problemOf(row: number, column: number): string | undefined { return this.problems().get(`${String(row)}:${String(column)}`); }
  protected scrolled(): void { this.top.set(this.scroller().nativeElement.scrollTop); }

  protected point(event: MouseEvent, row: number, column: number): void {
    if (this.editing() !== undefined) this.commit();
    this.goTo({ row, column }, event.shiftKey);
  }

  protected press(event: KeyboardEvent): void {
    if (this.editing() !== undefined || event.altKey) return;
    const size = { rows: this.cells().length, columns: this.columns().length, page: 10 };
    const next = moveBy(event, this.active(), size);
    if (next !== undefined) {
      event.preventDefault();
      this.goTo(next, event.shiftKey);
      return;
    }
    if (this.readOnly()) return;
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() === 'a') { event.preventDefault(); this.markAll(); }
      if (event.key === 'Enter') { event.preventDefault(); this.addRow(); }
      return;
    }
    if (event.key === 'Enter' || event.key === 'F2') { event.preventDefault(); this.edit(this.cells()[this.active().row]?.[this.active().column] ?? ''); }
    else if (event.key === 'Delete' || event.key === 'Backspace') { event.preventDefault(); this.clear(); }
    else if (event.key.length === 1) { event.preventDefault(); this.edit(event.key); }
  }

  protected pressInCell(event: KeyboardEvent): void {
    event.stopPropagation();
    if (event.isComposing) return;
    const { row, column } = this.active();
    if (event.key === 'Escape') { event.preventDefault(); this.stop(); }
    else if (event.key === 'Enter') { event.preventDefault(); this.commit(); this.goTo({ row: Math.min(row + 1, this.cells().length - 1), column }, false); this.scroller().nativeElement.focus(); }
    else if (event.key === 'Tab') {
      event.preventDefault();
      this.commit();
      this.goTo({ row, column: Math.min(this.columns().length - 1, Math.max(0, column + (event.shiftKey ? -1 : 1))) }, false);
      this.scroller().nativeElement.focus();
    }
  }

  protected edit(text: string): void {
    if (this.readOnly() || this.cells().length === 0) return;
    this.editing.set(text);
    // At once: the next key comes to the field, however fast somebody types.
    this.changes.detectChanges();
    this.editor()?.nativeElement.focus();
  }

  /** Writes what stands in the field; once, though leaving it by a key blurs it as well. */
  protected commit(): void {
    if (this.editing() === undefined) return;
    const text = this.editor()?.nativeElement.value;
    this.editing.set(undefined);
    const { row, column } = this.active();
    if (text !== undefined && text !== this.cells()[row]?.[column]) this.changed.emit(filled(this.cells(), rangeOf(this.active(), this.active()), text));
  }

  protected copy(event: ClipboardEvent): void {
    if (this.editing() !== undefined) return;
    event.clipboardData?.setData('text/plain', writeTsv(cellsIn(this.cells(), this.range())));
    event.preventDefault();
    if (event.type === 'cut' && !this.readOnly()) this.clear();
  }

  protected pasted(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData('text/plain') ?? '';
    if (this.editing() !== undefined || this.readOnly() || text === '') return;
    event.preventDefault();
    const names = this.columns().map((column) => column.name);
    const done = paste(this.cells(), this.range(), readTsv(text), { names, blank: this.columns().map((column) => column.blank) });
    this.changed.emit(done.cells);
    this.anchor.set({ row: done.range.top, column: done.range.left });
    this.active.set({ row: done.range.bottom, column: done.range.right });
    this.told.set(SHEET.pasted(done.range.bottom - done.range.top + 1, done.columnsLost, done.hadHeader));
  }

  protected addRow(): void {
    const at = this.cells().length === 0 ? 0 : this.range().bottom + 1;
    this.changed.emit(this.cells().toSpliced(at, 0, this.columns().map((column) => column.blank)));
    this.goTo({ row: at, column: 0 }, false);
    this.scroller().nativeElement.focus();
  }

  protected removeRows(): void {
    const { top, bottom } = this.range();
    this.changed.emit(this.cells().toSpliced(top, bottom - top + 1));
    this.told.set(SHEET.removed(bottom - top + 1));
    this.goTo({ row: Math.max(0, top - 1), column: this.active().column }, false);
  }

  protected moveRows(by: number): void {
    const { top, bottom } = this.range();
    if (top + by < 0 || bottom + by >= this.cells().length) return;
    const block = this.cells().slice(top, bottom + 1);
    this.changed.emit(this.cells().toSpliced(top, block.length).toSpliced(top + by, 0, ...block));
    this.anchor.update((place) => ({ ...place, row: place.row + by }));
    this.active.update((place) => ({ ...place, row: place.row + by }));
  }

  protected write(word: string): void {
    this.changed.emit(filled(this.cells(), this.range(), word));
    this.scroller().nativeElement.focus();
  }

  private clear(): void { this.changed.emit(filled(this.cells(), this.range(), '')); }
  private stop(): void { this.editing.set(undefined); this.scroller().nativeElement.focus(); }

  private markAll(): void {
    this.anchor.set({ row: 0, column: 0 });
    this.active.set({ row: Math.max(0, this.cells().length - 1), column: this.columns().length - 1 });
  }

  private goTo(place: CellPlace, marks: boolean): void {
    this.active.set(place);
    if (!marks) this.anchor.set(place);
    const box = this.scroller().nativeElement;
    const [from, until] = [place.row * ROW_PX, (place.row + 2) * ROW_PX];
    if (from < box.scrollTop) box.scrollTop = from;
    else if (until > box.scrollTop + box.clientHeight) box.scrollTop = until - box.clientHeight;
    this.top.set(box.scrollTop);
  }
}
