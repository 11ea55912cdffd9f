import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { ruleList } from '../../api/functions';
import { apiResource } from '../../http/api-resource';
import { latestOf } from '../../http/latest';
import { problemText } from '../../http/problem-text';
import { Systems } from '../../system/systems';
import { ListFrame } from '../../ui/list-frame';
import { listStatus } from '../../ui/list-status';
import { StateChip } from '../../ui/state-chip';
import { verbOf } from '../rule-words';
import { RuleBeginning } from '../rule-beginning';
import { textAt } from './document-edit';
import { EDITOR } from './editor.text';
import { RuleEditorStore } from './rule-editor-store';

/** The rules that hear what the target answers. */
@Component({
  selector: 'parley-answer-section',
  imports: [ListFrame, RouterLink, StateChip],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="panel" [attr.aria-label]="text.sections.answers">
      <header><h2>{{ text.sections.answers }}</h2>@if (target()) {<button type="button" class="control small" (click)="begin()">{{ text.newAnswerRule }}</button>}</header>
      @if (target(); as name) {
        <p class="panel-body faint">{{ text.answersAbout(name) }}</p>
        <parley-list-frame icon="rule" [status]="status()" [failure]="failure()" [emptyTitle]="text.noAnswers" (retry)="reload()">
          <ul>@for (rule of rules(); track rule.ruleId) {<li><a [routerLink]="['/rules', rule.ruleId]">{{ rule.name }}</a><span class="soft">{{ verb(rule) }}</span><parley-state [state]="rule.enabled ? 'ON' : 'OFF'" [quiet]="true" /></li>}</ul>
        </parley-list-frame>
      } @else {<p class="panel-body faint">{{ text.noTarget }}</p>}
    </section>
  `,
  styles: `
    p { font-size: 0.8125rem; }
    li { display: flex; align-items: center; gap: 12px; padding: 10px 16px; border-top: 1px solid var(--line); font-size: 0.8125rem; a { flex: 1; min-width: 0; overflow-wrap: anywhere; font-weight: 550; } }
  `,
})
export class AnswerSection {
  private readonly store = inject(RuleEditorStore);
  private readonly systems = inject(Systems);
  private readonly router = inject(Router);
  private readonly beginning = inject(RuleBeginning);
  private readonly read = apiResource(ruleList, () => ({ limit: 200 }));
  private readonly page = latestOf(this.read);

  protected readonly text = EDITOR;
  private readonly route = computed(() => ({ endpoint: textAt(this.store.draft(), '/targetSystemId'), entityType: textAt(this.store.draft(), '/targetEntityType') }));
  protected readonly target = computed(() => (this.route().endpoint === '' || textAt(this.store.draft(), '/action') !== 'ROUTE' ? '' : this.systems.nameOf(this.route().endpoint)));
  protected readonly rules = computed(() => (this.page()?.items ?? []).filter((rule) => rule.targetCondition.startsWith('RESPONSE') && same(rule.sourceSystemId, this.route().endpoint) && same(rule.sourceEntityType, this.route().entityType)));
  protected readonly status = computed(() => listStatus({ loading: this.read.isLoading(), failed: this.read.error() !== undefined, count: this.rules().length, filtered: false }));
  protected readonly failure = computed(() => { const failure = this.read.error(); return failure === undefined ? undefined : problemText(failure); });
  protected readonly verb = (rule: object): string => verbOf(rule as Readonly<Record<string, unknown>>);

  protected reload(): void { this.read.reload(); }

  protected begin(): void {
    const draft = this.store.draft();
    this.beginning.put({
      name: `${textAt(draft, '/name')}: answers`, action: 'PROCESS_ONLY', targetCondition: 'RESPONSE_TO_CREATE', responseStatus: 'SUCCESS',
      sourceSystemId: this.route().endpoint, sourceEntityType: this.route().entityType, targetSystemId: textAt(draft, '/sourceSystemId'), targetEntityType: textAt(draft, '/sourceEntityType'),
    });
    void this.router.navigate(['/rules/_new'], { queryParams: { from: 'answers' } });
  }
}

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
