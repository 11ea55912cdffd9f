import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import type { ReportShow$Params } from '../api/fn/reports/report-show';
import type { AcceptedView } from '../api/models';
import { RowKeys } from '../keyboard/row-keys';
import { Systems } from '../system/systems';
import { ChoiceFilter } from '../ui/choice-filter';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { ListFrame } from '../ui/list-frame';
import { PageHeader } from '../ui/page-header';
import { SystemName } from '../ui/system-name';
import { durationText } from '../ui/time-text';
import { countText, monthText, partsText, shareText, stoodText, tookText } from './level-words';
import { REPORT } from './report.text';
import { ServiceLevelStore } from './service-level-store';

/** Times that may be agreed on, in seconds; the server counts their shares exactly. */
const AGREED = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 14_400, 28_800, 86_400] as const;
const USUAL = 60;

/** Service level per pair of endpoints and month; what is asked for stands in the address. */
@Component({
  selector: 'parley-service-levels',
  imports: [ChoiceFilter, Icon, Instant, ListFrame, PageHeader, RouterLink, RowKeys, SystemName],
  providers: [ServiceLevelStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './service-levels.html',
  styleUrl: './service-levels.scss',
})
export class ServiceLevels {
  private readonly store = inject(ServiceLevelStore);
  private readonly router = inject(Router);
  protected readonly systems = inject(Systems);

  readonly from = input<string>();
  readonly to = input<string>();
  readonly zone = input<string>();
  readonly within = input<string>();
  readonly source = input<string>();
  readonly target = input<string>();

  protected readonly text = REPORT;
  protected readonly words = { countText, monthText, partsText, shareText, stoodText, tookText };
  protected readonly agreed = AGREED.map((seconds) => ({ value: String(seconds), label: durationText(seconds * 1_000) }));
  protected readonly zones = Intl.supportedValuesOf('timeZone');
  protected readonly zoneShown = computed(() => this.zone() ?? Intl.DateTimeFormat().resolvedOptions().timeZone);
  protected readonly seconds = computed(() => AGREED.find((seconds) => String(seconds) === this.within()) ?? USUAL);
  protected readonly withinShown = computed(() => durationText(this.seconds() * 1_000));
  protected readonly report = this.store.report;
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly filtered = this.store.filtered;
  protected readonly hasNews = this.store.hasNews;
  private readonly asked = computed<ReportShow$Params>(() => ({ from: this.from(), to: this.to(), zone: this.zoneShown(), within: this.seconds(), source: this.source(), target: this.target() }));
  /** Where the browser gets the same as a file. */
  protected readonly fileAddress = computed(() => {
    const given = Object.entries(this.asked()).filter((entry): entry is [string, string | number] => entry[1] !== undefined).map(([name, value]): [string, string] => [name, String(value)]);
    return `/api/v1/reports/service-levels/export?${new URLSearchParams(given).toString()}`;
  });

  constructor() {
    effect(() => { this.store.show(this.asked()); });
  }

  protected narrow(queryParams: Readonly<Record<string, string | undefined>>): void {
    const set = Object.fromEntries(Object.entries(queryParams).map(([name, value]) => [name, value === undefined || value === '' ? null : value]));
    void this.router.navigate([], { queryParams: set, queryParamsHandling: 'merge' });
  }

  protected clear(): void {
    this.narrow({ from: undefined, to: undefined, source: undefined, target: undefined });
  }

  protected totalOf(accepted: readonly AcceptedView[]): string {
    return countText(accepted.reduce((sum, one) => sum + one.accepted, 0));
  }

  protected showNews(): void { this.store.showNews(); }
  protected reload(): void {
    this.store.reload();
  }
}
