import { Place, describeFound, type Problem } from '../core/shape/place.js';
import { isObject } from '../core/shape/shape.js';

/** Faults of a tool's API. Rates are probabilities from 0 to 1. */
export interface Faults {
  /** Added to every answer. */
  readonly latencyMs: number;
  readonly errorRate: number;
  readonly errorStatus: number;
  /** Answered 429 with this many seconds of `Retry-After`. */
  readonly limitRate: number;
  readonly retryAfterSeconds: number;
  /** Cut before the request has any effect. */
  readonly cutBeforeRate: number;
  /** Cut after it was done, instead of the answer. */
  readonly cutAfterRate: number;
  /** Every connection is cut at once. */
  readonly down: boolean;
}

export const NO_FAULTS: Faults = { latencyMs: 0, errorRate: 0, errorStatus: 500, limitRate: 0, retryAfterSeconds: 2, cutBeforeRate: 0, cutAfterRate: 0, down: false };

/** What happens to one request. */
export type Fate = 'served' | 'down' | 'cut-before' | 'cut-after' | 'limited' | 'error';

const LIMITS: { readonly [name in keyof Omit<Faults, 'down'>]: readonly [least: number, most: number, whole: boolean] } = {
  latencyMs: [0, 60_000, true], errorRate: [0, 1, false], errorStatus: [400, 599, true], limitRate: [0, 1, false],
  retryAfterSeconds: [0, 3_600, true], cutBeforeRate: [0, 1, false], cutAfterRate: [0, 1, false],
};

/** Stored faults over none. */
export const readFaults = (stored: Readonly<Record<string, unknown>>): Faults => ({ ...NO_FAULTS, ...stored });

export const hasFaults = (faults: Faults): boolean =>
  faults.down || [faults.latencyMs, faults.errorRate, faults.limitRate, faults.cutBeforeRate, faults.cutAfterRate].some((value) => value > 0);

/** Checks faults that someone gave; what is left out is off. `times` bounds how many requests they hit. */
export function checkFaults(raw: unknown): { readonly faults: Faults; readonly times: number | null } | { readonly problems: readonly Problem[] } {
  const place = Place.root();
  if (!isObject(raw)) {
    place.refuse('an object', describeFound(raw));
    return { problems: place.problems };
  }
  const faults: Record<string, unknown> = { ...NO_FAULTS };
  let times: number | null = null;
  for (const [name, value] of Object.entries(raw)) {
    if (name === 'down') {
      if (typeof value === 'boolean') faults['down'] = value;
      else place.at(name).refuse('true or false', describeFound(value));
    } else if (name === 'times') {
      if (value === null || isWithin(value, [1, 1_000_000, true])) times = value;
      else place.at(name).refuse('a whole number from 1, or null', describeFound(value));
    } else if (Object.hasOwn(LIMITS, name)) {
      const limits = LIMITS[name as keyof typeof LIMITS];
      if (isWithin(value, limits)) faults[name] = value;
      else place.at(name).refuse(`a ${limits[2] ? 'whole ' : ''}number from ${limits[0]} to ${limits[1]}`, describeFound(value));
    } else {
      place.at(name).refuse(`one of ${Object.keys(NO_FAULTS).join(', ')}, times`, 'a fault that does not exist');
    }
  }
  return place.problems.length > 0 ? { problems: place.problems } : { faults: faults as unknown as Faults, times };
}

const isWithin = (value: unknown, [least, most, whole]: readonly [number, number, boolean]): value is number =>
  typeof value === 'number' && value >= least && value <= most && (!whole || Number.isInteger(value));

/** Decides what happens to a request; `draw` gives numbers from 0 to below 1. */
export function fateOf(faults: Faults, draw: () => number): Fate {
  if (faults.down) return 'down';
  if (draw() < faults.cutBeforeRate) return 'cut-before';
  if (draw() < faults.limitRate) return 'limited';
  if (draw() < faults.errorRate) return 'error';
  return draw() < faults.cutAfterRate ? 'cut-after' : 'served';
}
