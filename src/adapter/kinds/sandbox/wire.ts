import type { Value } from '../../../core/message/value.js';

/** A webhook of the tool, as far as it is read here. */
export interface Webhook {
  readonly id: string;
  readonly type: string;
  readonly timestamp?: string;
  readonly actor?: { readonly id?: string; readonly name?: string };
  readonly ticket: Readonly<Record<string, unknown>> & { readonly id: string; readonly custom?: Readonly<Record<string, unknown>> };
  readonly comment?: { readonly author?: string; readonly visibility?: string; readonly text?: string };
  readonly attachments?: readonly { readonly id?: string; readonly name?: string; readonly contentType?: string; readonly contentBase64?: string }[];
  readonly error?: { readonly code?: string; readonly message?: string; readonly requestKey?: string | null };
}

/** Whether a JSON document has the shape of a webhook: type, id, and a ticket with an id. */
export function isWebhook(document: unknown): document is Webhook {
  if (!isObject(document) || typeof document['type'] !== 'string' || typeof document['id'] !== 'string') return false;
  const { ticket, actor, comment, attachments, error } = document;
  const optionalObject = (part: unknown): boolean => part === undefined || isObject(part);
  return isObject(ticket) && typeof ticket['id'] === 'string' && ticket['id'].trim() !== '' && optionalObject(ticket['custom'])
    && optionalObject(actor) && optionalObject(comment) && optionalObject(error)
    && (attachments === undefined || (Array.isArray(attachments) && attachments.every(isObject)));
}

/** Attribute in Parley and field of the tool. */
export const FIELDS: readonly (readonly [attribute: string, field: string])[] = [
  ['title', 'title'], ['description', 'description'], ['state', 'state'], ['priority', 'priority'], ['group', 'group'], ['caller', 'caller'], ['external_reference', 'externalReference'],
];

/** A member as a value, where it is one. */
export function valueOf(member: unknown): Value | undefined {
  return member === null || ['string', 'number', 'boolean'].includes(typeof member) ? (member as Value) : undefined;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
