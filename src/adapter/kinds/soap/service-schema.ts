import type { ServiceOperation } from './service.js';

export type SimpleType = 'string' | 'dateTime' | 'base64Binary';

/** An element in a sequence. `values`: what it may say, where that is told. */
export interface Part {
  readonly name: string;
  readonly type: SimpleType | TypeName;
  readonly least: 0 | 1;
  readonly most: 1 | 'unbounded';
  readonly values?: readonly string[];
}

const one = (name: string, type: Part['type'] = 'string'): Part => ({ name, type, least: 1, most: 1 });
const maybe = (name: string, type: Part['type'] = 'string'): Part => ({ name, type, least: 0, most: 1 });
const any = (name: string, type: Part['type'] = 'string'): Part => ({ name, type, least: 0, most: 'unbounded' });

type TypeName = 'Person' | 'Attribute' | 'Attributes' | 'Reference' | 'References' | 'Attachment' | 'Attachments';

/** Types of our own service: its WSDL is written from them, and envelopes are held against them. */
export const SERVICE_TYPES: Readonly<Record<TypeName, readonly Part[]>> = {
  Person: [one('id'), maybe('name')],
  Attribute: [one('name'), any('value')],
  Attributes: [any('attribute', 'Attribute')],
  Reference: [one('endpoint'), one('entityType'), one('ticketId')],
  References: [any('reference', 'Reference')],
  Attachment: [one('name'), maybe('contentType'), one('content', 'base64Binary')],
  Attachments: [any('attachment', 'Attachment')],
};

const request = (...parts: readonly Part[]): readonly Part[] => [one('ticketId'), maybe('eventId'), maybe('sender', 'Person'), ...parts];
const TICKET = request(maybe('messageType'), maybe('occurredAt', 'dateTime'), maybe('attributes', 'Attributes'), maybe('references', 'References'), maybe('attachments', 'Attachments'));

/** What each operation carries. */
export const SERVICE_REQUESTS: Readonly<Record<ServiceOperation, readonly Part[]>> = {
  CreateTicket: TICKET,
  UpdateTicket: TICKET,
  AddComment: request(one('text'), { ...maybe('visibility'), values: ['public', 'internal'] }),
  AddAttachment: request({ name: 'attachment', type: 'Attachment', least: 1, most: 'unbounded' }),
  Ack: request(maybe('status'), maybe('text'), any('reference', 'Reference')),
};

/** The parts of a type; null of one that is text. */
export const partsOfType = (type: Part['type']): readonly Part[] | null => (Object.hasOwn(SERVICE_TYPES, type) ? SERVICE_TYPES[type as TypeName] : null);
