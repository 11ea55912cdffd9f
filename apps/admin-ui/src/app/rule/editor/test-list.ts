import { HttpClient } from '@angular/common/http';
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { ruleTestTestDraft } from '../../api/functions';
import type { RuleDocument, RuleTestRunDto } from '../../api/models';
import { problemText } from '../../http/problem-text';
import { StateChip } from '../../ui/state-chip';
import { Icon } from '../../ui/icon';
import { type Draft, listAt, textAt } from './document-edit';
import { EditorDesk } from './editor-desk';
import { EDITOR } from './editor.text';
import { expectationOf } from './expectation';
import { RuleEditorStore } from './rule-editor-store';

const TEXT = {
  heading: 'Tests of this rule', about: 'Run whenever a version is put into use.', run: 'Run them', running: 'Running…', none: 'No test yet. Decide a message on the test bench and keep it as one.',
  passed: 'passes', failed: 'fails', notRun: 'not run', result: (passed: number, failed: number) => `${String(passed)} ${passed === 1 ? 'passes' : 'pass'}, ${String(failed)} ${failed === 1 ? 'fails' : 'fail'}`,
  name: 'Name', document: 'The test as JSON', accept: 'Expect what it does now', broken: 'This is not JSON; it is not kept.', isStale: 'changed since',
} as const;

/** The tests that the rule carries: what they expect, and whether the draft keeps to it. */
@Component({
  selector: 'parley-tests',
  imports: [Icon, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="panel" [attr.aria-label]="text.heading">
      <header>
        <h2>{{ text.heading }} <span class="faint number">{{ tests().length }}</span></h2>
        <span class="faint small" role="status">@if (run(); as done) {{{ text.result(done.passed, done.failed) }} @if (isStale()) {· {{ text.isStale }}}} @else {{{ text.about }}}</span>
        <button type="button" class="control small" [disabled]="tests().length === 0 || busy()" (click)="runAll()"><parley-icon name="play" [size]="12" />{{ busy() ? text.running : text.run }}</button>
      </header>
      @if (failure(); as why) {<p class="problem panel-body" role="alert">{{ why }}</p>}
      @for (test of tests(); track $index) {
        <details [open]="test.result?.passed === false">
          <summary><strong>{{ test.name }}</strong>@if (test.result; as result) {<parley-state [state]="result.passed ? 'SENT' : 'FAILED'" [label]="result.passed ? text.passed : text.failed" [quiet]="true" />} @else {<span class="faint small">{{ text.notRun }}</span>}</summary>
          <div class="body">
            @for (line of test.result?.explanation ?? []; track line) {<p class="problem">{{ line }}</p>}
            @for (problem of desk.problemsAt(test.pointer); track problem) {<p class="problem">{{ problem }}</p>}
            <label [attr.for]="test.pointer + '/name'">{{ text.name }}</label>
            <input class="text-control" autocomplete="off" [id]="test.pointer + '/name'" [value]="test.name" (input)="write(test.pointer + '/name', $any($event.target).value)" />
            <label [attr.for]="test.pointer">{{ text.document }}</label>
            <textarea class="text-control fixed" rows="10" spellcheck="false" wrap="off" [id]="test.pointer" [value]="test.json" [attr.aria-invalid]="broken() === $index || null" (change)="writeJson($index, test.pointer, $any($event.target).value)"></textarea>
            @if (broken() === $index) {<p class="problem" role="alert">{{ text.broken }}</p>}
            <div class="acts">
              @if (test.result?.decision && !test.result!.passed) {<button type="button" class="control small" (click)="accept(test.pointer, test.result!.decision!)">{{ text.accept }}</button>}
              <button type="button" class="control small plain" (click)="desk.remove('/tests', $index)">{{ editorText.remove }}</button>
            </div>
          </div>
        </details>
      } @empty {<p class="panel-body faint">{{ text.none }}</p>}
    </section>
  `,
  styles: `
    .small { font-size: 0.75rem; }
    details { border-top: 1px solid var(--line); }
    details:first-of-type { border-top: 0; }
    summary { display: flex; align-items: center; gap: 12px; padding: 10px 16px; cursor: pointer; font-size: 0.8125rem; strong { flex: 1; min-width: 0; overflow-wrap: anywhere; font-weight: 550; } }
    summary::before { content: '▸'; color: var(--text-faint); } details[open] summary::before { content: '▾'; }
    .body { display: grid; gap: 6px; padding: 0 16px 14px; font-size: 0.8125rem; label { font-weight: 550; } }
    textarea { width: 100%; height: auto; padding: 8px 10px; font-size: 0.75rem; white-space: pre; field-sizing: content; max-height: 420px; overflow: auto; }
    .acts { display: flex; gap: 8px; }
    .problem { color: var(--bad); font-size: 0.8125rem; overflow-wrap: anywhere; }
  `,
})
export class TestList {
  private readonly http = inject(HttpClient);
  private readonly store = inject(RuleEditorStore);
  protected readonly desk = inject(EditorDesk);
  protected readonly text = TEXT;
  protected readonly editorText = EDITOR;
  protected readonly run = signal<RuleTestRunDto | undefined>(undefined);
  protected readonly failure = signal<string | undefined>(undefined);
  protected readonly busy = signal(false);
  protected readonly broken = signal<number | undefined>(undefined);
  private readonly ran = signal<Draft | undefined>(undefined);
  protected readonly isStale = computed(() => this.ran() !== this.store.draft());
  protected readonly tests = computed(() => listAt(this.store.draft(), '/tests').map((one, at) => ({
    pointer: `/tests/${String(at)}`, name: textAt(one, '/name'), json: JSON.stringify(one, null, 2), result: this.run()?.tests[at],
  })));

  protected write(pointer: string, value: unknown): void { this.store.write(pointer, value); }

  protected writeJson(at: number, pointer: string, text: string): void {
    try {
      this.store.write(pointer, JSON.parse(text));
      this.broken.set(undefined);
    } catch {
      this.broken.set(at);
    }
  }

  protected accept(pointer: string, decision: Draft): void {
    this.store.write(`${pointer}/expect`, expectationOf(decision));
    void this.runAll();
  }

  protected async runAll(): Promise<void> {
    const draft = this.store.draft();
    this.busy.set(true);
    this.failure.set(undefined);
    try {
      const answer = await firstValueFrom(ruleTestTestDraft(this.http, '', { body: draft as unknown as RuleDocument }));
      this.run.set(answer.body);
      this.ran.set(draft);
    } catch (failure) {
      this.run.set(undefined);
      this.failure.set(problemText(failure));
    } finally {
      this.busy.set(false);
    }
  }
}

