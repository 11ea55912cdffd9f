import { settingsOfProcess } from '../config/environment.js';
import { applyRetention, type OldWeek, type RetentionRun } from '../store/retention/retention.js';
import { CommandRefused, type Command } from './command.js';

const DRY = '--dry-run';

const WORDS: Readonly<Record<OldWeek['action'], readonly [done: string, dry: string]>> = {
  drop: ['dropped', 'would be dropped'],
  shrink: ['made small: what is open stays', 'would be made small: what is open stays'],
  small: ['small already: all in it is open', 'small already: all in it is open'],
  keep: ['stays', 'would stay'],
  postponed: ['left for the next run', 'left for the next run'],
};

/** `parley retention`: which weeks are older than messages are kept, what is open in them, and what is done with them. */
export const retention: Command['run'] = async (parameters, terminal) => {
  const unknown = parameters.filter((one) => one !== DRY);
  if (unknown.length > 0) throw new CommandRefused(`there is no parameter "${unknown[0] ?? ''}"; ${DRY} is one`);
  const isDry = parameters.includes(DRY);
  const { databaseUrl, retentionDays, retentionDeadDays } = settingsOfProcess();
  if (databaseUrl === undefined) throw new CommandRefused('set DATABASE_URL');
  const run = await applyRetention(databaseUrl, { messageDays: retentionDays, deadDays: retentionDeadDays, nowMs: Date.now(), isDry });
  for (const line of linesOf(run, { isDry, days: retentionDays })) terminal.out(line);
  return run.ran && run.weeks.every(({ action }) => action !== 'postponed') ? 0 : 1;
};

/** What a run did, or would do, line by line. */
export function linesOf({ ran, weeks, strayRows, weeksAhead }: RetentionRun, { isDry, days }: { readonly isDry: boolean; readonly days: number }): string[] {
  if (!ran) return ['Another process is at it.'];
  const kept = days === 0 ? 'Messages are kept for ever (PARLEY_RETENTION_DAYS=0).' : `Messages are kept for ${days} days; ${weeks.length === 0 ? 'no week is older.' : `${weeks.length} week${weeks.length === 1 ? ' is' : 's are'} older:`}`;
  return [kept, ...weeks.map((week) => lineOf(week, isDry)), `There are partitions for ${weeksAhead} weeks ahead.`, ...(strayRows === 0 ? [] : [`${strayRows} rows belong into no partition: a clock was wrong, or upkeep did not run.`])];
}

function lineOf({ week, action, reason, bytes, open }: OldWeek, isDry: boolean): string {
  const day = `${week.slice(0, 4)}-${week.slice(4, 6)}-${week.slice(6)}`;
  const counted = open.requests + open.messages + open.deliveries;
  return `  week of ${day}  ${megabytes(bytes)}  ${WORDS[action][isDry ? 1 : 0]}${reason === null ? '' : ` (${reason})`}${counted === 0 ? '' : `; open: ${open.deliveries} deliveries, ${open.messages} messages, ${open.requests} requests`}`;
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1).padStart(9)} MB`;
