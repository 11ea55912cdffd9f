import { idsIn } from '../mime/open-mail.js';
import { headerOf, type OpenedMail } from '../mime/opened-mail.js';
import { recipientMark, type ReturnedMail } from '../thread/return-path.js';
import { deliveryOfOwnId, ticketOfOwnId, type ThreadKeys } from '../thread/token.js';
import { plainReport } from './plain-report.js';

/** The header by which a mail that comes back names the delivery that it was. */
export const DELIVERY_HEADER = 'x-parley-delivery';
/** The header with a mark of each recipient: a report about somebody else is none of this mail. */
export const RECIPIENTS_MARK_HEADER = 'x-parley-to';

/** What a report says of one recipient. */
export interface RecipientReport {
  readonly recipient: string;
  readonly action: string;
  /** RFC 3463: `5.1.1`; empty where the report tells none. */
  readonly status: string;
  readonly diagnostic: string;
  /** Whether it is proved that the mail had gone there. */
  readonly isProved: boolean;
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

/** Reads a notification of the mail system; parts that are missing leave gaps, never errors. `returned`: what the address says that it came to. */
export function readReport(mail: OpenedMail, keys: ThreadKeys, returned: ReturnedMail | null = null): MailReport {
  const part = (types: RegExp): string => mail.files.find((file) => types.test(file.contentType))?.content.subarray(0, 131_072).toString('latin1') ?? '';
  const status = part(/^message\/(?:global-)?delivery-status$/);
  const attached = part(/^(?:message\/(?:rfc822|global|global-headers)|text\/rfc822-headers)$/);
  const head = attached.split(/\r?\n\r?\n/, 1)[0] ?? '';
  // Old mail systems return the mail as text of their own.
  const quoted = attached === '' ? mail.text.slice(0, 131_072) : head;
  const messageId = idsIn(field(quoted, 'Message-ID'))[0] ?? idsIn(headerOf(mail, 'in-reply-to'))[0] ?? idsIn(headerOf(mail, 'references')).at(-1) ?? null;
  const named = [field(quoted, DELIVERY_HEADER), field(status, 'Original-Envelope-Id')].map((text) => text.trim().toLowerCase()).find((text) => UUID.test(text));
  const deliveryId = named ?? (messageId === null ? null : deliveryOfOwnId(messageId)) ?? returned?.deliveryId ?? null;
  const marks = field(quoted, RECIPIENTS_MARK_HEADER).split(' ');
  const isProved = (address: string): boolean => deliveryId !== null && (marks.includes(recipientMark(deliveryId, address, keys)) || (returned?.deliveryId === deliveryId && returned.isFor(address)));
  return {
    messageId, deliveryId,
    ticketId: (messageId === null ? null : ticketOfOwnId(messageId, keys)) ?? returned?.ticketId ?? null,
    recipients: recipientsOf(status, mail).map(({ recipient: [first, second = ''], ...told }) => {
      const recipient = !isProved(first) && isProved(second) ? second : first;
      return { recipient, ...told, isProved: isProved(recipient) };
    }),
  };
}

/** A report in one sentence for an operator. */
export function sentenceOf({ recipients }: MailReport, subject: string): string {
  const first = recipients.find((one) => one.action === 'failed') ?? recipients[0];
  if (first === undefined) return `The mail came back: ${subject}`.slice(0, 500);
  const words = [first.status, first.diagnostic].filter((one) => one !== '').join(' ');
  return `The mail to ${first.recipient === '' ? 'its recipient' : first.recipient} came back${words === '' ? '' : `: ${words}`}`.slice(0, 500);
}

/** Whether a status (RFC 3463) says that an address takes nothing, for good: not that one mail is too large, or not wanted for what it says. */
export const speaksOfAddress = (status: string): boolean => /^5\.(?:0\.0|1\.(?:[0-6]|10)|2\.[0124]|4\.\d{1,3})$/.test(status);

type Told = Omit<RecipientReport, 'recipient' | 'isProved'> & { /** As the sender named it, and as it was in the end. */ readonly recipient: readonly [string, string?] };

function recipientsOf(status: string, mail: OpenedMail): Told[] {
  const groups = status.split(/\r?\n(?:[ \t]*\r?\n)+/).filter((group) => /^(?:final|original)-recipient:/im.test(group));
  const found = groups.slice(0, MOST_RECIPIENTS).map((group): Told => {
    const [original, final] = [typed(field(group, 'Original-Recipient')), typed(field(group, 'Final-Recipient'))];
    return {
      recipient: [original || final, final], action: field(group, 'Action').toLowerCase(), status: /^\d\.\d{1,3}\.\d{1,3}/.exec(field(group, 'Status'))?.[0] ?? '', diagnostic: typed(field(group, 'Diagnostic-Code')).slice(0, 500),
    };
  });
  if (found.length > 0) return found;
  const plain = plainReport(mail.text);
  const read = (plain?.recipients ?? []).map(({ recipient, ...told }): Told => ({ recipient: [recipient], action: plain!.action, ...told }));
  const failed = headerOf(mail, 'x-failed-recipients').split(',').map((one) => one.trim()).filter((one) => one !== '' && !read.some(({ recipient: [known] }) => known === one.toLowerCase()));
  return [...read, ...failed.map((recipient): Told => ({ recipient: [recipient], action: 'failed', status: /\b[45]\.\d{1,3}\.\d{1,3}\b/.exec(mail.text)?.[0] ?? '', diagnostic: '' }))].slice(0, MOST_RECIPIENTS);
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
