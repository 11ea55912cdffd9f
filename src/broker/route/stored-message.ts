import { readCanonicalBody } from '../../core/message/canonical-body.js';
import type { Answer, Attachment, Message } from '../../core/message/message.js';
import { err, ok, type Result } from '../../core/message/result.js';
import type { Attributes } from '../../core/message/value.js';
import type { RouteItem } from '../../store/pipeline/lane.js';
import { uuidTimeMs } from '../../store/pipeline/uuid.js';

/** A file of a message, as the store knows it. */
export interface StoredAttachment extends Attachment {
  readonly messageId: string;
}

/** What a response message is stored as. */
export interface StoredResponse {
  readonly attributes: Attributes;
  readonly response: Answer;
}

/** The canonical message of an item in its route lane; the error is one sentence for the message's reason. */
export function readStoredMessage(item: RouteItem, attachments: readonly StoredAttachment[]): Result<Message, string> {
  if (item.read !== undefined) return ok(item.read as Message);
  const common = { id: item.id, endpoint: item.endpoint, entityType: item.entityType, messageType: item.messageType, ticketId: item.ticketId, receivedAt: new Date(uuidTimeMs(item.id)).toISOString() };
  if (item.kind === 1) {
    const { attributes, response } = JSON.parse(Buffer.from(item.body).toString()) as StoredResponse;
    return ok({ ...common, attributes, response, attachments: [], sender: null });
  }
  const body = readCanonicalBody(item.body);
  if (!body.ok) return err(`the stored body cannot be read: ${body.error[0]?.pointer ?? ''} ${body.error[0]?.expected ?? ''}`);
  return ok({ ...common, attributes: body.value.attributes, attachments, sender: body.value.sender, response: null });
}
