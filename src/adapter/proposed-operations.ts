/** Where a service's description is: at an address (null: where it usually is), or given as a text. */
export type DescriptionSource = { readonly at: string | null } | { readonly document: string };

/** A call that a service describes, as the settings of its kind would have it. */
export interface ProposedOperation {
  readonly name: string;
  /** Of the protocol. */
  readonly version: string;
  /** Where the description says that the service is; null where it does not. */
  readonly address: string | null;
  /** What it is probably for, by its name. */
  readonly suggestedFor: 'create' | 'update' | 'lookup' | null;
  /** The kind's own settings of the call. */
  readonly request: Readonly<Record<string, unknown>>;
  readonly fields: readonly { readonly name: string; readonly type: string; readonly isRequired: boolean; readonly isList: boolean; readonly choices: readonly string[] }[];
  /** Where its answer may name the ticket, the most probable place first. */
  readonly ticketIds: readonly string[];
}

export interface ProposedOperations {
  readonly operations: readonly ProposedOperation[];
  /** Prefixes that the calls use. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** What the description refers to and could not be read, each with its reason. */
  readonly unread: readonly string[];
}
