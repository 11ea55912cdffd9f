import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { ConnectedEndpoint, Outbound, OutboundDelivery, OutboundHttp, RenderedRequest, SendResult } from '../../contract.js';
import { neverSent } from '../../answer/send-result.js';
import { compileMail, type CompiledMail } from './compiled.js';
import { compose, type ComposedMail } from './send/compose.js';
import { encode } from './send/encode.js';
import { graphBase, sendByGraph } from './send/graph.js';
import { deadOf, withoutSuppressed } from './send/recipients.js';
import { sendBySmtp, type Envelope } from './send/smtp.js';
import { SUPPRESS_AFTER } from './settings.js';
import { returnPath } from './thread/return-path.js';
import { domainOf, handleOf } from './thread/token.js';

/**
 * Mails cannot be looked up, and sending one again makes two of it: an unknown outcome is held, or sent again with the same Message-ID
 * where the settings say so.
 */
export const outbound: Outbound = { usesNotes: true, usesAddresses: true, render, send, turn, isIdempotent: () => false, canLookUp: () => false };

/** The mail as it would be sent: headers as headers, its text as body. Encoding and signature come after. */
function render(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): Result<RenderedRequest, Failure> {
  const compiled = compileMail(endpoint);
  const { outgoing } = compiled.settings;
  if (outgoing === undefined) return err(failure('invalid', 'no-way-out', `The endpoint ${endpoint.id} has no outgoing mail server.`));
  const mail = compose(delivery, compiled);
  if (!mail.ok) return mail;
  const url = outgoing.type === 'smtp' ? `smtp://${outgoing.host}${outgoing.port === undefined ? '' : `:${outgoing.port}`}` : `${graphBase(outgoing)}/sendMail`;
  return ok({ method: 'MAIL', url, headers: shownHeaders(mail.value), body: Buffer.from(mail.value.html ?? mail.value.text) });
}

function shownHeaders(mail: ComposedMail): Record<string, string> {
  const { from } = mail;
  return {
    from: from.name === '' ? from.address : `${from.name} <${from.address}>`, to: mail.to.join(', '), ...(mail.cc.length === 0 ? {} : { cc: mail.cc.join(', ') }), 'reply-to': mail.replyTo, subject: mail.subject, 'message-id': `<${mail.messageId}>`,
    ...(mail.inReplyTo === null ? {} : { 'in-reply-to': `<${mail.inReplyTo}>`, references: mail.references.map((id) => `<${id}>`).join(' ') }), ...mail.headers,
    ...(mail.attachments.length === 0 ? {} : { attachments: mail.attachments.map((file) => file.name).join(', ') }),
  };
}

async function send(delivery: OutboundDelivery, endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Promise<SendResult> {
  const compiled = compileMail(endpoint);
  const { outgoing } = compiled.settings;
  if (outgoing === undefined) return neverSent(`The endpoint ${endpoint.id} has no outgoing mail server.`);
  const mail = compose(delivery, compiled);
  if (!mail.ok) return neverSent(mail.error.message);
  const addressed = await withoutSuppressed(mail.value, endpoint.addresses);
  if ('failed' in addressed) return addressed.failed;
  const message = await encode(addressed.mail, outgoing.type === 'smtp' ? outgoing.dkim : null);
  const { result, refused } = outgoing.type === 'smtp' ? await sendBySmtp(message, envelopeOf(delivery, addressed.mail, compiled), { endpoint, http, signal }) : { result: await sendByGraph(message, { endpoint, http, signal }), refused: [] };
  const dead = deadOf(refused, delivery.id, compiled.settings.suppressAfter ?? SUPPRESS_AFTER);
  if (dead.length > 0) await endpoint.addresses?.refused(dead);
  if (result.outcome !== 'success') return result;
  const taken = addressed.known.map((one) => one.address).filter((address) => !refused.some((one) => one.recipient?.toLowerCase() === address));
  if (taken.length > 0) await endpoint.addresses?.taken(taken);
  const { leftOut } = mail.value;
  const warning = [addressed.warning, result.warning, leftOut.length === 0 ? undefined : `The mail was sent without files that are too large: ${leftOut.join(', ')}`.slice(0, 500)].filter((one) => one !== undefined).join(' ');
  return { ...result, ...(warning === '' ? {} : { warning }), ticketId: delivery.operation === 'CREATE' ? mail.value.ticketId : null, answer: { ...result.answer, message_id: mail.value.messageId } };
}

/** So many mails a minute go to one domain, over all instances; a mail to several waits for the last of them. */
async function turn(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): Promise<number> {
  const compiled = compileMail(endpoint);
  const { domainRate } = compiled.settings;
  if (domainRate === undefined || endpoint.addresses === undefined) return 0;
  const mail = compose(delivery, compiled);
  if (!mail.ok) return 0;
  const domains = [...new Set([...mail.value.to, ...mail.value.cc].map((address) => domainOf(address).toLowerCase()))];
  return endpoint.addresses.turn({ deliveryId: delivery.id, attempt: delivery.attempt, domains }, domainRate);
}

/** From whom, to whom: what cannot be delivered comes back to an address of its own, where there is one. */
function envelopeOf({ id }: OutboundDelivery, { ticketId, to, cc }: ComposedMail, { settings, keys }: CompiledMail): Envelope {
  const recipients = [...to, ...cc];
  return { from: settings.returnPath === undefined ? settings.address : returnPath(settings.returnPath, { handle: handleOf(ticketId), deliveryId: id, recipients }, keys), to: recipients, envelopeId: id };
}
