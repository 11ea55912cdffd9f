import type { Waiting } from '../../store/monitoring/standing.js';
import { TOOK_STEPS, type TrafficRow } from '../../store/monitoring/traffic.js';
import type { EndpointStandingView, TrafficEdgeView, TrafficPointView } from './overview.dto.js';
import { percentileMs } from './percentile.js';

interface Steps {
  readonly fromMs: number;
  readonly toMs: number;
  readonly stepMs: number;
}

/** One point per step from `fromMs` to `toMs` (both included, ms), whether something moved or not. */
export function seriesOf(rows: readonly TrafficRow[], { fromMs, toMs, stepMs }: Steps): TrafficPointView[] {
  const byStep = Map.groupBy(rows, (row) => row.at.getTime());
  return Array.from({ length: Math.floor((toMs - fromMs) / stepMs) + 1 }, (_, index) => {
    const at = fromMs + index * stepMs;
    const all = byStep.get(at) ?? [];
    const took = TOOK_STEPS.map((_step, step) => sumOf(all, (row) => row.took[step] ?? 0)).concat(sumOf(all, (row) => row.took[TOOK_STEPS.length] ?? 0));
    return {
      at: new Date(at).toISOString(), received: sumOf(all, (row) => row.received), sent: sumOf(all, (row) => row.sent), failed: sumOf(all, (row) => row.failed),
      medianMs: percentileMs(took, TOOK_STEPS, 0.5), slowMs: percentileMs(took, TOOK_STEPS, 0.95),
    };
  });
}

/** What went from where to where, the busiest first. */
export function edgesOf(rows: readonly TrafficRow[]): TrafficEdgeView[] {
  const byEnds = Map.groupBy(rows.filter((row) => row.target !== ''), (row) => JSON.stringify([row.source, row.target]));
  return [...byEnds.values()]
    .map((all) => ({ source: all[0]?.source ?? '', target: all[0]?.target ?? '', sent: sumOf(all, (row) => row.sent), failed: sumOf(all, (row) => row.failed) }))
    .sort((one, other) => other.sent - one.sent);
}

/** How each endpoint stands: what it sent and got, and what waits for it. */
export const standingsOf = (rows: readonly TrafficRow[], waiting: readonly Waiting[]): EndpointStandingView[] => waiting.map(({ endpoint, lanes, dead, held, retrying, oldestAt }) => ({
  endpoint, received: sumOf(rows.filter((row) => row.source === endpoint), (row) => row.received), sent: sumOf(rows.filter((row) => row.target === endpoint), (row) => row.sent),
  ready: lanes, dead, held, retrying, oldestWaitingAt: oldestAt?.toISOString() ?? null,
}));

const sumOf = (rows: readonly TrafficRow[], numberOf: (row: TrafficRow) => number): number => rows.reduce((sum, row) => sum + numberOf(row), 0);
