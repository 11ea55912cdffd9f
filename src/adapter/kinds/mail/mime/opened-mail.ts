/** A mailbox as a header names it; `address` in lower case. */
export interface MailAddress {
  readonly address: string;
  readonly name: string;
}

/** A part of a mail that is a file: whatever is not its text. */
export interface MailFile {
  readonly name: string;
  readonly contentType: string;
  /** Shown inside the HTML text, which names it by this id; null for real attachments. */
  readonly contentId: string | null;
  readonly content: Buffer;
}

/** A mail taken apart: everything decoded, bounded, nothing decided. */
export interface OpenedMail {
  /** Without angle brackets; null where the mail has none. */
  readonly messageId: string | null;
  readonly inReplyTo: readonly string[];
  readonly references: readonly string[];
  readonly subject: string;
  readonly from: readonly MailAddress[];
  readonly sender: MailAddress | null;
  readonly replyTo: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  /** ISO 8601, UTC; null where the mail tells no date that can be read. */
  readonly date: string | null;
  /** Plain text with `\n`; made of the HTML where there is no plain part. */
  readonly text: string;
  /** HTML as it came; null where there is none. */
  readonly html: string | null;
  readonly files: readonly MailFile[];
  /** Every header's values in order of appearance, unfolded, by lower-case name. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  /** `multipart/report` and the like, lower case, without parameters. */
  readonly contentType: string;
  readonly reportType: string | null;
  /** Whether some of its files, and perhaps its text, came out of TNEF. */
  readonly isUnpacked: boolean;
  /** What was left out because of a bound; empty as a rule. */
  readonly omitted: readonly string[];
}

/** The first value of a header; empty where there is none. */
export const headerOf = (mail: Pick<OpenedMail, 'headers'>, name: string): string => mail.headers.get(name)?.[0] ?? '';
