import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { Attributes, Value } from '../../../core/message/value.js';
import type { CarriedAttachment, NormalizedMessage } from '../../contract.js';
import type { Element } from '@xmldom/xmldom';
import { SERVICE } from './names.js';
import { contentOf, parameterOf, parametersOf, wordOf } from './service-parameters.js';

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
  const ticketId = wordOf(content, 'ticketId');
  if (ticketId === null) return refused('ticket-id-missing', `${operation} has no ticketId.`);
  const files = filesOf(operation === 'AddAttachment' ? content : parameterOf(content, 'attachments'));
  if (!files.ok) return files;
  const attributes = operationAttributes(operation, content);
  if (!attributes.ok) return attributes;
  const references = parametersOf(parameterOf(content, 'references') ?? content, 'reference').flatMap((one) => {
    const [endpoint, theirs, id] = [wordOf(one, 'endpoint'), wordOf(one, 'entityType'), wordOf(one, 'ticketId')];
    return endpoint === null || theirs === null || id === null ? [] : [{ endpoint, entityType: theirs, ticketId: id }];
  });
  const sender = parameterOf(content, 'sender');
  const senderId = wordOf(sender, 'id');
  const senderName = wordOf(sender, 'name');
  const at = Date.parse(wordOf(content, 'occurredAt') ?? '');
  return ok({
    entityType, ticketId, messageType: wordOf(content, 'messageType') ?? operation, attributes: attributes.value, references, attachments: files.value,
    sender: senderId === null ? null : { id: senderId, ...(senderName === null ? {} : { name: senderName }) },
    occurredAt: Number.isNaN(at) ? null : new Date(at).toISOString(), eventId: wordOf(content, 'eventId'),
  });
}

function operationAttributes(operation: ServiceOperation, content: Element): Result<Attributes, Failure> {
  const attributes: Record<string, Value> = {};
  const put = (name: string, value: string | null): void => { if (value !== null) attributes[name] = value; };
  for (const one of parametersOf(parameterOf(content, 'attributes') ?? content, 'attribute')) {
    const name = wordOf(one, 'name');
    if (name === null) return refused('attribute-name-missing', 'An attribute has no name.');
    const values = parametersOf(one, 'value').map(contentOf);
    attributes[name] = values.length === 1 ? values[0]! : values.length === 0 ? null : values;
  }
  if (operation === 'AddComment') {
    const text = wordOf(content, 'text');
    if (text === null) return refused('comment-missing', 'AddComment has no text.');
    put('comment', text);
    put('comment_author', wordOf(parameterOf(content, 'sender'), 'name') ?? wordOf(parameterOf(content, 'sender'), 'id'));
    // What does not say that it is public is internal.
    put('comment_visibility', wordOf(content, 'visibility') === 'public' ? 'public' : 'internal');
  }
  if (operation === 'Ack') {
    put('ack.status', wordOf(content, 'status'));
    put('ack.text', wordOf(content, 'text'));
  }
  return ok(attributes);
}

function filesOf(parent: Element | null): Result<readonly CarriedAttachment[], Failure> {
  const all = parent === null ? [] : parametersOf(parent, 'attachment');
  if (all.length > MOST_FILES) return refused('too-many-files', `The message carries more than ${MOST_FILES} files.`);
  const files: CarriedAttachment[] = [];
  for (const one of all) {
    const name = wordOf(one, 'name') ?? 'file';
    const text = parameterOf(one, 'content')?.textContent ?? '';
    if (!/^[A-Za-z0-9+/=\s]*$/.test(text)) return refused('file-unreadable', `The content of the file ${name} is not base64.`);
    const content = Buffer.from(text, 'base64');
    files.push({ id: '', name, contentType: wordOf(one, 'contentType') ?? 'application/octet-stream', size: content.length, content });
  }
  return ok(files);
}
