import { ChangeDetectionStrategy, Component, computed, effect, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ChangeView } from '../api/models';
import { RowKeys } from '../keyboard/row-keys';
import { Session } from '../session/session';
import type { ChartLine } from '../ui/chart-geometry';
import { Icon } from '../ui/icon';
import { Instant } from '../ui/instant';
import { LineChart } from '../ui/line-chart';
import { PageHeader } from '../ui/page-header';
import { ScreenFrame } from '../ui/screen-frame';
import { StateChip } from '../ui/state-chip';
import { SystemName } from '../ui/system-name';
import { durationText } from '../ui/time-text';
import { MapView } from './map-view';
import { type Attention, type Hours, OverviewStore } from './overview-store';
import { OVERVIEW } from './overview.text';
import { waysOf } from './traffic-map';

/** The map, what needs attention, how the systems are, how much moves and how fast, what came last and who changed what. */
@Component({
  selector: 'parley-overview',
  imports: [Icon, Instant, LineChart, MapView, PageHeader, RouterLink, RowKeys, ScreenFrame, StateChip, SystemName],
  providers: [OverviewStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './overview.html',
  styleUrl: './overview.scss',
})
export class Overview {
  private readonly store = inject(OverviewStore);
  private readonly session = inject(Session);
  /** How far back the counts go, as it stands in the address. */
  readonly hours = input<string>();

  protected readonly text = OVERVIEW;
  protected readonly systems = this.store.systems;
  protected readonly attention = this.store.attention;
  protected readonly tiles = this.store.tiles;
  protected readonly messages = this.store.latestMessages;
  protected readonly overview = this.store.overview;
  protected readonly status = this.store.status;
  protected readonly failure = this.store.failure;
  protected readonly isNew = this.store.isNew;
  protected readonly maySee = this.store.maySee;
  protected readonly durationText = durationText;
  protected readonly wholeText = (value: number): string => String(Math.round(value * 10) / 10);
  protected readonly mayAudit = computed(() => this.session.may('audit:read'));
  protected readonly range = computed<Hours>(() => (this.hours() === '24' ? 24 : this.hours() === '168' ? 168 : 1));
  protected readonly systemsOnMap = computed(() => (this.tiles() ?? []).map(({ endpoint, health, standing }) => ({ id: endpoint.id, name: endpoint.name, word: health.word, oldestWaitingAt: standing?.oldestWaitingAt ?? null })));
  protected readonly ways = computed(() => waysOf(this.store.ruleRows(), this.overview()?.edges ?? []));
  protected readonly instants = computed(() => (this.overview()?.series ?? []).map(({ at }) => at));
  protected readonly rateLines = computed<readonly ChartLine[]>(() => {
    const series = this.overview()?.series ?? [];
    return [
      { label: OVERVIEW.received, tone: 'accent', values: series.map(({ received }) => received), filled: true },
      { label: OVERVIEW.delivered, tone: 'good', values: series.map(({ sent }) => sent) },
      { label: OVERVIEW.givenUp, tone: 'bad', values: series.map(({ failed }) => failed) },
    ];
  });
  protected readonly tookLines = computed<readonly ChartLine[]>(() => {
    const series = this.overview()?.series ?? [];
    return [
      { label: OVERVIEW.median, tone: 'accent', values: series.map(({ medianMs }) => medianMs) },
      { label: OVERVIEW.slow, tone: 'wait', values: series.map(({ slowMs }) => slowMs) },
    ];
  });

  constructor() {
    effect(() => { this.store.show(this.range()); });
  }

  protected routeOf({ kind, count, endpoint }: Attention): readonly string[] {
    if (kind === 'ENDPOINT') return count === 1 && endpoint !== undefined ? ['/endpoints', endpoint] : ['/endpoints'];
    if (kind === 'UNMAPPED') return ['/work/unmapped'];
    return kind === 'FAILED' || kind === 'NO_ROUTE' ? ['/messages'] : ['/deliveries'];
  }

  protected queryOf({ kind }: Attention): Record<string, string> {
    if (kind === 'ENDPOINT' || kind === 'UNMAPPED') return {};
    return kind === 'FAILED' || kind === 'NO_ROUTE' ? { state: kind, since: '24h' } : { status: kind };
  }

  protected labelOf({ kind, count }: Attention): string {
    return count === 1 ? OVERVIEW.kinds[kind].one : OVERVIEW.kinds[kind].label;
  }

  protected actOf({ action }: ChangeView): string { return OVERVIEW.acts[action] ?? action; }
  protected placeOf({ subject }: ChangeView): readonly string[] { const [kind, ...id] = subject.split(':'); return kind === 'rule' ? ['/rules', id.join(':')] : ['/endpoints', id.join(':')]; }
  protected nameOf({ subject, name }: ChangeView): string {
    if (name !== null) return name;
    if (subject.startsWith('endpoint:')) return this.systems.nameOf(subject.slice('endpoint:'.length));
    return this.store.ruleRows().find((rule) => `rule:${rule.ruleId}` === subject)?.name ?? OVERVIEW.aRule;
  }

  protected reload(): void { this.store.reload(); }
}
