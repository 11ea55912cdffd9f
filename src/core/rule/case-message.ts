import { flattenAttributes } from '../message/flatten.js';
import type { Answer, Attachment, Message, Sender } from '../message/message.js';
import type { Attributes } from '../message/value.js';
import { describeFound, type Place } from '../shape/place.js';
import {
  filledText, isObject, listOf, objectOf, oneOf, optional, type ReadOf, type Shape, text, wholeNumber,
} from '../shape/shape.js';

const ticketId: Shape<string | null> = {
  schema: { type: ['string', 'integer', 'null'] },
  mayBeMissing: true,
  read: (raw, place) => {
    if (raw === undefined || raw === null || typeof raw === 'string') return raw ?? null;
    if (Number.isSafeInteger(raw)) return String(raw);
    place.refuse('text or an integer', describeFound(raw));
    return null;
  },
};

const sender: Shape<Sender> = {
  schema: { anyOf: [{ type: 'string' }, { type: 'object' }] },
  read: (raw, place) => {
    if (typeof raw === 'string') return { id: raw };
    const read = objectOf({ id: filledText('Who'), name: optional(text('Their name'), null) }).read(raw, place);
    return read.name === null ? { id: read.id } : { id: read.id, name: read.name };
  },
};

const answer: Shape<Answer> = objectOf({
  operation: oneOf(['CREATE', 'UPDATE'], 'What was asked of the target'),
  status: oneOf(['SUCCESS', 'ERROR'], 'How it went'),
  httpStatus: optional(wholeNumber('HTTP status'), null),
  error: optional(text('What the target said'), null),
  ticketId,
});

/** What a case says of a file; also used for the attachments of a conversation. */
export const ATTACHMENT_KEYS = {
  id: optional(text('Identity; made from the place if left out'), null),
  name: filledText('File name'),
  contentType: optional(text('Media type'), 'application/octet-stream'),
  size: optional(wholeNumber('Bytes', 0), 0),
};

/** Attributes as a case writes them: nested objects become dotted names. */
export const attributesShape: Shape<Attributes> = {
  schema: { type: 'object' },
  read: (raw, place) => {
    if (isObject(raw)) return flattenAttributes(raw, place, { checksTexts: true }).attributes;
    place.refuse('an object', describeFound(raw));
    return {};
  },
};

const MESSAGE_KEYS = {
  id: optional(text('Message id'), 'message'),
  endpoint: filledText('Where it comes from'),
  entityType: filledText('The kind of its ticket'),
  messageType: optional(text('A named schema'), ''),
  ticketId,
  attributes: optional(attributesShape, {}),
  attachments: optional(listOf(objectOf(ATTACHMENT_KEYS), 'Files'), []),
  sender: optional(sender, null),
  receivedTime: optional(text('When it came'), null),
  receivedAt: optional(text('When it came'), null),
  response: optional(answer, null),
};

/** Reads the `message` of a case; `now` is when it was received unless it says so itself. */
export function readCaseMessage(raw: unknown, now: string, place: Place, warnings: string[]): Message {
  const read = objectOf(MESSAGE_KEYS).read(raw, place);
  warnOfUnknownKeys(raw, MESSAGE_KEYS, 'message', warnings);
  return isObject(raw) ? toMessage(read, now) : EMPTY;
}

/** Notes the keys of an object that mean nothing in a case. */
export function warnOfUnknownKeys(raw: unknown, known: object, where: string, warnings: string[]): void {
  if (!isObject(raw)) return;
  for (const key of Object.keys(raw)) {
    if (!Object.hasOwn(known, key)) warnings.push(`"${key}" in ${where} means nothing and is ignored`);
  }
}

/** Gives an attachment of a case an identity where it names none. */
export function withId(attachment: ReadOf<typeof ATTACHMENT_KEYS>, id: string): Attachment {
  const { name, contentType, size } = attachment;
  return { id: attachment.id ?? id, name, contentType, size };
}

function toMessage(read: ReadOf<typeof MESSAGE_KEYS>, now: string): Message {
  const { id, endpoint, entityType, messageType, attributes, response } = read;
  return {
    id,
    endpoint,
    entityType,
    messageType,
    ticketId: read.ticketId,
    attributes,
    attachments: read.attachments.map((attachment, at) => withId(attachment, `attachment-${at + 1}`)),
    sender: read.sender,
    receivedAt: read.receivedAt ?? read.receivedTime ?? now,
    response,
  };
}

/** Stands in where the message is no object; the case is refused then. */
const EMPTY: Message = {
  id: '', endpoint: '', entityType: '', messageType: '', ticketId: null, attributes: {}, attachments: [], sender: null,
  receivedAt: '', response: null,
};
