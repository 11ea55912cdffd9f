import { idsIn } from '../mime/open-mail.js';
import { headerOf, type OpenedMail } from '../mime/opened-mail.js';
import { deliveryOfOwnId, ticketOfOwnId, type ThreadKeys } from '../thread/token.js';

/** The header by which a mail that comes back names the delivery that it was. */
export const DELIVERY_HEADER = 'x-parley-delivery';

/** What a report says of one recipient. */
export interface RecipientReport {
  readonly recipient: string;
  readonly action: string;
  /** RFC 3463: `5.1.1`; empty where the report tells none. */
  readonly status: string;
  readonly diagnostic: string;
}

/** What a delivery status notification (RFC 3464) says of a mail of ours. */
export interface MailReport {
  /** Of the mail that came back, without brackets; null where nothing names it. */
  readonly messageId: string | null;
  /** Our delivery, where the report names it. */
  readonly deliveryId: string | null;
  /** The thread it belongs to, where the mail was ours. */
  readonly ticketId: string | null;
  readonly recipients: readonly RecipientReport[];
}

const MOST_RECIPIENTS = 50;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Reads a notification of the mail system; parts that are missing leave gaps, never errors. */
export function readReport(mail: OpenedMail, keys: ThreadKeys): MailReport {
  const part = (types: RegExp): string => mail.files.find((file) => types.test(file.contentType))?.content.subarray(0, 131_072).toString('latin1') ?? '';
  const status = part(/^message\/(?:global-)?delivery-status$/);
  const returned = part(/^(?:message\/(?:rfc822|global|global-headers)|text\/rfc822-headers)$/);
  const head = returned.split(/\r?\n\r?\n/, 1)[0] ?? '';
  // Old mail systems return the mail as text of their own.
  const quoted = returned === '' ? mail.text.slice(0, 131_072) : head;
  const messageId = idsIn(field(quoted, 'Message-ID'))[0] ?? idsIn(headerOf(mail, 'in-reply-to'))[0] ?? idsIn(headerOf(mail, 'references')).at(-1) ?? null;
  const named = [field(quoted, DELIVERY_HEADER), field(status, 'Original-Envelope-Id')].map((text) => text.trim().toLowerCase()).find((text) => UUID.test(text));
  return {
    messageId,
    deliveryId: named ?? (messageId === null ? null : deliveryOfOwnId(messageId)),
    ticketId: messageId === null ? null : ticketOfOwnId(messageId, keys),
    recipients: recipientsOf(status, mail),
  };
}

/** A report in one sentence for an operator. */
export function sentenceOf({ recipients }: MailReport, subject: string): string {
  const first = recipients.find((one) => one.action === 'failed') ?? recipients[0];
  if (first === undefined) return `The mail came back: ${subject}`.slice(0, 500);
  const words = [first.status, first.diagnostic].filter((one) => one !== '').join(' ');
  return `The mail to ${first.recipient === '' ? 'its recipient' : first.recipient} came back${words === '' ? '' : `: ${words}`}`.slice(0, 500);
}

function recipientsOf(status: string, mail: OpenedMail): RecipientReport[] {
  const groups = status.split(/\r?\n(?:[ \t]*\r?\n)+/).filter((group) => /^(?:final|original)-recipient:/im.test(group));
  const found = groups.slice(0, MOST_RECIPIENTS).map((group) => ({
    recipient: typed(field(group, 'Original-Recipient')) || typed(field(group, 'Final-Recipient')), action: field(group, 'Action').toLowerCase(),
    status: /^\d\.\d{1,3}\.\d{1,3}/.exec(field(group, 'Status'))?.[0] ?? '', diagnostic: typed(field(group, 'Diagnostic-Code')).slice(0, 500),
  }));
  if (found.length > 0) return found;
  const failed = headerOf(mail, 'x-failed-recipients').split(',').map((one) => one.trim()).filter((one) => one !== '');
  return failed.slice(0, MOST_RECIPIENTS).map((recipient) => ({ recipient, action: 'failed', status: /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(mail.text)?.[0] ?? '', diagnostic: '' }));
}

/** A header field's value, unfolded; empty where there is none. */
function field(text: string, name: string): string {
  const start = new RegExp(`^${name}:[ \\t]*`, 'im').exec(text);
  if (start === null) return '';
  const lines = text.slice(start.index + start[0].length).split(/\r?\n/);
  const end = lines.findIndex((line, at) => at > 0 && !/^[ \t]/.test(line));
  return lines.slice(0, end === -1 ? 20 : Math.min(end, 20)).join(' ').replace(/\s+/g, ' ').trim();
}

/** `rfc822; user@host` without its type. */
const typed = (value: string): string => value.replace(/^[\w-]+\s*;\s*/, '').trim();
