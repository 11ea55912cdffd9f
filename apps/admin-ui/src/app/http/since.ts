const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** The instant (ISO 8601) that a length of time (`15m`, `1h`, `7d`) before `now` (ms) names; undefined for none or for nonsense in the address. */
export function sinceInstant(since: string | undefined, now: number): string | undefined {
  const match = /^(\d{1,4})([mhd])$/.exec(since ?? '');
  const unit = UNIT_MS[match?.[2] ?? ''];
  return match?.[1] === undefined || unit === undefined ? undefined : new Date(now - Number(match[1]) * unit).toISOString();
}
