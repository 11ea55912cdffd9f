import { elementAsText } from '../../message/as-text.js';
import { elementsOf } from '../../message/elements-of.js';
import { fold } from '../../message/fold.js';
import { isBlank } from '../../message/is-blank.js';
import type { Value } from '../../message/value.js';
import type { IndexHint } from '../condition/index-hint.js';
import { foldForPatterns } from '../condition/required-literals.js';
import { AffixSearch } from './affix-search.js';
import { LiteralSearch } from './literal-search.js';
import { ThresholdSearch } from './threshold-search.js';

/** Something that is asked of each element's text. */
interface TextSearch {
  readonly add: (text: string, place: number) => void;
  readonly find: (folded: string) => void;
}

type TextTest = Exclude<IndexHint['fits'], 'present' | 'filled'>;

/** The places of rules that ask something of one attribute; each kind of question is answered for all of them at once. */
export class AttributePlaces {
  private readonly searches = new Map<TextTest, TextSearch>();
  private readonly present: number[] = [];
  private readonly filled: number[] = [];
  /** Where a rule is found, its mark is set to this. */
  private marks: Uint8Array = NO_MARKS;

  constructor(private readonly mark: 0 | 1) {}

  add({ fits, texts }: IndexHint, place: number): void {
    if (fits === 'present') this.present.push(place);
    else if (fits === 'filled') this.filled.push(place);
    else for (const text of new Set(texts)) this.searchOf(fits).add(text, place);
  }

  /** Marks the places of the rules whose question the value answers with yes. */
  find(value: Value | undefined, marks: Uint8Array): void {
    if (value === undefined) return;
    this.marks = marks;
    this.tell(this.present);
    if (this.filled.length > 0 && !isBlank(value)) this.tell(this.filled);
    if (this.searches.size > 0) {
      for (const element of elementsOf(value)) {
        const folded = fold(elementAsText(element));
        for (const search of this.searches.values()) search.find(folded);
      }
    }
    this.marks = NO_MARKS;
  }

  private readonly tell = (places: readonly number[]): void => {
    for (const place of places) this.marks[place] = this.mark;
  };

  private searchOf(test: TextTest): TextSearch {
    const known = this.searches.get(test) ?? this.newSearch(test);
    this.searches.set(test, known);
    return known;
  }

  private newSearch(test: TextTest): TextSearch {
    switch (test) {
      case 'equals': {
        const byText = new Map<string, number[]>();
        const add = (text: string, place: number): void => {
          const asking = byText.get(text);
          if (asking === undefined) byText.set(text, [place]);
          else asking.push(place);
        };
        return { add, find: (folded) => this.tell(byText.get(folded) ?? NO_PLACES) };
      }
      case 'contains': {
        const search = new LiteralSearch();
        return { add: (text, place) => search.add(text, place), find: (folded) => search.find(folded, this.tell) };
      }
      case 'has': {
        const search = new LiteralSearch();
        return { add: (text, place) => search.add(text, place), find: (folded) => search.find(foldForPatterns(folded), this.tell) };
      }
      case 'starts':
      case 'ends': {
        const search = new AffixSearch(test);
        return { add: (text, place) => search.add(text, place), find: (folded) => search.find(folded, this.tell) };
      }
      case 'above':
      case 'below': {
        const search = new ThresholdSearch(test);
        const tellOne = (place: number): void => void (this.marks[place] = this.mark);
        return { add: (text, place) => search.add(text, place), find: (folded) => search.find(folded, tellOne) };
      }
    }
  }
}

const NO_MARKS = new Uint8Array(0);
const NO_PLACES: readonly number[] = [];
