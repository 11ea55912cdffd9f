/** What someone must say to use a template. */
export interface TemplateParameter {
  readonly name: string;
  readonly title: string;
  readonly kind: 'endpoint' | 'text' | 'number';
  /** Absent where it must be given. */
  readonly default?: string | number;
}

/** Rules that solve one task, with their tests, for any endpoints. */
export interface Template {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly TemplateParameter[];
  /**
   * Rule documents in whose texts and keys `{{name}}` stands for a parameter; a text that is exactly `{{number:name}}`
   * becomes a number.
   */
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}
