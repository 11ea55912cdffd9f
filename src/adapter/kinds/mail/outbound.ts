import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { ConnectedEndpoint, Outbound, OutboundDelivery, OutboundHttp, RenderedRequest, SendResult } from '../../contract.js';
import { neverSent } from '../../answer/send-result.js';
import { compileMail } from './compiled.js';
import { compose, type ComposedMail } from './send/compose.js';
import { encode } from './send/encode.js';
import { graphBase, sendByGraph } from './send/graph.js';
import { sendBySmtp } from './send/smtp.js';

/**
 * Mails cannot be looked up, and sending one again makes two of it: an unknown outcome is held, or sent again with the same Message-ID
 * where the settings say so.
 */
export const outbound: Outbound = { usesNotes: true, render, send, isIdempotent: () => false, canLookUp: () => false };

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
  const message = await encode(mail.value, outgoing.type === 'smtp' ? outgoing.dkim : null);
  const envelope = { from: compiled.settings.address, to: [...mail.value.to, ...mail.value.cc], envelopeId: delivery.id };
  const result = outgoing.type === 'smtp' ? await sendBySmtp(message, envelope, { endpoint, http, signal }) : await sendByGraph(message, { endpoint, http, signal });
  if (result.outcome !== 'success') return result;
  const { leftOut } = mail.value;
  const warning = [result.warning, leftOut.length === 0 ? undefined : `The mail was sent without files that are too large: ${leftOut.join(', ')}`.slice(0, 500)].filter((one) => one !== undefined).join(' ');
  return { ...result, ...(warning === '' ? {} : { warning }), ticketId: delivery.operation === 'CREATE' ? mail.value.ticketId : null, answer: { ...result.answer, message_id: mail.value.messageId } };
}
