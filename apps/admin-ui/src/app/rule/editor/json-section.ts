import { ChangeDetectionStrategy, Component, type ElementRef, computed, inject, linkedSignal, viewChild } from '@angular/core';
import { isDraft, sameDocument } from './document-edit';
import { placeInJson } from './place-in-json';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

const TEXT = {
  heading: 'The same rule as JSON', about: 'What is written here is the document; keys that Parley does not know are kept.', area: 'Rule as JSON', noObject: 'A rule is a JSON object.', line: (line: number) => `line ${String(line)}`, whole: 'the document',
  format: 'Format',
} as const;

/** The document itself: every change counts at once where it can be read; problems lead to their line. */
@Component({
  selector: 'parley-json-section',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="panel" [attr.aria-label]="text.heading">
      <header><h2>{{ text.heading }}</h2><span class="faint small">{{ text.about }}</span><button type="button" class="control small" [disabled]="broken() !== undefined" (click)="format()">{{ text.format }}</button></header>
      @if (broken(); as why) {<p class="problem" role="alert" id="json-broken">{{ why }}</p>}
      @else if (places().length > 0) {
        <ul aria-label="Problems">@for (one of places(); track one.pointer + one.detail) {<li><button type="button" class="control small plain fixed" (click)="goTo(one.start, one.end)">{{ one.line === undefined ? text.whole : text.line(one.line) }}</button><span class="problem">{{ one.detail }}</span></li>}</ul>
      }
      <div class="code">
        <pre #gutter aria-hidden="true" class="fixed">{{ numbers() }}</pre>
        <textarea #area class="fixed" spellcheck="false" autocomplete="off" autocapitalize="off" wrap="off" [attr.aria-label]="text.area" [attr.aria-invalid]="broken() !== undefined || null" [attr.aria-describedby]="broken() ? 'json-broken' : null" [value]="written()"
          (input)="type(area.value)" (scroll)="gutter.scrollTop = area.scrollTop" (keydown)="press($event)"></textarea>
      </div>
    </section>
  `,
  styles: `
    .small { font-size: 0.75rem; }
    @media (min-width: 701px) { header .small:not(button) { flex: 2; } }
    ul { max-height: 150px; overflow: auto; padding: 8px 12px; border-bottom: 1px solid var(--line); }
    li { display: flex; align-items: baseline; gap: 8px; font-size: 0.75rem; }
    .problem { color: var(--bad); font-size: 0.75rem; font-weight: 550; overflow-wrap: anywhere; }
    p.problem { padding: 8px 16px; border-bottom: 1px solid var(--line); }
    .code { display: grid; grid-template-columns: max-content minmax(0, 1fr); height: max(320px, calc(100vh - 330px)); background: var(--surface-sunken); }
    pre { margin: 0; padding: 12px 8px 12px 14px; overflow: hidden; color: var(--text-faint); text-align: end; border-inline-end: 1px solid var(--line); user-select: none; }
    pre, textarea { font-size: 0.75rem; line-height: 1.6; }
    textarea { width: 100%; height: 100%; padding: 12px; border: 0; resize: none; background: transparent; color: var(--text); white-space: pre; overflow: auto; tab-size: 2; }
    textarea:focus-visible { outline-offset: -2px; }
  `,
})
export class JsonSection {
  private readonly store = inject(RuleEditorStore);
  private readonly trial = inject(TrialStore);
  private readonly area = viewChild.required<ElementRef<HTMLTextAreaElement>>('area');
  protected readonly text = TEXT;
  /** What stands in the field: as typed, until the document is changed elsewhere. */
  protected readonly written = linkedSignal<unknown, string>({
    source: this.store.draft,
    computation: (draft, previous) => {
      const typed = previous === undefined ? undefined : readJson(previous.value);
      return previous !== undefined && typed !== undefined && isDraft(typed.value) && sameDocument(typed.value, draft) ? previous.value : JSON.stringify(draft, null, 2);
    },
  });
  protected readonly broken = computed(() => { const read = readJson(this.written()); return read.problem ?? (isDraft(read.value) ? undefined : TEXT.noObject); });
  protected readonly numbers = computed(() => Array.from({ length: this.written().split('\n').length }, (_, at) => String(at + 1)).join('\n'));
  protected readonly places = computed(() => this.trial.problems().map((problem) => {
    const place = placeInJson(this.written(), problem.pointer);
    return { ...problem, ...place, line: place === undefined || problem.pointer === '' ? undefined : this.written().slice(0, place.start).split('\n').length };
  }));

  protected type(text: string): void {
    const { value } = readJson(text);
    this.written.set(text);
    if (isDraft(value)) this.store.replace(value);
  }

  protected format(): void { this.written.set(JSON.stringify(this.store.draft(), null, 2)); }

  protected goTo(start: number | undefined, end: number | undefined): void {
    const area = this.area().nativeElement;
    area.focus();
    if (start === undefined) return;
    area.setSelectionRange(start, end ?? start);
    area.scrollTop = Math.max(0, (this.written().slice(0, start).split('\n').length - 6) * Number.parseFloat(getComputedStyle(area).lineHeight));
  }

  /** Enter keeps the indent. Tab leaves the field, as everywhere. */
  protected press(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.isComposing) return;
    event.preventDefault();
    const area = this.area().nativeElement;
    const before = area.value.slice(0, area.selectionStart);
    const indent = /[^\S\n]*/.exec(before.slice(before.lastIndexOf('\n') + 1))?.[0] ?? '';
    area.setRangeText(`\n${indent}${/[[{]\s*$/.test(before) ? '  ' : ''}`, area.selectionStart, area.selectionEnd, 'end');
    this.type(area.value);
  }
}

function readJson(text: string): { readonly value?: unknown; readonly problem?: string } {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : 'This is not JSON.' };
  }
}
