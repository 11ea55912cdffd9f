/** Characters of a gram: a literal is looked up by its rarest one. */
const LONGEST_GRAM = 4;
/** Literals that are compared per character of text, at most, before all that are left count as found. */
const COMPARISONS_PER_CHARACTER = 4;
const COMPARISONS_ANYWAY = 4_096;
const SLOTS_PER_GRAM = 16;
const MIN_SLOT_BITS = 8;
const MAX_SLOT_BITS = 18;

interface Literal {
  readonly text: string;
  readonly places: number[];
}

/** A literal and how many characters of it stand before the gram by which it is looked up. */
interface Anchored {
  readonly literal: Literal;
  readonly before: number;
}

/** The literals of one gram length: a text is read once, and only a gram that some literal has is looked up. */
interface GramTable {
  readonly length: number;
  readonly mask: number;
  readonly byGram: ReadonlyMap<number, readonly Anchored[]>;
  readonly slots: Uint8Array;
  readonly slotShift: number;
}

/**
 * Finds which of many literals a text contains in about one reading of the text, however many there are. Each literal
 * waits under the gram (up to four characters) that the fewest others share.
 */
export class LiteralSearch {
  private readonly literals = new Map<string, Literal>();
  private tables: readonly GramTable[] | null = null;

  /** Adds a literal that is not empty; the place is told where it is found. */
  add(text: string, place: number): void {
    const known = this.literals.get(text);
    if (known === undefined) this.literals.set(text, { text, places: [place] });
    else known.places.push(place);
    this.tables = null;
  }

  /**
   * Tells the places of all literals that the text contains. A text made for the purpose could have literals compared
   * over and over; once that is too often, the rest of them count as found, which costs their owners a closer look.
   */
  find(text: string, tell: (places: readonly number[]) => void): void {
    this.tables ??= tablesOf([...this.literals.values()]);
    for (const table of this.tables) search(table, text, tell);
  }
}

function search(table: GramTable, text: string, tell: (places: readonly number[]) => void): void {
  const { length, mask, byGram, slots, slotShift } = table;
  const found = new Set<Literal>();
  let comparisons = COMPARISONS_ANYWAY + text.length * COMPARISONS_PER_CHARACTER;
  let gram = 0;
  for (let at = 0; at < text.length; at += 1) {
    gram = nextGram(gram, text.charCodeAt(at)) & mask;
    if (slots[slotOf(gram, slotShift)] === 0 || at + 1 < length) continue;
    for (const { literal, before } of byGram.get(gram) ?? []) {
      if (found.has(literal)) continue;
      comparisons -= 1;
      if (comparisons >= 0 && !text.startsWith(literal.text, at + 1 - length - before)) continue;
      found.add(literal);
      tell(literal.places);
    }
    if (comparisons < 0) return tellRest(table, found, tell);
  }
}

function tellRest(table: GramTable, found: ReadonlySet<Literal>, tell: (places: readonly number[]) => void): void {
  for (const anchored of table.byGram.values()) {
    for (const { literal } of anchored) if (!found.has(literal)) tell(literal.places);
  }
}

/** The last four characters in 32 bits: what came before them is shifted out. */
function nextGram(gram: number, unit: number): number {
  return (gram << 8) ^ unit;
}

function slotOf(gram: number, shift: number): number {
  return Math.imul(gram, 0x9e3779b1) >>> shift;
}

function tablesOf(literals: readonly Literal[]): readonly GramTable[] {
  const byLength = new Map<number, Literal[]>();
  for (const literal of literals) {
    const length = Math.min(literal.text.length, LONGEST_GRAM);
    const same = byLength.get(length);
    if (same === undefined) byLength.set(length, [literal]);
    else same.push(literal);
  }
  return [...byLength].map(([length, same]) => tableOf(length, same));
}

function tableOf(length: number, literals: readonly Literal[]): GramTable {
  const mask = length === LONGEST_GRAM ? -1 : 2 ** (8 * length) - 1;
  const sharedBy = new Map<number, number>();
  const grams = literals.map((literal) => gramsOf(literal.text, length, mask));
  for (const gram of grams.flat()) sharedBy.set(gram, (sharedBy.get(gram) ?? 0) + 1);
  const byGram = new Map<number, Anchored[]>();
  literals.forEach((literal, at) => {
    const own = grams[at] ?? [];
    const share = (before: number): number => sharedBy.get(own[before] ?? 0) ?? 0;
    const before = own.reduce((best, _gram, next) => (share(next) < share(best) ? next : best), 0);
    const gram = own[before] ?? 0;
    const waiting = byGram.get(gram);
    if (waiting === undefined) byGram.set(gram, [{ literal, before }]);
    else waiting.push({ literal, before });
  });
  const bits = Math.min(MAX_SLOT_BITS, Math.max(MIN_SLOT_BITS, Math.ceil(Math.log2(byGram.size * SLOTS_PER_GRAM))));
  const slots = new Uint8Array(2 ** bits);
  for (const gram of byGram.keys()) slots[slotOf(gram, 32 - bits)] = 1;
  return { length, mask, byGram, slots, slotShift: 32 - bits };
}

/** The grams of a text in order; the one at a place begins there. */
function gramsOf(text: string, length: number, mask: number): number[] {
  const grams: number[] = [];
  let gram = 0;
  for (let at = 0; at < text.length; at += 1) {
    gram = nextGram(gram, text.charCodeAt(at)) & mask;
    if (at + 1 >= length) grams.push(gram);
  }
  return grams;
}
