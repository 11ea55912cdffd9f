/** Finds which of many beginnings (or ends) a text has: one look-up per length that occurs among them. */
export class AffixSearch {
  private readonly byLength = new Map<number, Map<string, number[]>>();

  constructor(private readonly side: 'starts' | 'ends') {}

  /** Adds a beginning or end that is not empty. */
  add(affix: string, place: number): void {
    const same = this.byLength.get(affix.length) ?? new Map<string, number[]>();
    this.byLength.set(affix.length, same);
    const places = same.get(affix);
    if (places === undefined) same.set(affix, [place]);
    else places.push(place);
  }

  /** Tells the places of all that the text has. */
  find(text: string, tell: (places: readonly number[]) => void): void {
    for (const [length, affixes] of this.byLength) {
      if (length > text.length) continue;
      const affix = this.side === 'starts' ? text.slice(0, length) : text.slice(text.length - length);
      const places = affixes.get(affix);
      if (places !== undefined) tell(places);
    }
  }
}
