import { HttpClient } from '@angular/common/http';
import { Injectable, computed, inject, signal } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { firstValueFrom, forkJoin, map, switchMap, timer } from 'rxjs';
import { simulateSimulate } from '../../api/functions';
import { latestOf } from '../../http/latest';
import { problemText } from '../../http/problem-text';
import { compareMemory, compareSent, missOf, sameDecision } from './bench-comparison';
import { type Draft, listAt, textAt } from './document-edit';
import { expectationOf } from './expectation';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

const QUIET_MS = 300;

/** What became of one past message by the rules as they are and with the draft. */
export interface Replayed {
  readonly messageId: string;
  readonly label: string;
  readonly outcome: 'same' | 'differs' | 'failed';
  readonly words: string;
}

/** Decides the message beside the draft twice: by the rules in use, and with the draft in its place. */
@Injectable()
export class BenchStore {
  private readonly http = inject(HttpClient);
  private readonly editor = inject(RuleEditorStore);
  private readonly trial = inject(TrialStore);
  private readonly identified = computed<Draft>(() => { const ruleId = this.editor.ruleId(); return ruleId === undefined ? this.editor.draft() : { ...this.editor.draft(), ruleId }; });
  private readonly decided = rxResource({
    params: () => { const sample = this.trial.sample(); return sample === undefined ? undefined : { case: sample.case, draft: this.identified() }; },
    stream: ({ params }) => timer(QUIET_MS).pipe(switchMap(() => forkJoin({ current: this.decide(params.case, {}), draft: this.decide(params.case, { ruleDraft: params.draft }) }))),
  });
  private readonly latest = latestOf(this.decided, () => this.trial.sample());
  private readonly rows = signal<readonly Replayed[]>([]);
  private readonly progress = signal<{ readonly done: number; readonly all: number } | undefined>(undefined);
  private cancelled = false;

  readonly isDeciding = computed(() => this.decided.isLoading());
  readonly failure = computed(() => { const failure = this.decided.error(); return failure === undefined ? undefined : problemText(failure); });
  readonly replayed = this.rows.asReadonly();
  readonly replaying = this.progress.asReadonly();
  readonly comparison = computed(() => {
    const decided = this.latest();
    if (decided === undefined) return undefined;
    const { current, draft } = decided;
    return {
      current, draft, isSame: sameDecision(current, draft), messages: compareSent(current, draft), memory: compareMemory(current, draft),
      miss: missOf(draft, { ruleId: this.editor.ruleId() ?? '', name: textAt(this.editor.draft(), '/name') }),
    };
  });

  /** Keeps the message as a test of the rule that expects what the draft, by itself, does now. */
  async keepAsTest(name: string): Promise<string | undefined> {
    const sample = this.trial.sample();
    if (sample === undefined) return undefined;
    try {
      const { message, conversation, now } = sample.case;
      const decision = await firstValueFrom(this.decide({ message, conversation, now }, { rules: [{ ...this.identified(), enabled: true, current: true }] }));
      const tests = listAt(this.editor.draft(), '/tests');
      this.editor.write('/tests', [...tests, { name, message, ...(conversation === undefined ? {} : { conversation }), ...(now === undefined ? {} : { now }), expect: expectationOf(decision) }]);
      return undefined;
    } catch (failure) {
      return problemText(failure);
    }
  }

  /** Decides the newest messages of the source both ways, one after another; can be stopped. */
  async replay(): Promise<void> {
    const messages = this.trial.recent();
    const draft = this.identified();
    this.cancelled = false;
    this.rows.set([]);
    for (const [done, message] of messages.entries()) {
      if (this.cancelled) break;
      this.progress.set({ done, all: messages.length });
      const row = await this.replayOne(message.id, draft);
      this.rows.update((rows) => [...rows, { messageId: message.id, label: message.ticketId ?? message.id, ...row }]);
    }
    this.progress.set(undefined);
  }

  stop(): void { this.cancelled = true; }

  private async replayOne(messageId: string, ruleDraft: Draft): Promise<Pick<Replayed, 'outcome' | 'words'>> {
    const past = (more: Draft) => simulateSimulate(this.http, '', { body: { messageId, ...more } }).pipe(map((answer) => answer.body as unknown as Draft));
    try {
      const { current, draft } = await firstValueFrom(forkJoin({ current: past({}), draft: past({ ruleDraft }) }));
      const outcomes = [textAt(current, '/outcome'), textAt(draft, '/outcome')].map((outcome) => outcome.toLowerCase().replace('_', ' '));
      const isSame = sameDecision(current, draft);
      return { outcome: isSame ? 'same' : 'differs', words: outcomes[0] === outcomes[1] ? outcomes[0] ?? '' : outcomes.join(' → ') };
    } catch (failure) {
      return { outcome: 'failed', words: problemText(failure) };
    }
  }

  private decide(routingCase: Draft, more: Draft) {
    const { message = {}, conversation, now } = routingCase;
    const body = { message: message as Record<string, unknown>, ...(conversation === undefined ? {} : { conversation: conversation as Record<string, unknown> }), ...(now === undefined ? {} : { now: now as string }), ...more };
    return simulateSimulate(this.http, '', { body }).pipe(map((answer) => answer.body as unknown as Draft));
  }
}
