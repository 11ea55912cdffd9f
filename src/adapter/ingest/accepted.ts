import type { CanonicalBody } from '../../core/message/canonical-body.js';
import { asText } from '../../core/message/as-text.js';
import { indexAttributes } from '../../core/message/attribute-index.js';
import { fold } from '../../core/message/fold.js';
import { isBlank } from '../../core/message/is-blank.js';
import type { Attachment, Message, TicketRef } from '../../core/message/message.js';
import type { Attributes } from '../../core/message/value.js';
import type { AcceptedMessage } from '../../store/pipeline/accept.js';
import type { AttachmentRow } from '../../store/pipeline/attachment.js';
import type { OrganizationId } from '../../store/organization.js';
import { KIND } from '../../store/pipeline/lane.js';
import { newId, uuidTimeMs } from '../../store/pipeline/uuid.js';
import type { EntityType } from '../contract.js';

/** The tickets that a message names besides its own: in its body, then by the attributes that its entity type is configured with. */
export function referencesOf(attributes: Attributes, inBody: readonly TicketRef[], entityType: EntityType): AcceptedMessage['references'] {
  const found = inBody.map(({ endpoint, entityType: name, ticketId }) => ({ endpoint, entityKey: fold(name), ticketId }));
  if (entityType.references.length === 0) return found;
  const index = indexAttributes(attributes);
  for (const reference of entityType.references) {
    const value = index.get(reference.attribute);
    if (value !== undefined && !isBlank(value)) found.push({ endpoint: reference.endpoint, entityKey: fold(reference.entityType), ticketId: asText(value) });
  }
  return found;
}

/** A canonical body that was read and checked, as the message it will be. */
export interface ReadMessage {
  readonly accepted: AcceptedMessage;
  readonly message: Message;
  readonly attachments: readonly AttachmentRow[];
}

/** Where a message comes from; `isOurs`: our own integration user wrote it. */
export interface Origin {
  readonly organization: OrganizationId;
  readonly endpoint: string;
  readonly entityType: EntityType;
  readonly isOurs: boolean;
}

/** Makes the message of a canonical body that is its own raw request. */
export function readMessage({ organization, endpoint, entityType, isOurs }: Origin, body: CanonicalBody): ReadMessage {
  const id = newId();
  const attachments = body.attachments.map((one) => ({
    organization, id: newId(), messageId: id, name: one.name, contentType: one.contentType, content: Buffer.from(one.contentBase64, 'base64'),
  }));
  return {
    accepted: {
      id, organization, endpoint, entityType: entityType.name, entityKey: fold(entityType.name), messageType: body.messageType, ticketId: body.ticketId,
      proposed: newId(), known: null, kind: isOurs ? KIND.ours : KIND.normal, deliveryId: null, depth: 0, rawId: id, body: null, references: referencesOf(body.attributes, body.references, entityType),
    },
    message: {
      id, endpoint, entityType: entityType.name, messageType: body.messageType, ticketId: body.ticketId, attributes: body.attributes,
      attachments: attachments.map(describe), sender: body.sender, receivedAt: new Date(uuidTimeMs(id)).toISOString(), response: null,
    },
    attachments,
  };
}

const describe = (row: AttachmentRow): Attachment => ({ id: row.id, name: row.name, contentType: row.contentType, size: row.content.length });
