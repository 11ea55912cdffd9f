import { ChangeDetectionStrategy, Component, computed, input, signal } from '@angular/core';
import { CopyButton } from './copy-button';
import { Icon } from './icon';
import { attributeRows, matchingRows } from './attribute-rows';

/** Below this many attributes an eye is quicker than a filter. */
const WORTH_FILTERING = 6;

/** Attributes by name, filterable where there are many. */
@Component({
  selector: 'parley-attributes',
  imports: [CopyButton, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (filterable()) {
      <label class="search">
        <span class="unseen">Filter attributes</span><parley-icon name="filter" [size]="15" />
        <input #box type="search" autocomplete="off" spellcheck="false" placeholder="Filter by name or value" [value]="search()" (input)="search.set(box.value)" />
      </label>
    }
    @if (rows().length > 0) {
      <table>
        <thead class="unseen"><tr><th scope="col">Attribute</th><th scope="col">Value</th></tr></thead>
        <tbody>
          @for (row of rows(); track row.name) {
            <tr><th scope="row" class="fixed">{{ row.name }}</th><td [class]="row.kind"><span>{{ row.text }}</span><parley-copy [value]="row.text" [label]="'Copy ' + row.name" /></td></tr>
          }
        </tbody>
      </table>
    } @else {
      <p class="faint none">{{ all().length === 0 ? 'No attributes.' : 'No attribute matches.' }} @if (all().length > 0) {<button type="button" class="control small" (click)="search.set('')">Clear filter</button>}</p>
    }
  `,
  styles: `
    :host { display: block; min-width: 0; }
    .search { width: 100%; margin-bottom: 8px; }
    table { width: 100%; border-collapse: collapse; table-layout: fixed; font-size: 0.8125rem; }
    th, td { padding: 5px 0; border-bottom: 1px solid var(--line); text-align: start; vertical-align: top; overflow-wrap: anywhere; }
    tr:last-child > * { border-bottom: 0; }
    th { width: 38%; padding-inline-end: 12px; font-weight: 500; color: var(--text-soft); font-size: 0.75rem; line-height: 1.5; }
    td { position: relative; padding-inline-end: 26px; white-space: pre-wrap; }
    td parley-copy { position: absolute; inset-inline-end: 0; top: 3px; opacity: 0; }
    tr:hover parley-copy, parley-copy:focus-within { opacity: 1; }
    .number, .boolean { color: var(--busy); font-family: var(--font-fixed); font-size: 0.75rem; }
    .list { font-family: var(--font-fixed); font-size: 0.75rem; }
    .blank { color: var(--text-faint); font-style: italic; }
    .none { display: flex; align-items: center; gap: 10px; padding: 6px 0; font-size: 0.8125rem; }
  `,
})
export class AttributeTable {
  readonly attributes = input.required<Readonly<Record<string, unknown>>>();
  protected readonly search = signal('');
  protected readonly all = computed(() => attributeRows(this.attributes()));
  protected readonly rows = computed(() => matchingRows(this.all(), this.search()));
  protected readonly filterable = computed(() => this.all().length >= WORTH_FILTERING);
}
