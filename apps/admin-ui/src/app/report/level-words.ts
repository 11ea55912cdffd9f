import type { PairLevelView } from '../api/models';
import { durationText } from '../ui/time-text';
import { REPORT } from './report.text';

const COUNT = new Intl.NumberFormat('en-GB');
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });

export const countText = (count: number): string => COUNT.format(count);

/** A share in percent, never rounded up: what is not all of them does not read as if it were. */
export const shareText = (share: number | null): string => (share === null ? REPORT.none : `${String(Math.floor(share * 10_000 + 1e-6) / 100)} %`);

/** The name of a month that is written as `2026-05`. */
export const monthText = (month: string): string => MONTH.format(new Date(`${month}-01T00:00:00Z`));

export const tookText = (ms: number | null): string => (ms === null ? REPORT.none : durationText(ms));

/** What did not simply go, in words; empty where all did. */
export const partsText = (pair: Pick<PairLevelView, 'dead' | 'held' | 'waiting' | 'skipped'>): string =>
  (['dead', 'held', 'waiting', 'skipped'] as const).filter((part) => pair[part] > 0).map((part) => `${countText(pair[part])} ${REPORT.parts[part]}`).join(' · ');

/** What deliveries waited for their target, by why, the longest first. */
export const stoodText = ({ stood }: Pick<PairLevelView, 'stood'>): string =>
  (['suspended', 'maintenance', 'credentials', 'circuit'] as const).filter((cause) => stood[cause] > 0).sort((one, other) => stood[other] - stood[one]).map((cause) => `${durationText(stood[cause] * 1_000)} ${REPORT.causes[cause]}`).join(' · ');
