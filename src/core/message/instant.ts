/** What an ISO 8601 text says: its wall-clock time read as if it were UTC, and its offset where it has one. */
export interface IsoReading {
  /** Milliseconds since 1970 of the wall-clock time, read as UTC. */
  readonly localMs: number;
  /** Minutes east of UTC; null where the text names no zone. */
  readonly offsetMinutes: number | null;
}

const EXTENDED =
  /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/i;
const BASIC = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(?:(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/i;

/** Reads an ISO 8601 date or date and time, extended or (with a time) basic form; null where it is none. */
export function readIso(text: string): IsoReading | null {
  if (text.length < 10 || text.length > 40) return null;
  const parts = EXTENDED.exec(text) ?? BASIC.exec(text);
  if (parts === null) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone] = parts;
  if (!isCalendarDay(Number(year), Number(month), Number(day))) return null;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return null;
  const offsetMinutes = zone === undefined ? null : readOffset(zone);
  if (offsetMinutes !== null && Number.isNaN(offsetMinutes)) return null;
  // `Date.UTC` reads years below 100 as 1900 and later; the setter does not.
  const date = new Date(0);
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day));
  const timeMs = ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  const fractionMs = Math.floor(Number(`0.${fraction}`) * 1000 + 1e-6);
  return { localMs: date.getTime() + timeMs + fractionMs, offsetMinutes };
}

/** The instant of an ISO 8601 text in milliseconds since 1970, UTC where it names no zone; null where it is none. */
export function readInstant(text: string): number | null {
  const reading = readIso(text);
  return reading === null ? null : reading.localMs - (reading.offsetMinutes ?? 0) * 60_000;
}

/** An instant as ISO 8601 in UTC with milliseconds; what no calendar can show becomes 1970. */
export function printInstant(epochMs: number): string {
  const date = new Date(epochMs);
  return Number.isNaN(date.getTime()) ? '1970-01-01T00:00:00.000Z' : date.toISOString();
}

function isCalendarDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31);
}

function readOffset(zone: string): number {
  if (zone === 'Z' || zone === 'z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3).replace(':', '') || '0');
  if (hours > 18 || minutes > 59) return Number.NaN;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
