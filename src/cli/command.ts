/** A command of `parley`. */
export interface Command {
  readonly name: string;
  /** What follows the name, as the help shows it. */
  readonly usage: string;
  /** One sentence. */
  readonly summary: string;
  /** Does it and gives the exit code; throws `CommandRefused` with the sentence that the user reads. */
  readonly run: (parameters: readonly string[], terminal: Terminal) => Promise<number>;
}

/** Where a command prints to: results, and what is said beside them. Whole lines. */
export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

/** A command that cannot do what it was asked for; the message is for the user. */
export class CommandRefused extends Error {}
