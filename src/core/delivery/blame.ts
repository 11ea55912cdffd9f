/**
 * Who ended the process? A lane's crash count says how often it was taken without a result, and, in hundreds, how often the process ended while it was
 * tried alone. Many lanes are in hand when a process ends, and most of them have nothing to do with it: only who was alone is to blame.
 */
export type Trial = 'with-others' | 'alone' | 'guilty';

/** Crashes after which a lane is suspected, and is tried alone. */
const MOST_WITH_OTHERS = 2;
/**
 * Somebody else may have ended the process just then. Under random kills every few seconds one trial in a hundred was met by one (measured): twice is one lane in
 * ten thousand, and that ticket would be held for nothing; three times is no chance any more. Whoever it is costs five crashes in all.
 */
const MOST_ALONE = 3;
const ALONE = 100;

/** How a lane is to be tried that was taken for the `crashCount`th time without a result. */
export function trialOf(crashCount: number): Trial {
  if (Math.floor(crashCount / ALONE) >= MOST_ALONE) return 'guilty';
  return crashCount > MOST_WITH_OTHERS ? 'alone' : 'with-others';
}

/** What is added to the count of a lane before it is tried alone; a result clears the count. */
export const ACCUSED = ALONE;
