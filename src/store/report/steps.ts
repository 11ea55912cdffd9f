/** Upper ends, in seconds, of the steps in which times from accepted to delivered are counted; the last step is open. What may be agreed on is among them, so that its share is exact. */
export const LEVEL_STEPS = [
  0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 7.5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 450, 600, 900, 1_200, 1_800, 2_700, 3_600,
  7_200, 14_400, 28_800, 43_200, 86_400, 172_800, 345_600, 604_800, 1_209_600, 2_592_000,
] as const;

/** Times, in seconds, within which something may be agreed to be delivered. */
export const AGREED_SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 14_400, 28_800, 86_400] as const;
