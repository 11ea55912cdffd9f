import { Injectable, computed, signal } from '@angular/core';
import { reportShow } from '../api/functions';
import type { ReportShow$Params } from '../api/fn/reports/report-show';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { listStatus } from '../ui/list-status';

/** The service levels that are asked for. */
@Injectable()
export class ServiceLevelStore {
  private readonly asked = signal<ReportShow$Params | undefined>(undefined);
  private readonly read = apiResource(reportShow, () => this.asked());
  private readonly latest = latestOf(this.read, () => JSON.stringify(this.asked()));

  readonly report = this.latest;
  readonly failure = failureOf(this.read);
  readonly filtered = computed(() => { const { source, target, from, to } = this.asked() ?? {}; return [source, target, from, to].some((one) => one !== undefined); });
  /** Months without anything are shown beside one that has something. */
  readonly status = computed(() => listStatus({
    loading: this.asked() === undefined || this.read.isLoading(), failed: this.failure() !== undefined, filtered: this.filtered(),
    count: this.report()?.months.reduce((sum, { pairs, accepted }) => sum + pairs.length + accepted.length, 0) ?? 0,
  }));

  show(asked: ReportShow$Params): void {
    this.asked.update((before) => (JSON.stringify(before) === JSON.stringify(asked) ? before : asked));
  }

  reload(): void {
    this.read.reload();
  }
}
