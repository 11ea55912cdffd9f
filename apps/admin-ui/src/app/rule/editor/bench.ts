import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Systems } from '../../system/systems';
import { StateChip } from '../../ui/state-chip';
import { SystemName } from '../../ui/system-name';
import { type SentMessage, ticketIdAt } from './bench-comparison';
import { BenchStore } from './bench-store';
import { BENCH } from './bench.text';
import { conditionInWords } from '../../ui/operator-words';
import type { Draft } from './document-edit';
import { RequestView } from './request-view';
import { RuleEditorStore } from './rule-editor-store';
import { TrialStore } from './trial-store';

/** The rules in use and the draft, side by side, on the message beside it. */
@Component({
  selector: 'parley-bench',
  imports: [RequestView, RouterLink, StateChip, SystemName],
  providers: [BenchStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './bench.html',
  styleUrl: './bench.scss',
})
export class Bench {
  private readonly store = inject(RuleEditorStore);
  protected readonly trial = inject(TrialStore);
  protected readonly bench = inject(BenchStore);
  protected readonly systems = inject(Systems);
  protected readonly text = BENCH;
  protected readonly comparison = this.bench.comparison;
  protected readonly onlyDifferent = signal(false);
  protected readonly asJson = signal(false);
  protected readonly keepProblem = signal<string | undefined>(undefined);
  protected readonly kept = signal(false);
  protected readonly isNew = this.store.isNew;
  protected readonly differing = computed(() => this.bench.replayed().filter((row) => row.outcome === 'differs').length);

  protected readonly inWords = conditionInWords;
  protected ticketIdOf(sent: SentMessage | undefined): string | undefined { return sent === undefined ? undefined : ticketIdAt(this.trial.sample()?.case, sent.endpoint, sent.entityType); }
  protected outcome(decision: Draft): string { return String(decision['outcome']); }
  protected error(decision: Draft): string | undefined { return typeof decision['error'] === 'string' ? decision['error'] : undefined; }
  protected delayed(decision: Draft): number { return Array.isArray(decision['delayed']) ? decision['delayed'].length : 0; }
  protected pick(messageId: string): void { void this.trial.pick(messageId); }
  protected replay(): void { void this.bench.replay(); }

  protected async keep(name: string): Promise<void> {
    this.kept.set(false);
    const problem = await this.bench.keepAsTest(name.trim() || BENCH.testOf(this.trial.sample()?.label ?? ''));
    this.keepProblem.set(problem);
    this.kept.set(problem === undefined);
  }
}
