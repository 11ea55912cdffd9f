import addressparser from 'nodemailer/lib/addressparser';
import { asText } from '../../../../core/message/as-text.js';
import { AttributeIndex } from '../../../../core/message/attribute-index.js';
import { failure, type Failure } from '../../../../core/message/failure.js';
import { fold } from '../../../../core/message/fold.js';
import { isBlank } from '../../../../core/message/is-blank.js';
import { err, ok, type Result } from '../../../../core/message/result.js';
import type { Value } from '../../../../core/message/value.js';
import { fillTemplate } from '../../../template/body-template.js';
import type { CarriedAttachment, OutboundDelivery } from '../../../contract.js';
import type { CompiledMail } from '../compiled.js';
import { DELIVERY_HEADER, RECIPIENTS_MARK_HEADER } from '../judge/bounce.js';
import { MOST_FILE_BYTES, type MailTemplate } from '../settings.js';
import { THREAD_HEADER } from '../thread/correlation.js';
import { recipientMark } from '../thread/return-path.js';
import { cutChain, readThreadNote, type ThreadNote } from '../thread/note.js';
import { isReplySubject } from '../thread/subject.js';
import { laterMessageId, plusAddress, rootMessageId, subjectToken, ticketOfDelivery, withoutTokens } from '../thread/token.js';

/** A mail as it is to be sent, before it is encoded. Ids without brackets, header values without line breaks. */
export interface ComposedMail {
  readonly ticketId: string;
  readonly messageId: string;
  readonly from: { readonly address: string; readonly name: string };
  readonly replyTo: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  readonly inReplyTo: string | null;
  readonly references: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  readonly attachments: readonly CarriedAttachment[];
  /** Names of files that are too large to be sent with it; the mail says so. */
  readonly leftOut: readonly string[];
  /** Milliseconds; null where the delivery's id tells no time. */
  readonly dateMs: number | null;
}

const MOST_RECIPIENTS = 100;
const ADDRESS = /^[^\s@<>",;:]+@[^\s@<>",;:]+$/;
/** Headers that are ours to write; a template that names one is not asked. */
const OWN_HEADERS = new Set(['from', 'to', 'cc', 'bcc', 'sender', 'reply-to', 'subject', 'date', 'message-id', 'in-reply-to', 'references', 'mime-version', 'content-type', 'content-transfer-encoding', 'return-path', 'received', 'dkim-signature', 'auto-submitted', THREAD_HEADER, DELIVERY_HEADER, RECIPIENTS_MARK_HEADER]);

/** Makes the mail of a delivery. The same delivery gives the same mail on every attempt. Pure. */
export function compose(delivery: OutboundDelivery, compiled: CompiledMail): Result<ComposedMail, Failure> {
  const { keys, settings, ownAddresses } = compiled;
  const creates = delivery.operation === 'CREATE';
  if (!creates && delivery.ticketId === null) return err(failure('invalid', 'thread-unknown', 'The thread that the mail belongs to is not known.'));
  const template = (creates ? compiled.entityType(delivery.entityType).settings.create : compiled.entityType(delivery.entityType).settings.update) ?? {};
  const ticketId = creates ? ticketOfDelivery(delivery.id) : delivery.ticketId!;
  const note = creates ? null : readThreadNote(delivery.note);
  const attributes = new AttributeIndex(delivery.attributes);
  const fill = filler(delivery, attributes, ticketId);
  const visibility = attributes.get('comment_visibility');
  if (!isBlank(attributes.get('comment') ?? null) && !isBlank(visibility ?? null) && fold(asText(visibility)) !== 'public') {
    return err(failure('invalid', 'comment-internal', 'The comment is internal, and mails are read by others.'));
  }
  const recipients = recipientsOf(template, attributes, { note, ownAddresses, fill });
  if (!recipients.ok) return recipients;
  const files = withinSize(delivery.attachments, settings.mostFileBytes ?? MOST_FILE_BYTES);
  const unsaid = files.leftOut.length === 0 ? '' : `Not attached, since too large: ${files.leftOut.join(', ')}`;
  const text = [settings.replyMarker ?? '', bodyOf(template, attributes, fill), unsaid].filter((part) => part !== '').join('\n\n');
  const root = rootMessageId(ticketId, keys);
  const chain = note !== null && note.chain.length > 0 ? note.chain : [root];
  return ok({
    ticketId, messageId: creates ? root : laterMessageId(ticketId, delivery.id, keys), from: { address: settings.address, name: settings.name ?? '' }, replyTo: plusAddress(ticketId, keys), ...recipients.value,
    subject: `${subjectOf(template, attributes, note, creates ? fill : (source) => fill(source))} ${subjectToken(ticketId, keys)}`.trim(), text,
    html: template.html === undefined ? null : fill(template.html, escapeHtml) + (unsaid === '' ? '' : `<p>${escapeHtml(unsaid)}</p>`), inReplyTo: creates ? null : chain.at(-1)!, references: creates ? [] : cutChain(chain),
    headers: { ...extraHeaders(template, fill), 'auto-submitted': 'auto-generated', [THREAD_HEADER]: `<${root}>`, [DELIVERY_HEADER]: delivery.id, [RECIPIENTS_MARK_HEADER]: [...recipients.value.to, ...recipients.value.cc].map((address) => recipientMark(delivery.id, address, keys)).join(' '), ...(settings.quietHeaders === false ? {} : { 'x-auto-response-suppress': 'All' }) },
    attachments: files.taken, leftOut: files.leftOut, dateMs: timeOf(delivery.id),
  });
}

/** The files that a mail server takes, in their order: a mail that is too large would be lost altogether. */
function withinSize(all: readonly CarriedAttachment[], most: number): { readonly taken: readonly CarriedAttachment[]; readonly leftOut: readonly string[] } {
  const taken: CarriedAttachment[] = [];
  const leftOut: string[] = [];
  let bytes = 0;
  for (const file of all) {
    if (bytes + file.content.byteLength > most) leftOut.push(`${oneLine(file.name)} (${(file.content.byteLength / 1_000_000).toFixed(1)} MB)`);
    else {
      bytes += file.content.byteLength;
      taken.push(file);
    }
  }
  return { taken, leftOut };
}

type Fill = (template: string, shown?: (text: string) => string) => string;

function filler(delivery: OutboundDelivery, attributes: AttributeIndex, ticketId: string): Fill {
  const valueOf = (name: string): Value | undefined => {
    if (name.startsWith('attributes.')) return attributes.get(name.slice('attributes.'.length));
    switch (name) {
      case 'ticketId': return ticketId;
      case 'correlationKey': return delivery.id;
      case 'messageType': return delivery.messageType;
      default: return attributes.get(name);
    }
  };
  return (template, shown = (text) => text) => asText(fillTemplate(template, (name) => shown(asText(valueOf(name)))) as Value | undefined);
}

interface Addressing {
  readonly note: ThreadNote | null;
  readonly ownAddresses: readonly string[];
  readonly fill: Fill;
}

/** Whom the mail goes to: as the template says, else the attributes, else whoever wrote last. Never to ourselves. */
function recipientsOf(template: MailTemplate, attributes: AttributeIndex, { note, ownAddresses, fill }: Addressing): Result<Pick<ComposedMail, 'to' | 'cc'>, Failure> {
  const listed = (name: 'to' | 'cc'): string => {
    const written = template[name] === undefined ? '' : fill(template[name]);
    const value = attributes.get(name);
    return written.trim() !== '' ? written : Array.isArray(value) ? value.map((one) => asText(one as Value)).join(', ') : asText(value);
  };
  const to = addressesIn(listed('to').trim() === '' ? note?.replyTo ?? '' : listed('to'));
  const cc = addressesIn(listed('cc'));
  const wrong = [...to, ...cc].find((address) => !ADDRESS.test(address));
  if (wrong !== undefined) return err(failure('invalid', 'recipient-invalid', `"${wrong.slice(0, 100)}" is no mail address.`));
  const foreign = (list: readonly string[]): readonly string[] => list.filter((address) => !ownAddresses.includes(address.toLowerCase()));
  if (foreign(to).length === 0) return err(failure('invalid', 'recipient-missing', to.length === 0 ? 'The mail has no recipient.' : 'The mail would go to this endpoint itself.'));
  if (to.length + cc.length > MOST_RECIPIENTS) return err(failure('invalid', 'too-many-recipients', `The mail has more than ${MOST_RECIPIENTS} recipients.`));
  return ok({ to: foreign(to), cc: foreign(cc) });
}

function addressesIn(text: string): string[] {
  const parsed = addressparser(oneLine(text).replaceAll(';', ','), { flatten: true }) as readonly { readonly address?: string; readonly name?: string }[];
  return [...new Set(parsed.map(({ address, name }) => (address === undefined || address === '' ? name ?? '' : address)).filter((one) => one !== ''))];
}

function subjectOf(template: MailTemplate, attributes: AttributeIndex, note: ThreadNote | null, fill: Fill): string {
  const written = template.subject === undefined ? '' : oneLine(fill(template.subject));
  const attribute = oneLine(asText(attributes.get('subject')));
  const title = oneLine(asText(attributes.get('title')));
  const thread = note === null ? '' : withoutTokens(oneLine(note.subject));
  if (written !== '') return withoutTokens(written);
  if (attribute !== '') return withoutTokens(attribute);
  if (thread !== '') return isReplySubject(thread) ? thread : `Re: ${thread}`;
  return title === '' ? '(no subject)' : title;
}

function bodyOf(template: MailTemplate, attributes: AttributeIndex, fill: Fill): string {
  if (template.text !== undefined) return fill(template.text).replaceAll('\0', '');
  const named = ['comment', 'body', 'description', 'text'].map((name) => asText(attributes.get(name))).find((text) => text.trim() !== '');
  return (named ?? '').replaceAll('\0', '');
}

function extraHeaders(template: MailTemplate, fill: Fill): Record<string, string> {
  const filled = Object.entries(template.headers ?? {}).map(([name, value]) => [name.toLowerCase(), oneLine(fill(value))] as const);
  return Object.fromEntries(filled.filter(([name, value]) => !OWN_HEADERS.has(name) && value !== ''));
}

/** A header's value ends where its line ends: what follows would be another header. */
const oneLine = (text: string): string => text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/\s{2,}/g, ' ').trim().slice(0, 2_000).toWellFormed();

const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;').replaceAll('\n', '<br>\n');

/** The time in a UUIDv7: a mail that is sent again has its first date. */
function timeOf(id: string): number | null {
  const hex = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-/i.exec(id);
  return hex === null ? null : Number.parseInt(hex[1]! + hex[2]!, 16);
}
