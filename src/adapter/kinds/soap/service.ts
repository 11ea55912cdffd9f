import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { Attributes, Value } from '../../../core/message/value.js';
import type { CarriedAttachment, NormalizedMessage } from '../../contract.js';
import type { Element } from '@xmldom/xmldom';
import { childOf, childrenOf, textOf } from './envelope-reader.js';

/** Namespace of our own service. */
export const SERVICE = 'urn:parley:ticket:1';

/** Operations of our own service, by the element that the Body carries. */
export const OPERATIONS = ['CreateTicket', 'UpdateTicket', 'AddComment', 'AddAttachment', 'Ack'] as const;
export type ServiceOperation = (typeof OPERATIONS)[number];

const MOST_FILES = 100;
const refused = (code: string, message: string): Result<never, Failure> => err(failure('invalid', code, message));

/** Reads a message of our own service. Order of elements does not matter, those that it does not know are not read. */
export function readService(content: Element | null, entityType: string): Result<NormalizedMessage, Failure> {
  const operation = OPERATIONS.find((one) => one === content?.localName);
  if (content === null || operation === undefined || content.namespaceURI !== SERVICE) {
    return refused('unknown-operation', `The Body carries none of ${OPERATIONS.join(', ')} of the namespace ${SERVICE}.`);
  }
  const ticketId = textOf(content, 'ticketId', SERVICE);
  if (ticketId === null) return refused('ticket-id-missing', `${operation} has no ticketId.`);
  const files = filesOf(operation === 'AddAttachment' ? content : childOf(content, 'attachments', SERVICE));
  if (!files.ok) return files;
  const attributes = operationAttributes(operation, content);
  if (!attributes.ok) return attributes;
  const references = childrenOf(childOf(content, 'references', SERVICE) ?? content, 'reference', SERVICE).flatMap((one) => {
    const [endpoint, theirs, id] = [textOf(one, 'endpoint', SERVICE), textOf(one, 'entityType', SERVICE), textOf(one, 'ticketId', SERVICE)];
    return endpoint === null || theirs === null || id === null ? [] : [{ endpoint, entityType: theirs, ticketId: id }];
  });
  const sender = childOf(content, 'sender', SERVICE);
  const senderId = textOf(sender, 'id', SERVICE);
  const senderName = textOf(sender, 'name', SERVICE);
  const at = Date.parse(textOf(content, 'occurredAt', SERVICE) ?? '');
  return ok({
    entityType, ticketId, messageType: textOf(content, 'messageType', SERVICE) ?? operation, attributes: attributes.value, references, attachments: files.value,
    sender: senderId === null ? null : { id: senderId, ...(senderName === null ? {} : { name: senderName }) },
    occurredAt: Number.isNaN(at) ? null : new Date(at).toISOString(), eventId: textOf(content, 'eventId', SERVICE),
  });
}

function operationAttributes(operation: ServiceOperation, content: Element): Result<Attributes, Failure> {
  const attributes: Record<string, Value> = {};
  const put = (name: string, value: string | null): void => { if (value !== null) attributes[name] = value; };
  for (const one of childrenOf(childOf(content, 'attributes', SERVICE) ?? content, 'attribute', SERVICE)) {
    const name = textOf(one, 'name', SERVICE);
    if (name === null) return refused('attribute-name-missing', 'An attribute has no name.');
    const values = childrenOf(one, 'value', SERVICE).map((value) => value.textContent ?? '');
    attributes[name] = values.length === 1 ? values[0]! : values.length === 0 ? null : values;
  }
  if (operation === 'AddComment') {
    const text = textOf(content, 'text', SERVICE);
    if (text === null) return refused('comment-missing', 'AddComment has no text.');
    put('comment', text);
    put('comment_author', textOf(childOf(content, 'sender', SERVICE), 'name', SERVICE) ?? textOf(childOf(content, 'sender', SERVICE), 'id', SERVICE));
    // What does not say that it is public is internal.
    put('comment_visibility', textOf(content, 'visibility', SERVICE) === 'public' ? 'public' : 'internal');
  }
  if (operation === 'Ack') {
    put('ack.status', textOf(content, 'status', SERVICE));
    put('ack.text', textOf(content, 'text', SERVICE));
  }
  return ok(attributes);
}

function filesOf(parent: Element | null): Result<readonly CarriedAttachment[], Failure> {
  const all = parent === null ? [] : childrenOf(parent, 'attachment', SERVICE);
  if (all.length > MOST_FILES) return refused('too-many-files', `The message carries more than ${MOST_FILES} files.`);
  const files: CarriedAttachment[] = [];
  for (const one of all) {
    const name = textOf(one, 'name', SERVICE) ?? 'file';
    const text = childOf(one, 'content', SERVICE)?.textContent ?? '';
    if (!/^[A-Za-z0-9+/=\s]*$/.test(text)) return refused('file-unreadable', `The content of the file ${name} is not base64.`);
    const content = Buffer.from(text, 'base64');
    files.push({ id: '', name, contentType: textOf(one, 'contentType', SERVICE) ?? 'application/octet-stream', size: content.length, content });
  }
  return ok(files);
}
