import type { Preset } from '../../../src/adapter/preset/preset.js';

/** An id that a JavaScript number would change: the next even one. */
export const BIG_ID = '9007199254740993';

/** A request of the system as it comes. JSON stands as text, so that ids beyond 2^53 may stand in it as numbers. */
export interface Arrival {
  readonly body: string;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What the system answers, in order, where the request leaves something out. */
  readonly fetched?: readonly string[];
}

export interface Answered {
  readonly status: number;
  readonly body: string;
}

/** What the conformance suite must know of a preset. What it does decides which part of the suite is run, and is itself held against the preset. */
export type PresetSpecimen = Receiving & (Creating | Changing | ReceivingOnly);

interface Receiving {
  readonly preset: Preset;
  /** How a login is answered, where there is one; every other request is a call. */
  readonly login?: Answered & { readonly path: RegExp; readonly token: string };
  readonly ticketId: string;
  readonly inbound: Arrival;
  /** A comment of which the system does not say that everybody may read it; null where no comments come. */
  readonly comment: Arrival | null;
}

interface Calling {
  /** How the system refuses in its own way, and its own words for it. */
  readonly refusal: Answered & { readonly words: string };
  /** What a 403 speaks of: who we are, if nothing else is said, or this ticket. */
  readonly forbidden?: 'rejected';
  /** What the harmless request of a connection test is answered; an empty list where nothing is said. */
  readonly checked?: string;
  /** What requests of an update are answered; an empty object where nothing is said. */
  readonly changed?: string;
}

interface Creating extends Calling {
  readonly does: 'create';
  readonly created: Answered;
  /** What is answered to whoever asks what became of it, where a create is only taken and done later. */
  readonly followed?: Answered;
  readonly lookup: {
    /** The answer that lists these tickets, all made with this key. */
    readonly list: (ids: readonly string[], key: string) => string;
    /** Whether an empty list is an absence: a search that lags behind its database knows none. */
    readonly isAbsenceKnown: boolean;
  };
}

/** The tickets begin at the system; only changes go there. */
interface Changing extends Calling {
  readonly does: 'change';
}

/** Nothing goes there: the suite has its inbound part alone. */
interface ReceivingOnly {
  readonly does: 'receive';
}
