/**
 * How a rule index may use a condition whose values are fixed. `fits` names what an element of the attribute must do
 * with one of the texts for the condition to hold; with `excludes` the condition fails where one does.
 *
 * A hint promises one way only: a condition without `excludes` never holds where nothing fits, one with it always
 * fails where something fits. Whether a rule that is left really takes part is still asked of its conditions.
 */
export interface IndexHint {
  readonly fits: IndexedTest;
  /** Folded; none is empty. */
  readonly texts: readonly string[];
  readonly excludes: boolean;
}

/**
 * `has` is a literal that every match of a pattern contains (see `requiredLiterals`); `above` and `below` are orders
 * with the bound included; `present` and `filled` need no texts.
 */
export type IndexedTest = 'equals' | 'contains' | 'starts' | 'ends' | 'has' | 'above' | 'below' | 'present' | 'filled';

/** The hint of a condition that holds only where one of the texts fits; null where a text is empty, which fits too often. */
export function hintOf(fits: IndexedTest, texts: readonly string[]): IndexHint | null {
  return texts.includes('') ? null : { fits, texts, excludes: false };
}

/** The hint of the opposite condition: it fails where the other holds for certain. */
export function oppositeOf(hint: IndexHint | null): IndexHint | null {
  if (hint === null) return null;
  switch (hint.fits) {
    case 'equals':
    case 'contains':
    case 'starts':
    case 'ends':
    case 'present':
    case 'filled':
      return { ...hint, excludes: true };
    case 'has':
    case 'above':
    case 'below':
      // These only say where the other may hold.
      return null;
  }
}
