import { printInstant, readInstant } from '../../core/message/instant.js';
import type { Attachment } from '../../core/message/message.js';
import type { PastMessage } from '../feed/past-message.js';

/** A past message as a case file: simulated anew it decides the same; kept with an `expect`, it is a test. */
export function caseOf(name: string, { message, conversation, now }: PastMessage): Readonly<Record<string, unknown>> {
  const { endpoint, entityType, messageType, ticketId, attributes, attachments, sender, response, receivedAt } = message;
  const { ticketIds, pendingCreates, delayed, previous, counters } = conversation;
  return {
    name,
    message: {
      endpoint, entityType, ...(messageType === '' ? {} : { messageType }), ticketId, attributes, attachments: attachments.map(fileOf), ...(sender === null ? {} : { sender }),
      receivedAt: printInstant(readInstant(receivedAt) ?? 0), response,
    },
    conversation: {
      attributes: conversation.attributes, counters, ticketIds: ticketIds.map((one) => ({ endpoint: one.endpoint, entityType: one.entityType, ticketId: one.ticketId })),
      pendingCreates: pendingCreates.map((one) => ({ endpoint: one.endpoint, entityType: one.entityType })), delayed,
      attachments: conversation.attachments.map((kept) => ({ ...fileOf(kept), relayedTo: kept.relayedTo })), previous,
    },
    now,
  };
}

const fileOf = ({ id, name, contentType, size }: Attachment): Attachment => ({ id, name, contentType, size });
