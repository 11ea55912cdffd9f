import { HttpClient } from '@angular/common/http';
import { Injectable, computed, effect, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { firstValueFrom, map, switchMap, timer } from 'rxjs';
import { messageList, ruleEditingTrial, simulateSimulate } from '../../api/functions';
import type { MessageSummary, RuleTrialDto, TrialConditionDto, TrialMappingDto } from '../../api/models';
import { apiResource } from '../../http/api-resource';
import type { FieldProblem } from '../../http/field-problems';
import { latestOf } from '../../http/latest';
import { problemText } from '../../http/problem-text';
import { Session } from '../../session/session';
import { type Draft, isDraft, textAt, valueAt } from './document-edit';
import { problemSentence } from './problem-sentence';
import { RuleEditorStore } from './rule-editor-store';

/** A keystroke later than this is another question. */
const QUIET_MS = 250;
const MOST_RECENT = 25;

/** A message that the draft is tried on. */
export interface Sample {
  /** Of a past message. */
  readonly messageId: string | undefined;
  readonly label: string;
  /** As a case file: `message`, `conversation`, `now`. */
  readonly case: Draft;
}

/** Tries the draft on a past or pasted message as it is written. */
@Injectable()
export class TrialStore {
  private readonly http = inject(HttpClient);
  private readonly session = inject(Session);
  private readonly editor = inject(RuleEditorStore);
  private readonly chosen = signal<Sample | undefined>(undefined);
  private readonly failed = signal<string | undefined>(undefined);
  private asked: string | undefined;

  readonly mayReadMessages = computed(() => this.session.may('messages:read'));
  readonly mayTry = computed(() => this.session.may('rules:simulate'));
  readonly sample = this.chosen.asReadonly();
  /** Why the message could not be read. */
  readonly sampleFailure = this.failed.asReadonly();

  private readonly source = computed(() => JSON.stringify([textAt(this.editor.draft(), '/sourceSystemId'), textAt(this.editor.draft(), '/sourceEntityType')]));
  private readonly readRecent = apiResource(messageList, () => {
    const [endpoint, entityType] = JSON.parse(this.source()) as string[];
    return endpoint === '' || !this.mayReadMessages() ? undefined : { endpoint, ...(entityType === '' ? {} : { entityType }), limit: MOST_RECENT };
  });
  private readonly recentPage = latestOf(this.readRecent, this.source);
  readonly recent = computed<readonly MessageSummary[]>(() => this.recentPage()?.items ?? []);
  readonly recentLoading = computed(() => this.readRecent.isLoading() && this.recentPage() === undefined);
  readonly recentFailure = computed(() => { const failure = this.readRecent.error(); return failure === undefined ? undefined : problemText(failure); });

  private readonly tried = rxResource({
    params: () => (this.mayTry() && this.editor.status() === 'ready' ? { rule: this.editor.draft(), case: this.chosen()?.case } : undefined),
    stream: ({ params }) => timer(QUIET_MS).pipe(
      switchMap(() => ruleEditingTrial(this.http, '', { body: { rule: params.rule, ...(params.case === undefined ? {} : { case: params.case }) } })), map((answer) => answer.body)),
  });
  private readonly latest = latestOf<RuleTrialDto>(this.tried);
  /** Whether the draft was tried at all: before, nobody knows whether anything is wrong with it. */
  readonly isAnswered = computed(() => this.latest() !== undefined);
  readonly isTrying = computed(() => this.tried.isLoading());
  readonly trialFailure = computed(() => { const failure = this.tried.error(); return failure === undefined ? undefined : problemText(failure); });
  /** Everything that is wrong with the draft: what the trial found, and what the last save was refused for. */
  readonly problems = computed<readonly FieldProblem[]>(() => {
    // Nobody wrote anything yet: what is missing is no mistake.
    if (this.editor.isNew() && !this.editor.hasUnsaved() && this.editor.refused().length === 0) return [];
    const found = this.latest()?.problems ?? [];
    return [...found, ...this.editor.refused().filter((one) => !found.some((other) => other.pointer === one.pointer))].map(({ pointer, detail }) => ({ pointer, detail: problemSentence(detail) }));
  });
  private readonly byPointer = computed(() => {
    const trial = this.chosen() === undefined ? undefined : this.latest();
    return { mappings: new Map(trial?.mappings.map((one) => [one.pointer, one])), conditions: new Map(trial?.conditions.map((one) => [one.pointer, one])) };
  });
  readonly untranslated = computed(() => this.latest()?.untranslated ?? 0);
  /** Attributes of the message. */
  readonly attributes = computed<Draft>(() => { const found = valueAt(this.chosen()?.case, '/message/attributes'); return isDraft(found) ? found : {}; });

  constructor() {
    // A message that the rule took, else the newest, until somebody chooses one.
    effect(() => {
      const newest = mostTelling(this.recent(), this.editor.ruleId());
      if (newest !== undefined && this.chosen() === undefined && this.asked === undefined) void this.pick(newest.id);
    });
  }

  mapping(pointer: string): TrialMappingDto | undefined { return this.byPointer().mappings.get(pointer); }
  condition(pointer: string): TrialConditionDto | undefined { return this.byPointer().conditions.get(pointer); }
  problemsAt(pointer: string): readonly FieldProblem[] { return this.problems().filter((problem) => problem.pointer === pointer); }
  problemsBelow(pointer: string): readonly FieldProblem[] { return this.problems().filter((problem) => problem.pointer === pointer || problem.pointer.startsWith(`${pointer}/`)); }

  /** Takes a past message, with the conversation as it was before it. */
  async pick(messageId: string): Promise<void> {
    this.asked = messageId;
    this.failed.set(undefined);
    try {
      const read = await firstValueFrom(simulateSimulate(this.http, '', { body: { messageId, rules: [] } }));
      if (this.asked !== messageId) return;
      const routingCase: Draft = read.body.case ?? {};
      this.chosen.set({ messageId, label: textAt(routingCase, '/message/ticketId') || messageId, case: routingCase });
    } catch (failure) {
      if (this.asked === messageId) this.failed.set(problemText(failure));
    }
  }

  /** Takes a pasted message; answers what is wrong with it, if anything. */
  take(label: string, routingCase: Draft): void {
    this.asked = 'pasted';
    this.failed.set(undefined);
    this.chosen.set({ messageId: undefined, label, case: routingCase });
  }
}


/** A message that the rule took tells most; then one that any rule took; then the newest. */
function mostTelling(messages: readonly MessageSummary[], ruleId: string | undefined): MessageSummary | undefined {
  return messages.find((message) => message.rules.some((rule) => rule.ruleId === ruleId)) ?? messages.find((message) => message.state === 'ROUTED') ?? messages[0];
}
