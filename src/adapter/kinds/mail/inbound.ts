import { createHash } from 'node:crypto';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { Value } from '../../../core/message/value.js';
import type { CarriedAttachment, ConnectedEndpoint, Inbound, InboundRequest, NormalizedMessage } from '../../contract.js';
import { attributesOf } from './attributes.js';
import { compileMail, type CompiledMail } from './compiled.js';
import { extract, type Extracted } from './extraction.js';
import { readReport, sentenceOf, speaksOfAddress, type MailReport } from './judge/bounce.js';
import { classify, isNullReturn, type ClassifiedMail } from './judge/mail-class.js';
import { refusalOf, resultsOf } from './judge/sender.js';
import { SUPPRESS_AFTER } from './settings.js';
import { openMail } from './mime/open-mail.js';
import type { OpenedMail } from './mime/opened-mail.js';
import { threadNote } from './thread/note.js';
import { stripReply } from './reply-text.js';
import { addressed, placeOf, type MailPlace } from './thread/correlation.js';
import { readReturnPath, type ReturnedMail } from './thread/return-path.js';
import { ticketOfForeignId } from './thread/token.js';

/** Headers that what fetched a mail sends along: recipients of the envelope, and what was wrong with the mail. */
export const RECIPIENTS_HEADER = 'x-parley-recipients';

/** A mail taken apart, and why it is held back where too many come; null where they do not. */
interface OpenedRequest {
  readonly mail: Result<OpenedMail, Failure>;
  readonly flood: string | null;
}

export const inbound: Inbound = {
  form: () => 'mapped',
  verify: () => ok(undefined),
  open,
  normalize,
  repeatKey: (request) => (isMail(request) ? `mail:${createHash('sha256').update(request.body).digest('hex')}` : null),
};

const isMail = ({ contentType }: InboundRequest): boolean => /^message\/rfc822\b/i.test(contentType) || contentType === '';

async function open(request: InboundRequest, endpoint: ConnectedEndpoint, arrivedMs: number): Promise<OpenedRequest> {
  const compiled = compileMail(endpoint);
  const mail = await openMail(request.body);
  const sender = mail.ok ? mail.value.from[0]?.address ?? '' : '';
  if (!mail.ok || sender === '') return { mail, flood: null };
  const thread = threadOf(request, mail.value, compiled);
  return { mail, flood: compiled.floods.count({ sender, thread, textHash: thread === null ? null : writtenHash(mail.value, compiled), arrivedMs }) };
}

/** Of what a sender wrote, however its lines are broken. Reports of the mail system are worded alike and say different things. */
function writtenHash(mail: OpenedMail, { settings }: CompiledMail): string | null {
  const written = stripReply(mail.text, settings.replyMarker ?? null).text.toLowerCase().replace(/\s+/g, ' ').trim();
  return written === '' || isNullReturn(mail) ? null : createHash('sha256').update(written).digest('base64url').slice(0, 22);
}

/** The thread that a mail goes on with; null of one that begins a thread, and of events, which may be told often. */
function threadOf(request: InboundRequest, mail: OpenedMail, compiled: CompiledMail): string | null {
  const { candidates } = placeOf(mail, recipientsOf(request), compiled.correlation, '');
  return candidates.length === 0 || extract(mail, compiled.entityType(request.entityType).extractions) !== null ? null : candidates[0]!.ticketId;
}

function normalize(request: InboundRequest, endpoint: ConnectedEndpoint, opened?: unknown): Result<readonly NormalizedMessage[], Failure> {
  if (opened === undefined) return err(failure('fault', 'mail-not-opened', 'The mail was not taken apart.'));
  const { mail, flood } = opened as OpenedRequest;
  if (!mail.ok) return mail;
  const compiled = compileMail(endpoint);
  const extracted = extract(mail.value, compiled.entityType(request.entityType).extractions);
  const taken = messageOf(request, mail.value, compiled, extracted);
  const filtered = taken.filtered ?? flood ?? undefined;
  // Mails that are not taken are not judged for what they lack.
  if (filtered === undefined && extracted?.onMissing === 'fail' && extracted.missing.length > 0) return err(failure('invalid', 'fields-missing', `The mail lacks what is required of it: ${extracted.missing.join(', ')}.`));
  return ok([filtered === undefined ? taken : { ...taken, filtered, ...(taken.filtered === undefined ? { isHeldBack: true as const } : {}) }]);
}

function messageOf(request: InboundRequest, mail: OpenedMail, compiled: CompiledMail, extracted: Extracted | null): NormalizedMessage {
  const { settings, keys } = compiled;
  const recipients = recipientsOf(request);
  const returned = returnedMail([...recipients, ...addressed(mail)], compiled);
  const classified = classify(mail, keys, { ownAddresses: compiled.ownAddresses, isReturned: returned !== null });
  const isReport = classified.class === 'bounce' || classified.class === 'delay' || classified.class === 'delivery-notice';
  const report = isReport ? readReport(mail, keys, returned) : null;
  const found = placeOf(mail, recipients, compiled.correlation, ticketOfForeignId(Buffer.from(request.body).toString('latin1')));
  const place = placed(found, report, extracted);
  const attributes: Record<string, Value> = {
    ...attributesOf(mail, { settings, cutFrom: compiled.cutFrom, place, classified, authentication: resultsOf(mail, settings.senders?.authServId ?? null) }),
    ...(report === null ? {} : reportAttributes(report, mail)), ...extracted?.attributes, ...(extracted === null || extracted.missing.length === 0 ? {} : { 'mail.missing': extracted.missing }),
  };
  const [from] = mail.from;
  const filtered = dropped(mail, classified, compiled, isReport);
  return {
    entityType: request.entityType, messageType: extracted?.messageType ?? typeOf(classified, place), ticketId: place.ticketId, attributes,
    sender: from === undefined ? null : { id: from.address, ...(from.name === '' ? {} : { name: from.name }) },
    occurredAt: mail.date, references: place.candidates.slice(1).map(({ ticketId }) => ({ endpoint: compiled.endpointId, entityType: request.entityType, ticketId })),
    attachments: filesOf(request, mail, compiled), eventId: mail.messageId === null ? null : `${mail.messageId} ${textHash(mail)}`, aliases: place.aliases,
    ...(filtered === null ? {} : { filtered }),
    // Whom to answer is never learnt from a machine that answers by itself, or from the mail system.
    ...(isReport || classified.class === 'auto-reply' || classified.class === 'own' || filtered !== null ? {} : { note: threadNote(mail, compiled.ownAddresses) }),
    ...addressNews(classified, { report, filtered, sender: from?.address, most: settings.suppressAfter ?? SUPPRESS_AFTER }),
    ...(classified.class === 'bounce' && report?.deliveryId != null ? { failedDelivery: { id: report.deliveryId, reason: sentenceOf(report, mail.subject) } } : {}),
  };
}

/** A report belongs to the thread of the mail that it is about; an event mail to the ticket that it names. */
function placed(place: MailPlace, report: MailReport | null, extracted: Extracted | null): MailPlace {
  const first = report?.ticketId ?? (place.candidates.length === 0 || ['number', 'thread-index'].includes(place.candidates[0]!.by) ? extracted?.ticketId ?? null : null);
  if (first === null || first === place.ticketId) return place;
  const by = report?.ticketId === first ? 'references' : 'number';
  // The ticket of an event comes before the thread of the mail that tells of it, and before nothing else.
  const candidates = [{ by, ticketId: first } as const, ...place.candidates.filter((one) => one.ticketId !== first)];
  return { ...place, ticketId: first, candidates: extracted !== null && report === null && place.candidates.length === 0 ? [] : candidates, aliases: [...new Set([...place.aliases, place.ticketId])].filter((one) => one !== first) };
}

const typeOf = (classified: ClassifiedMail, place: MailPlace): string => {
  switch (classified.class) {
    case 'bounce': case 'delay': case 'delivery-notice': case 'auto-reply': case 'receipt': case 'feedback': return classified.class;
    default: return place.candidates.length > 0 ? 'reply' : 'mail';
  }
};

/** Why a mail is not routed, in words; null where it is. */
function dropped(mail: OpenedMail, classified: ClassifiedMail, { settings }: CompiledMail, isReport: boolean): string | null {
  if (classified.class === 'own') return `a mail of our own that came back: ${classified.because}`;
  // The mail system is nobody's customer: its reports come without an allowed sender.
  const { senders } = settings;
  const refusal = isReport ? null : refusalOf(mail, { allow: senders?.allow ?? [], authServId: senders?.authServId ?? null, require: senders?.require ?? 'nothing' });
  if (refusal !== null) return `its sender may not write here: ${refusal}`;
  const { autoReply = 'drop', autoGenerated = 'process', list = 'process', receipt = 'drop' } = settings.automatic ?? {};
  const policies: Readonly<Record<string, string>> = { 'auto-reply': autoReply, 'auto-generated': autoGenerated, list, receipt, feedback: receipt };
  return policies[classified.class] === 'drop' ? `an automatic mail (${classified.class}): ${classified.because}` : null;
}

/** The mail of ours that one of these addresses is the return path of. */
function returnedMail(recipients: readonly string[], { settings: { returnPath }, keys }: CompiledMail): ReturnedMail | null {
  if (returnPath === undefined) return null;
  for (const recipient of recipients) {
    const found = readReturnPath(recipient, returnPath, keys);
    if (found !== null) return found;
  }
  return null;
}

interface AddressFacts {
  readonly report: MailReport | null;
  readonly filtered: string | null;
  readonly sender: string | undefined;
  readonly most: number;
}

/** What a mail says of addresses: a person who writes has one; what came back for good, provably from where it was sent to, has none. */
function addressNews(classified: ClassifiedMail, { report, filtered, sender, most }: AddressFacts): Pick<NormalizedMessage, 'addressNews'> {
  if (classified.class === 'human' && filtered === null && sender !== undefined) return { addressNews: { alive: [sender], dead: [] } };
  const deliveryId = report?.deliveryId ?? null;
  if (classified.class !== 'bounce' || deliveryId === null || most === 0) return {};
  const dead = report!.recipients.filter((one) => one.isProved && one.action === 'failed' && speaksOfAddress(one.status));
  return dead.length === 0 ? {} : { addressNews: { alive: [], dead: dead.map((one) => ({ address: one.recipient.toLowerCase(), reason: `${one.status} ${one.diagnostic}`.trim(), deliveryId, most })) } };
}

function reportAttributes(report: MailReport, mail: OpenedMail): Record<string, Value> {
  const [first] = report.recipients;
  return {
    'bounce.recipients': report.recipients.map((one) => one.recipient), 'bounce.status': first?.status ?? '', 'bounce.action': first?.action ?? '', 'bounce.diagnostic': first?.diagnostic ?? '',
    'bounce.summary': sentenceOf(report, mail.subject), ...(report.deliveryId === null ? {} : { 'bounce.delivery': report.deliveryId }), ...(report.messageId === null ? {} : { 'bounce.message_id': report.messageId }),
  };
}

/** Files that people mean: small pictures of signatures are left out, the original is added where that is wanted. */
function filesOf(request: InboundRequest, mail: OpenedMail, { settings }: CompiledMail): CarriedAttachment[] {
  const smallest = settings.smallestPicture ?? 4_096;
  const meant = mail.files.filter((file) => !(file.contentId !== null && file.contentType.startsWith('image/') && file.content.length < smallest));
  const files = meant.map(({ name, contentType, content }) => ({ id: '', name, contentType, size: content.length, content }));
  if (settings.keepOriginal !== true) return files;
  return [...files, { id: '', name: 'original.eml', contentType: 'message/rfc822', size: request.body.byteLength, content: request.body }];
}

function recipientsOf(request: InboundRequest): string[] {
  return (request.headers[RECIPIENTS_HEADER] ?? '').split(',').map((one) => one.trim().toLowerCase()).filter((one) => one !== '').slice(0, 100);
}

/** A mail that reaches us twice (two addresses, a server that delivers again) has the same id and says the same. */
const textHash = (mail: OpenedMail): string => createHash('sha256').update(`${mail.subject}\n${mail.text.replace(/\s+/g, ' ')}`).digest('hex').slice(0, 32);
