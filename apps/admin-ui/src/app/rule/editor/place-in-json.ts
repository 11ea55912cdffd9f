import { stepsOf } from './document-edit';

export interface TextPlace {
  readonly start: number;
  readonly end: number;
}

/** Where in JSON text the value at a pointer stands; the nearest value around it where it is missing. The text must be JSON. */
export function placeInJson(text: string, pointer: string): TextPlace | undefined {
  const reader = new Reader(text);
  return reader.find(stepsOf(pointer));
}

/** Walks JSON text that is known to parse, without keeping values. */
class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  find(steps: readonly string[]): TextPlace | undefined {
    this.skipSpace();
    const start = this.at;
    const [step, ...rest] = steps;
    const inner = step === undefined ? undefined : this.enter(step, rest);
    if (inner !== undefined) return inner;
    this.at = start;
    this.skipValue();
    return this.at > start ? { start, end: this.at } : undefined;
  }

  private enter(step: string, rest: readonly string[]): TextPlace | undefined {
    const open = this.text[this.at];
    if (open !== '{' && open !== '[') return undefined;
    this.at += 1;
    for (let index = 0; this.at < this.text.length; index += 1) {
      this.skipSpace();
      if (this.text[this.at] === '}' || this.text[this.at] === ']') return undefined;
      const key = open === '{' ? this.readKey() : String(index);
      if (key === step) return this.find(rest);
      this.skipValue();
      this.skipSpace();
      if (this.text[this.at] === ',') this.at += 1;
    }
    return undefined;
  }

  private readKey(): string {
    const start = this.at;
    this.skipText();
    const key = JSON.parse(this.text.slice(start, this.at)) as string;
    this.skipSpace();
    this.at += 1; // the colon
    return key;
  }

  private skipValue(): void {
    this.skipSpace();
    let depth = 0;
    while (this.at < this.text.length) {
      const mark = this.text[this.at];
      if (mark === '"') this.skipText();
      else {
        if (depth === 0 && (mark === ',' || mark === '}' || mark === ']' || /\s/.test(mark ?? ''))) return;
        if (mark === '{' || mark === '[') depth += 1;
        if (mark === '}' || mark === ']') depth -= 1;
        this.at += 1;
      }
      if (depth === 0 && (mark === '"' || mark === '}' || mark === ']')) return;
    }
  }

  private skipText(): void {
    this.at += 1;
    while (this.at < this.text.length && this.text[this.at] !== '"') this.at += this.text[this.at] === '\\' ? 2 : 1;
    this.at += 1;
  }

  private skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? '')) this.at += 1;
  }
}
