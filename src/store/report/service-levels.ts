import type { EntityManager } from '../data-source.js';
import type { OrganizationId } from '../organization.js';
import { LEVEL_STEPS } from './steps.js';

/** What was counted of one pair of endpoints in one month. Counts per step of `LEVEL_STEPS`, and one beyond them; times in seconds. */
export interface LevelRow {
  /** Place of its month among those asked for. */
  readonly month: number;
  readonly source: string;
  /** Empty: what was accepted from the source. */
  readonly target: string;
  readonly accepted: number;
  readonly sent: number;
  readonly dead: number;
  readonly held: number;
  readonly waiting: number;
  readonly skipped: number;
  readonly retries: number;
  readonly took: readonly number[];
  readonly tookOwn: readonly number[];
  readonly suspended: number;
  readonly maintenance: number;
  readonly credentials: number;
  readonly circuit: number;
}

export interface LevelFilter {
  readonly source?: string;
  readonly target?: string;
}

const STEPS = [...LEVEL_STEPS, 0].map((_, index) => index + 1);
const summed = (counts: string): string => `ARRAY[${STEPS.map((step) => `coalesce(sum(${counts}[${step}]), 0)::int`).join(', ')}]`;
const numbers = ['accepted', 'sent', 'dead', 'held', 'waiting', 'skipped', 'retries'].map((column) => `sum(p.${column})::int AS ${column}`).join(', ');
const waits = ['suspended', 'maintenance', 'credentials', 'circuit'].map((cause) => `sum(p.${cause}_s) AS ${cause}`).join(', ');

/** Sums per month and pair. `months`: begin and end of each. A filter by target keeps what was accepted from the sources. */
export function readLevels(manager: EntityManager, organization: OrganizationId, months: readonly (readonly [Date, Date])[], { source, target }: LevelFilter): Promise<LevelRow[]> {
  return manager.query<LevelRow[]>(
    `SELECT m.place::int - 1 AS month, p.source, p.target, ${numbers}, ${waits}, ${summed('p.took')} AS took, ${summed(`(CASE WHEN p.took_own = '{}' THEN p.took ELSE p.took_own END)`)} AS "tookOwn"
     FROM unnest($2::timestamptz[], $3::timestamptz[]) WITH ORDINALITY m(from_at, until_at, place)
     JOIN report_pair p ON p.organization_id = $1 AND p.begins_at >= m.from_at AND p.begins_at < m.until_at
     WHERE ($4::text IS NULL OR p.source = $4) AND ($5::text IS NULL OR p.target = $5 OR p.target = '')
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, [organization, months.map(([from]) => from), months.map(([, until]) => until), source ?? null, target ?? null]);
}

/** Until when an organization's deliveries are counted; null: not at all yet. */
export async function readCountedUntil(manager: EntityManager, organization: OrganizationId): Promise<Date | null> {
  return (await manager.query<{ until: Date }[]>('SELECT counted_until AS until FROM report_progress WHERE organization_id = $1', [organization]))[0]?.until ?? null;
}
