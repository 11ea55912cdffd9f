/** Shorter ones occur everywhere and spare nothing. */
const MIN_LENGTH = 2;
const MAX_ALTERNATIVES = 32;
const MAX_NESTING = 20;
const REPETITION = /[*+?{]/;

/** One thing of a concatenation: a character that stands for itself, a group, or something that says nothing. */
type Atom = { readonly character: string } | { readonly group: readonly string[] | null } | null;

/**
 * Literals of which every match of a case-insensitive pattern contains at least one, in lower case; null where there
 * are none for certain. The text is to be searched in the form that `foldForPatterns` gives it. Only plain ASCII
 * counts, and anything of the pattern that is not understood beyond doubt gives null: a literal too many would lose
 * messages, one too few costs a search.
 */
export function requiredLiterals(pattern: string): readonly string[] | null {
  const reader = new LiteralReader(pattern);
  const literals = reader.alternatives(0);
  return reader.isWhole() ? literals : null;
}

/** Text in the form in which the literals of patterns are found: the long s is an s for a pattern that ignores case. */
export function foldForPatterns(text: string): string {
  const lower = text.toLowerCase();
  return lower.includes('ſ') ? lower.replaceAll('ſ', 's') : lower;
}

class LiteralReader {
  private at = 0;
  private isLost = false;

  constructor(private readonly pattern: string) {}

  isWhole(): boolean {
    return !this.isLost && this.at === this.pattern.length;
  }

  /** Alternatives up to the end or a closing parenthesis; every one of them must have a literal. */
  alternatives(depth: number): readonly string[] | null {
    if (depth > MAX_NESTING) this.isLost = true;
    const all: string[] = [];
    let isCertain = true;
    for (;;) {
      const literals = this.concatenation(depth);
      if (literals === null) isCertain = false;
      else all.push(...literals);
      if (this.isLost || this.pattern[this.at] !== '|') break;
      this.at += 1;
    }
    return isCertain && !this.isLost && all.length <= MAX_ALTERNATIVES ? [...new Set(all)] : null;
  }

  /** The best of what one alternative must contain: the longest run of characters, or a group's literals. */
  private concatenation(depth: number): readonly string[] | null {
    let best: readonly string[] | null = null;
    let run = '';
    const offer = (literals: readonly string[] | null): void => {
      if (literals !== null && shortest(literals) >= MIN_LENGTH && shortest(literals) > shortest(best)) best = literals;
    };
    const endRun = (): void => {
      if (run !== '') offer([run]);
      run = '';
    };
    while (!this.isLost && this.at < this.pattern.length && !/[|)]/.test(this.pattern[this.at] ?? '')) {
      const atom = this.atom(depth);
      const repeats = this.repetition();
      const isCharacter = atom !== null && 'character' in atom;
      if (isCharacter && repeats !== 'may be left out') run += atom.character;
      if (!isCharacter || repeats !== 'once') endRun();
      if (atom !== null && 'group' in atom && repeats !== 'may be left out') offer(atom.group);
    }
    endRun();
    return best;
  }

  private atom(depth: number): Atom {
    const character = String.fromCodePoint(this.pattern.codePointAt(this.at) ?? 0);
    this.at += character.length;
    switch (character) {
      case '\\':
        return this.escaped();
      case '[':
        this.skipClass();
        return null;
      case '(':
        return this.group(depth);
      case '.':
      case '^':
      case '$':
        return null;
      case '*':
      case '+':
      case '?':
      case '{':
        this.isLost = true;
        return null;
      default:
        return /^[ -~]$/.test(character) ? { character: character.toLowerCase() } : null;
    }
  }

  private escaped(): Atom {
    const character = this.pattern[this.at] ?? '';
    this.at += 1;
    if (/^[dDwWsSbBAztnrfv]$/.test(character)) return null;
    if (/^[!-/:-@[-`{-~]$/.test(character)) return { character };
    // Quotations, properties, code points: these have ends of their own.
    this.isLost = true;
    return null;
  }

  private skipClass(): void {
    const rest = /^\^?\]?(?:\[:\^?[a-z]+:\]|\\[^QEpPxC\d]|[^\]\\[])*\]/.exec(this.pattern.slice(this.at));
    if (rest === null) this.isLost = true;
    else this.at += rest[0].length;
  }

  private group(depth: number): Atom {
    if (this.pattern[this.at] === '?') {
      const opening = /^\?(?:[imsU]*(?:-[imsU]+)?:|P?<\w+>)/.exec(this.pattern.slice(this.at));
      const flagsAlone = /^\?[imsU]*(?:-[imsU]+)?\)/.exec(this.pattern.slice(this.at));
      if (flagsAlone !== null) {
        this.at += flagsAlone[0].length;
        // The engine lets a repetition behind flags count for what stands before them.
        if (REPETITION.test(this.pattern[this.at] ?? '')) this.isLost = true;
        return null;
      }
      if (opening === null) this.isLost = true;
      else this.at += opening[0].length;
    }
    if (this.isLost) return null;
    const group = this.alternatives(depth + 1);
    if (this.pattern[this.at] !== ')') this.isLost = true;
    this.at += 1;
    return { group };
  }

  private repetition(): 'once' | 'may be left out' | 'at least once' {
    const found = /^(?:[*+?]|\{(\d+)(?:,\d*)?\})\??/.exec(this.pattern.slice(this.at));
    if (found === null) return 'once';
    this.at += found[0].length;
    if (REPETITION.test(this.pattern[this.at] ?? '')) this.isLost = true;
    const [whole, least] = found;
    if (least !== undefined) return Number(least) === 0 ? 'may be left out' : 'at least once';
    return whole.startsWith('+') ? 'at least once' : 'may be left out';
  }
}

function shortest(literals: readonly string[] | null): number {
  return literals === null || literals.length === 0 ? 0 : Math.min(...literals.map((literal) => literal.length));
}
