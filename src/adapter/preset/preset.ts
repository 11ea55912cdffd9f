import type { ValueTable } from './value-table.js';

/** What a person has to put in before an endpoint made from a preset can be used. */
export interface PresetBlank {
  /** JSON pointer (RFC 6901) into the endpoint document. */
  readonly pointer: string;
  readonly label: string;
  readonly isSecret?: true;
}

/** Settings of a known system to start an endpoint from. Data: nothing in it is run. */
export interface Preset {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** Grows with every change of what the settings do. */
  readonly version: number;
  /** The day on which calls, fields and codes were last compared with the documentation (ISO 8601). */
  readonly lastChecked: string;
  /** `documentation`: tested against a fake that was built from documentation, never against the system itself; `system`: also against that. */
  readonly testedAgainst: 'documentation' | 'system';
  readonly blanks: readonly PresetBlank[];
  /** How values are translated, by the canonical attribute. */
  readonly values: Readonly<Record<string, ValueTable>>;
  readonly endpoint: {
    readonly name: string;
    readonly adapter: string;
    readonly settings: Readonly<Record<string, unknown>>;
    readonly entityTypes: readonly Readonly<Record<string, unknown>>[];
  };
  /** Instead of its calls to us: what may be put into an entity type as `poll`, by its name. */
  readonly polling?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
