/** What a notification says of one recipient, read off its text. */
export interface PlainRecipient {
  readonly recipient: string;
  /** RFC 3463: `5.1.1`; empty where none is told. */
  readonly status: string;
  readonly diagnostic: string;
}

/** A notification that is written for people alone. */
export interface PlainReport {
  readonly action: 'failed' | 'delayed';
  readonly recipients: readonly PlainRecipient[];
}

/** How mail systems begin or go on that write no part for machines: qmail, Postfix, Exim, sendmail, Exchange of several ages, large providers. */
const BEGINNINGS = [
  /^hi\. this is the .{1,200}(?:program|daemon) at /im, /^this is the mail system at host /im, /^(?:i['’]m sorry to have to inform you|this message was created automatically by mail delivery software)/im,
  /-{3,} the following addresses had (?:permanent fatal errors|transient non-fatal errors|delivery problems) -{3,}/i, /did not reach the following recipient\(s\):/i,
  /^delivery (?:has failed to (?:these|the following) recipients|to the following recipients? (?:has been delayed|failed))/im, /^(?:address not found|your message (?:wasn['’]t|couldn['’]t be|could not be) delivered)\b/im, /^sorry, we were unable to deliver your message to the following address/im,
];
const DELAYS = /still being retried|not been delivered yet|could not be delivered yet|could not\s+be delivered for|will (?:be retried|keep trying|continue to (?:try|attempt))|has been delayed|transient non-fatal errors|you do not need to (?:resend|do anything)/i;
/** From here on the mail that came back is quoted. */
const QUOTED = /^(?:-{2,} ?(?:below this line is a copy of the message|this is a copy of (?:the|your) message|original message)|original message headers:|-{3,} the body of the message is|message header follows)/im;

const MOST_RECIPIENTS = 50;
const MOST_LINES = 2_000;
const LONGEST_LINE = 2_000;
const MOST_REASON_LINES = 12;
const ADDRESS = '[^\\s<>()"\',;:@]{1,64}@[^\\s<>()"\',;:@]{1,255}';
/** `<anna@partner.example>: reason`: qmail, and what imitates it (QSBMF), Postfix. */
const WITH_REASON = new RegExp(`^\\s*<(${ADDRESS})>:\\s*(.*)$`);
/** An address alone on its line, with what Exchange writes behind it; the reason stands below. */
const ALONE = new RegExp(`^\\s*(?:[^<>()@:]{0,200}[<(])?(${ADDRESS})[>)]?(?:<mailto:[^>]{1,330}>)?(?:\\s+on\\s.{1,80})?:?\\s*$`);
const STATUS = /(?:^|[^\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.])/;
const REPLY_CODE = /(?:^|[^\d.])([45])\d\d[ -]/;

/** Reads a notification that has no part for machines; null where a text does not look like one that is known. */
export function plainReport(text: string): PlainReport | null {
  const whole = text.slice(0, 65_536);
  const quoted = QUOTED.exec(whole);
  const told = quoted === null ? whole : whole.slice(0, quoted.index);
  if (!BEGINNINGS.some((beginning) => beginning.test(told))) return null;
  return { action: DELAYS.test(told) ? 'delayed' : 'failed', recipients: recipientsIn(told.split(/\r?\n/).slice(0, MOST_LINES)) };
}

function recipientsIn(lines: readonly string[]): PlainRecipient[] {
  const found = new Map<string, PlainRecipient>();
  lines.forEach((line, at) => {
    if (line.length > LONGEST_LINE) return;
    const reasoned = WITH_REASON.exec(line);
    const [, recipient] = reasoned ?? ALONE.exec(line) ?? [];
    if (recipient === undefined) return;
    const diagnostic = [reasoned?.[2] ?? '', ...below(lines, at + 1)].join(' ').replace(/\s+/g, ' ').trim().slice(0, 500);
    const status = STATUS.exec(diagnostic)?.[1] ?? '';
    // Exchange names a recipient twice: to people, and to administrators with the code.
    const known = found.get(recipient.toLowerCase());
    const isUsual = reasoned !== null || status !== '' || REPLY_CODE.test(diagnostic);
    if (found.size < MOST_RECIPIENTS && (known === undefined || (known.status === '' && isUsual))) found.set(recipient.toLowerCase(), { recipient: recipient.toLowerCase(), status, diagnostic });
  });
  return [...found.values()];
}

/** The lines of a reason: up to a blank one or the next address. */
function below(lines: readonly string[], from: number): string[] {
  const rest = lines.slice(from, from + MOST_REASON_LINES);
  const end = rest.findIndex((line) => line.trim() === '' || WITH_REASON.test(line) || ALONE.test(line));
  return end === -1 ? rest : rest.slice(0, end);
}
