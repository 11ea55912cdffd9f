import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { reportShow } from '../api/functions';
import type { ReportShow$Params } from '../api/fn/reports/report-show';
import type { ServiceLevelView } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { listStatus } from '../ui/list-status';
import { CalmLooks, isInPlace } from './report-look';

/** What was read later than the rest, and for which question. */
interface Later {
  readonly asked: ReportShow$Params;
  readonly report: ServiceLevelView;
}

/** The service levels that are asked for; figures of a month that is not over change in their places, and what would move rows waits. */
@Injectable()
export class ServiceLevelStore {
  private readonly api = injectApi();
  private readonly asked = signal<ReportShow$Params | undefined>(undefined);
  private readonly read = apiResource(reportShow, () => this.asked());
  private readonly latest = latestOf(this.read, () => JSON.stringify(this.asked()));
  private readonly later = signal<Later | undefined>(undefined);
  private readonly held = signal<Later | undefined>(undefined);
  private readonly looks = new CalmLooks(() => void this.look());

  readonly report = computed(() => this.ofAsked(this.later()) ?? this.latest());
  /** Whether newer figures wait, since they would move rows. */
  readonly hasNews = computed(() => this.ofAsked(this.held()) !== undefined);
  readonly failure = failureOf(this.read);
  readonly filtered = computed(() => { const { source, target, from, to } = this.asked() ?? {}; return [source, target, from, to].some((one) => one !== undefined); });
  /** Months without anything are shown beside one that has something. */
  readonly status = computed(() => listStatus({
    loading: this.asked() === undefined || this.read.isLoading(), failed: this.failure() !== undefined, filtered: this.filtered(),
    count: this.report()?.months.reduce((sum, { pairs, accepted }) => sum + pairs.length + accepted.length, 0) ?? 0,
  }));

  constructor() {
    onLive(() => { if (this.report()?.months.some(({ isRunning }) => isRunning) === true) this.looks.happened(); });
    inject(DestroyRef).onDestroy(() => { this.looks.stop(); });
  }

  show(asked: ReportShow$Params): void {
    this.asked.update((before) => (JSON.stringify(before) === JSON.stringify(asked) ? before : asked));
  }

  reload(): void {
    this.later.set(undefined);
    this.held.set(undefined);
    this.read.reload();
  }

  showNews(): void {
    this.later.set(this.held());
    this.held.set(undefined);
  }

  private ofAsked(one: Later | undefined): ServiceLevelView | undefined { return one !== undefined && one.asked === this.asked() ? one.report : undefined; }

  private async look(): Promise<void> {
    const [asked, shown] = [this.asked(), this.report()];
    if (asked === undefined || shown === undefined || this.read.isLoading()) return;
    try {
      const report = await firstValueFrom(this.api(reportShow, asked));
      if (asked !== this.asked() || report.countedUntil === shown.countedUntil) return;
      if (this.status() !== 'ready' || isInPlace(shown, report)) {
        this.later.set({ asked, report });
        this.held.set(undefined);
      } else this.held.set({ asked, report });
    } catch {
      // The next look tries again; what is shown says until when it is counted.
    }
  }
}
