/** How one sandbox tool is set up, beyond its name: so that two tools can differ as two companies do. */
export interface SandboxOptions {
  readonly states: readonly string[];
  readonly priorities: readonly string[];
  readonly groups: readonly string[];
  /** Who changes made with the token alone are made by. */
  readonly integrationUser: string;
  /** What an API update of a locked ticket gets: 200 and a webhook with the refusal a moment later, or 423 at once. */
  readonly lockAnswer: 'ack' | 'refuse';
  readonly ackDelayMs: number;
}

export const DEFAULT_OPTIONS: SandboxOptions = {
  states: ['New', 'In progress', 'On hold', 'Resolved', 'Closed'],
  priorities: ['1', '2', '3', '4'],
  groups: ['Service desk', 'Network', 'Workplace', 'Applications'],
  integrationUser: 'parley',
  lockAnswer: 'ack',
  ackDelayMs: 300,
};

/** Stored options over the defaults: an option that is new since they were stored has its default. */
export const readOptions = (stored: Readonly<Record<string, unknown>>): SandboxOptions => ({ ...DEFAULT_OPTIONS, ...stored });
