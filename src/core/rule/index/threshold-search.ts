import { type Magnitude, magnitudeOf } from '../condition/order-of.js';

interface Threshold {
  readonly value: number;
  readonly place: number;
}

/**
 * Finds which of many thresholds a text reaches, the threshold itself included: numbers among numbers, dates among
 * dates. Long integers are looked at as doubles here, which may call neighbours equal and never swaps them.
 */
export class ThresholdSearch {
  private readonly kinds: { readonly [kind in Magnitude['kind']]: Threshold[] } = { number: [], instant: [] };
  private isSorted = true;

  constructor(private readonly side: 'above' | 'below') {}

  /** Adds a threshold; a text that is neither number nor date is reached by nothing. */
  add(text: string, place: number): void {
    const magnitude = magnitudeOf(text);
    if (magnitude === null) return;
    this.kinds[magnitude.kind].push({ value: magnitude.value, place });
    this.isSorted = false;
  }

  /** Tells the place of every threshold that the text is on the right side of. */
  find(text: string, tell: (place: number) => void): void {
    const magnitude = magnitudeOf(text);
    if (magnitude === null) return;
    this.sort();
    const thresholds = this.kinds[magnitude.kind];
    const isReached = ({ value }: Threshold): boolean =>
      this.side === 'above' ? magnitude.value >= value : magnitude.value <= value;
    // In the order in which they are reached, so that the first that is not ends the search.
    for (const threshold of thresholds) {
      if (!isReached(threshold)) return;
      tell(threshold.place);
    }
  }

  private sort(): void {
    if (this.isSorted) return;
    const sign = this.side === 'above' ? 1 : -1;
    for (const thresholds of Object.values(this.kinds)) thresholds.sort((left, right) => sign * compare(left.value, right.value));
    this.isSorted = true;
  }
}

/** Not by subtraction: two infinities are equal. */
function compare(left: number, right: number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
