/** Times as the console writes them, in the viewer's zone. Pure: the present instant comes in as a number of milliseconds. */

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const DAY_AND_YEAR = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

/** Clock time, before it the day unless it is today, before that the year unless it is this one. */
export function instantText(iso: string, now: number): string {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return iso;
  const today = new Date(now);
  if (at.toDateString() === today.toDateString()) return CLOCK.format(at);
  const day = at.getFullYear() === today.getFullYear() ? DAY : DAY_AND_YEAR;
  return `${day.format(at)}, ${CLOCK.format(at)}`;
}

/** How long ago, or in how long: `just now`, `4 min ago`, `in 42 s`. */
export function distanceText(iso: string, now: number): string {
  const distanceMs = new Date(iso).getTime() - now;
  if (Number.isNaN(distanceMs)) return iso;
  const text = durationText(Math.abs(distanceMs));
  if (Math.abs(distanceMs) < 1_000) return 'just now';
  return distanceMs > 0 ? `in ${text}` : `${text} ago`;
}

/** A length of time from milliseconds, in at most two units: `38 ms`, `1.2 s`, `3 min`, `2 h 5 min`, `3 d`. */
export function durationText(durationMs: number): string {
  const seconds = durationMs / 1_000;
  if (durationMs < 1_000) return `${String(Math.round(durationMs))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1).replace(/\.0$/, '')} s`;
  if (seconds < 60) return `${String(Math.floor(seconds))} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${String(minutes)} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(minutes % 60)} min`;
  return `${String(Math.floor(hours / 24))} d`;
}

/** A number of bytes in the largest unit that keeps it readable. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000) return `${String(bytes)} B`;
  if (bytes < 1_000_000) return `${(bytes / 1_000).toFixed(bytes < 10_000 ? 1 : 0)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
