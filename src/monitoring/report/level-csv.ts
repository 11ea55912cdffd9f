import { csvLine } from '../../web/index.js';
import type { MonthView, PairLevelView } from './report.dto.js';

/** What a file says of all its lines. */
export interface LevelFile {
  readonly zone: string;
  readonly withinSeconds: number;
  /** An ISO instant, or nothing. */
  readonly countedUntil: string | null;
}

type Column = readonly [name: string, of: (month: MonthView, pair: PairLevelView, file: LevelFile) => unknown];

const COLUMNS: readonly Column[] = [
  ['month', ({ month }) => month], ['zone', (_, __, { zone }) => zone], ['from', ({ from }) => from], ['until', ({ until }) => until],
  ['complete', ({ isRunning, until }, _, { countedUntil }) => (!isRunning && countedUntil !== null && countedUntil >= until ? 'yes' : 'no')], ['counted_until', (_, __, { countedUntil }) => countedUntil],
  ['source', (_, { source }) => source], ['target', (_, { target }) => target],
  ...(['accepted', 'deliveries', 'sent', 'dead', 'held', 'waiting', 'skipped', 'retries'] as const).map((name): Column => [name, (_, pair) => pair[name]]),
  ['sent_share', (_, { sentShare }) => rounded(sentShare)], ['p50_ms', (_, { medianMs }) => medianMs], ['p95_ms', (_, { slowMs }) => slowMs], ['p99_ms', (_, { slowestMs }) => slowestMs],
  ['within_s', (_, __, { withinSeconds }) => withinSeconds], ['within_share', (_, { withinShare }) => rounded(withinShare)], ['within_share_without_stops', (_, { withinOwnShare }) => rounded(withinOwnShare)],
  ...(['suspended', 'maintenance', 'credentials', 'circuit'] as const).map((cause): Column => [`waited_${cause}_s`, (_, { stood }) => stood[cause]]),
];

const rounded = (share: number | null): number | null => (share === null ? null : Math.round(share * 1e6) / 1e6);

/** A line of column names, then one per month and pair. */
export async function* levelCsv(months: AsyncIterable<MonthView>, file: LevelFile): AsyncGenerator<string> {
  yield csvLine(COLUMNS.map(([name]) => name));
  for await (const month of months) {
    if (month.pairs.length > 0) yield month.pairs.map((pair) => csvLine(COLUMNS.map(([, of]) => of(month, pair, file)))).join('');
  }
}
