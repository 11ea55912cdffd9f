import type { LevelRow } from '../../store/report/service-levels.js';
import { LEVEL_STEPS } from '../../store/report/steps.js';
import { percentileMs } from '../overview/percentile.js';
import type { MonthView, PairLevelView } from './report.dto.js';
import type { Month } from './months.js';

/** What months are measured by. */
export interface Measure {
  /** One of `AGREED_SECONDS`. */
  readonly withinSeconds: number;
  readonly nowMs: number;
}

/** A month with its pairs, those with most deliveries first. */
export function monthOf({ name, fromMs, untilMs }: Month, rows: readonly LevelRow[], { withinSeconds, nowMs }: Measure): MonthView {
  const accepted = rows.filter(({ target }) => target === '').map((row) => ({ source: row.source, accepted: row.accepted }));
  const pairs = rows.filter(({ target }) => target !== '').map((row) => pairOf(row, accepted.find(({ source }) => source === row.source)?.accepted ?? 0, withinSeconds));
  return {
    month: name, from: new Date(fromMs).toISOString(), until: new Date(untilMs).toISOString(), isRunning: fromMs <= nowMs && nowMs < untilMs,
    accepted, pairs: pairs.sort((one, other) => other.deliveries - one.deliveries),
  };
}

function pairOf(row: LevelRow, accepted: number, withinSeconds: number): PairLevelView {
  const { source, target, sent, dead, held, waiting, skipped, retries, took, tookOwn } = row;
  return {
    source, target, accepted, deliveries: sent + dead + held + waiting + skipped, sent, dead, held, waiting, skipped, retries,
    // Skipped by somebody is not failed; what waits is not decided yet.
    sentShare: share(sent, sent + dead + held),
    medianMs: percentileMs(took, LEVEL_STEPS, 0.5), slowMs: percentileMs(took, LEVEL_STEPS, 0.95), slowestMs: percentileMs(took, LEVEL_STEPS, 0.99),
    withinShare: share(within(took, withinSeconds), sent), withinOwnShare: share(within(tookOwn, withinSeconds), sent),
    stood: { suspended: Math.round(row.suspended), maintenance: Math.round(row.maintenance), credentials: Math.round(row.credentials), circuit: Math.round(row.circuit) },
  };
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);

/** How many took less than so many seconds, which are the end of a step. */
function within(counts: readonly number[], seconds: number): number {
  const steps = LEVEL_STEPS.findIndex((step) => step === seconds) + 1;
  return counts.slice(0, steps).reduce((sum, count) => sum + count, 0);
}
