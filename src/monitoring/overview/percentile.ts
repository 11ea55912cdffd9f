/**
 * The time, in ms, within which `share` (0 to 1) of the counted deliveries were done, from counts per step; null where there are none.
 * `steps`: upper ends in seconds. Within a step times are taken as spread evenly; beyond the last one its end is told.
 */
export function percentileMs(counts: readonly number[], steps: readonly number[], share: number): number | null {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  let rest = total * share;
  for (const [index, count] of counts.entries()) {
    if (count > 0 && rest <= count) {
      const low = steps[index - 1] ?? 0;
      const high = steps[index] ?? low;
      return Math.round((low + (high - low) * (rest / count)) * 1_000);
    }
    rest -= count;
  }
  return Math.round((steps.at(-1) ?? 0) * 1_000);
}
