import { Injectable, computed, inject, signal } from '@angular/core';
import { deliveryList, endpointList, messageList, overviewShow, ruleList, unmappedList } from '../api/functions';
import type { EndpointStandingView } from '../api/models';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { Session } from '../session/session';
import { Systems } from '../system/systems';
import { endpointHealth } from '../system/endpoint-health';
import type { ScreenStatus } from '../ui/screen-frame';

export type AttentionKind = 'DEAD' | 'HELD' | 'RETRYING' | 'FAILED' | 'NO_ROUTE' | 'ENDPOINT' | 'UNMAPPED';

type TroubledState = Extract<AttentionKind, 'DEAD' | 'HELD' | 'RETRYING'>;

export interface Attention {
  readonly kind: AttentionKind;
  readonly count: number;
  /** Whether there are more than were counted. */
  readonly more: boolean;
  /** Of endpoints: the only one, or the first. */
  readonly endpoint?: string;
}

export type Hours = 1 | 24 | 168;

/** Counting stops here: above it, it is "many". */
const MOST = 100;
const LATEST = 8;
const DAY_MS = 86_400_000;

/** What a person who comes in the morning wants to know. */
@Injectable()
export class OverviewStore {
  private readonly session = inject(Session);
  private readonly hours = signal<Hours>(1);
  /** Map, tiles and charts; without it there are lists alone. */
  readonly maySee = computed(() => this.session.may('monitoring:read'));
  private readonly standing = apiResource(overviewShow, () => (this.maySee() ? { hours: this.hours() } : undefined));
  private readonly failed = apiResource(messageList, () => ({ state: 'FAILED' as const, from: aDayAgo(), limit: MOST }));
  private readonly unrouted = apiResource(messageList, () => ({ state: 'NO_ROUTE' as const, from: aDayAgo(), limit: MOST }));
  private readonly unmapped = apiResource(unmappedList, () => (this.session.may('rules:read') ? { limit: MOST } : undefined));
  private readonly dead = this.deliveriesIn('DEAD');
  private readonly held = this.deliveriesIn('HELD');
  private readonly retrying = this.deliveriesIn('RETRYING');
  private readonly messages = apiResource(messageList, () => ({ limit: LATEST }));
  private readonly endpoints = apiResource(endpointList, () => (this.session.may('endpoints:read') ? {} : undefined));
  private readonly rules = apiResource(ruleList, () => (this.session.may('rules:read') ? { enabled: true, limit: 200 } : undefined));

  private readonly latest = latestOf(this.messages);
  private readonly systemsPage = latestOf(this.endpoints);
  private readonly rulePage = latestOf(this.rules);
  private readonly failedPage = latestOf(this.failed);
  private readonly unroutedPage = latestOf(this.unrouted);
  private readonly unmappedPage = latestOf(this.unmapped);
  private readonly troubled = { DEAD: latestOf(this.dead), HELD: latestOf(this.held), RETRYING: latestOf(this.retrying) };

  readonly systems = inject(Systems);
  readonly overview = latestOf(this.standing);
  readonly ruleRows = computed(() => this.rulePage()?.items ?? []);
  /** All parts appear together, so that none pushes another aside. */
  readonly status = computed<ScreenStatus>(() => {
    const parts = [this.latest() !== undefined, this.failedPage() !== undefined, this.unroutedPage() !== undefined,
      this.maySee() || Object.values(this.troubled).every((page) => page() !== undefined) || this.dead.error() !== undefined,
      this.unmappedPage() !== undefined || !this.session.may('rules:read') || this.unmapped.error() !== undefined,
      this.overview() !== undefined || !this.maySee() || this.standing.error() !== undefined,
      this.systemsPage() !== undefined || !this.session.may('endpoints:read') || this.endpoints.error() !== undefined];
    if (parts.every(Boolean)) return 'ready';
    return this.failure() === undefined ? 'loading' : 'failed';
  });
  readonly failure = computed(() => failureOf(this.messages)() ?? failureOf(this.failed)() ?? failureOf(this.unrouted)());
  readonly latestMessages = computed(() => this.latest()?.items ?? []);
  readonly tiles = computed(() => this.systemsPage()?.items.map((endpoint) => ({
    endpoint, health: endpointHealth(endpoint), standing: this.overview()?.endpoints.find((one) => one.endpoint === endpoint.id),
  })));
  readonly attention = computed<readonly Attention[]>(() => {
    const troubled = (kind: TroubledState, of: (standing: EndpointStandingView) => number): Pick<Attention, 'count' | 'more'> =>
      (this.maySee() ? { count: (this.overview()?.endpoints ?? []).reduce((total, one) => total + of(one), 0), more: false } : countOf(this.troubled[kind]()));
    const broken = (this.tiles() ?? []).filter(({ health }) => health.word === 'ERROR');
    const all: Attention[] = [
      { kind: 'ENDPOINT', count: broken.length, more: false, ...(broken[0] === undefined ? {} : { endpoint: broken[0].endpoint.id }) },
      { kind: 'DEAD', ...troubled('DEAD', ({ dead }) => dead) },
      { kind: 'FAILED', ...countOf(this.failedPage()) },
      { kind: 'HELD', ...troubled('HELD', ({ held }) => held) },
      { kind: 'RETRYING', ...troubled('RETRYING', ({ retrying }) => retrying) },
      { kind: 'NO_ROUTE', ...countOf(this.unroutedPage()) },
      { kind: 'UNMAPPED', ...countOf(this.unmappedPage()) },
    ];
    return all.filter(({ count }) => count > 0);
  });
  /** Someone who may build has not got a ticket across yet. */
  readonly isNew = computed(() => this.session.may('endpoints:write') && this.latest()?.items.length === 0);

  constructor() {
    onLive(() => { this.reload(); });
  }

  show(hours: Hours): void {
    this.hours.set(hours);
  }

  reload(): void {
    for (const resource of [this.messages, this.endpoints, this.failed, this.unrouted, this.unmapped, this.standing, this.dead, this.held, this.retrying]) resource.reload();
  }

  /** Counted one by one for those who see no figures of endpoints. */
  private deliveriesIn(status: TroubledState) {
    return apiResource(deliveryList, () => (this.maySee() ? undefined : { status, limit: MOST }));
  }
}

const aDayAgo = (): string => new Date(Date.now() - DAY_MS).toISOString();
const countOf = (page: { readonly items: readonly unknown[]; readonly nextCursor?: string | null } | undefined): { readonly count: number; readonly more: boolean } => ({ count: page?.items.length ?? 0, more: page?.nextCursor != null });
