/** How the request that the settings make today relates to the one that was sent. */
export type Sameness = 'not-sent' | 'sent' | 'changed' | 'unknown';

/** Compares when the newest attempt began with when the settings of its endpoint were last changed. */
export function sameAsSent(attempts: readonly { readonly startedAt: string }[], settingsChangedAt: string | undefined): Sameness {
  const last = attempts.at(-1);
  if (last === undefined) return 'not-sent';
  if (settingsChangedAt === undefined) return 'unknown';
  return Date.parse(settingsChangedAt) <= Date.parse(last.startedAt) ? 'sent' : 'changed';
}
