/** What someone must say to use a template. */
export interface TemplateParameter {
  readonly name: string;
  readonly title: string;
  readonly kind: 'endpoint' | 'text' | 'number' | 'boolean';
  /** Absent where it must be given; an empty text where it may be left empty. */
  readonly default?: string | number | boolean;
  /** Of an endpoint: the kinds of adapter that the rules fit; any where it is absent. */
  readonly adapters?: readonly string[];
}

/** Rules that solve one task, with their tests, for any endpoints. */
export interface Template {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly TemplateParameter[];
  /**
   * Rule documents in whose texts and keys `{{name}}` stands for a parameter; a text that is exactly `{{number:name}}`
   * becomes a number. What has `onlyWith` in a list stands there only where the parameter of that name is true or not empty, what has
   * `onlyWithout` only where it is not.
   */
  readonly rules: readonly Readonly<Record<string, unknown>>[];
}
