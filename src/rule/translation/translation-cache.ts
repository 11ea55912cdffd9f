/** Texts that were translated, by what was asked for. Bounded in number and in characters; what was not used longest goes first. */
export class TranslationCache {
  /** Insertion order is age since the last use. */
  private readonly kept = new Map<string, string>();
  private characters = 0;

  constructor(private readonly mostEntries: number, private readonly mostCharacters: number) {}

  get(key: string): string | undefined {
    const text = this.kept.get(key);
    if (text === undefined) return undefined;
    this.kept.delete(key);
    this.kept.set(key, text);
    return text;
  }

  set(key: string, text: string): void {
    this.remove(key);
    this.kept.set(key, text);
    this.characters += key.length + text.length;
    while (this.kept.size > this.mostEntries || this.characters > this.mostCharacters) this.remove(this.kept.keys().next().value!);
  }

  private remove(key: string): void {
    const text = this.kept.get(key);
    if (text === undefined) return;
    this.kept.delete(key);
    this.characters -= key.length + text.length;
  }
}
