import { fold } from '../message/fold.js';
import type { FlatObject, Scalar, Value } from '../message/value.js';
import type { Scope } from './scope.js';

/** A readable attribute, resolved once: its name as written and how its value is read. */
export interface Expression {
  readonly name: string;
  readonly read: (scope: Scope) => Value | undefined;
}

export const VIRTUAL_PREFIX = 'sf:virtual:';
export const CONVERSATION_PREFIX = 'sf:conversation:';
export const COUNTER_PREFIX = 'sf:conversation:counter:';
const TICKET_ID_PREFIX = 'sf:ticketid:';
const ITEM_PREFIX = 'sf:item:';

/** The fixed names, folded. */
const BUILT_IN: { readonly [foldedName: string]: Expression['read'] } = {
  'sf:now': (scope) => scope.now,
  'sf:conversation:id': (scope) => scope.conversation.id,
  'sf:message:id': (scope) => scope.message.id,
  'sf:message:ticketid': (scope) => scope.message.ticketId ?? undefined,
  'sf:message:endpoint': (scope) => scope.message.endpoint,
  'sf:message:entitytype': (scope) => scope.message.entityType,
  'sf:message:messagetype': (scope) => scope.message.messageType,
  'sf:message:receivedtime': (scope) => scope.message.receivedAt,
  'sf:message:sender': (scope) => scope.message.sender?.id,
  'sf:response:status': (scope) => scope.message.response?.status,
  'sf:response:httpstatus': (scope) => scope.message.response?.httpStatus ?? undefined,
  'sf:response:error': (scope) => scope.message.response?.error ?? undefined,
  'sf:response:ticketid': (scope) => scope.message.response?.ticketId ?? undefined,
  'sf:response:operation': (scope) => scope.message.response?.operation,
  'sf:item': (scope) => asValue(scope.item),
};

/** Resolves the name of any readable attribute; names that nothing has are read as absent. */
export function compileExpression(name: string): Expression {
  return { name, read: readerOf(fold(name)) };
}

/** Resolves a name inside an element template: plain names are the element's own fields. */
export function compileElementExpression(name: string): Expression {
  const folded = fold(name);
  if (folded.startsWith('sf:')) return compileExpression(name);
  return { name, read: (scope) => scope.element?.getFolded(folded) };
}

function readerOf(folded: string): Expression['read'] {
  if (!folded.startsWith('sf:')) return (scope) => scope.attributes.getFolded(folded);
  const builtIn = Object.hasOwn(BUILT_IN, folded) ? BUILT_IN[folded] : undefined;
  if (builtIn !== undefined) return builtIn;
  // Longest prefix first: a counter is no conversation attribute.
  if (folded.startsWith(COUNTER_PREFIX)) {
    const counter = folded.slice(COUNTER_PREFIX.length);
    return (scope) => scope.memory.counter(counter);
  }
  if (folded.startsWith(CONVERSATION_PREFIX)) {
    const attribute = folded.slice(CONVERSATION_PREFIX.length);
    return (scope) => scope.memory.attribute(attribute);
  }
  if (folded.startsWith(VIRTUAL_PREFIX)) {
    const attribute = folded.slice(VIRTUAL_PREFIX.length);
    return (scope) => scope.virtual?.get(attribute);
  }
  if (folded.startsWith(ITEM_PREFIX)) {
    const field = folded.slice(ITEM_PREFIX.length);
    return (scope) => fieldOf(scope.item, field);
  }
  if (folded.startsWith(TICKET_ID_PREFIX)) return ticketIdReader(folded.slice(TICKET_ID_PREFIX.length));
  return (scope) => scope.attributes.getFolded(folded);
}

/** Endpoint ids are slugs, so the first colon ends them; entity types may have more of them. */
function ticketIdReader(foldedRef: string): Expression['read'] {
  const colon = foldedRef.indexOf(':');
  const endpoint = colon < 0 ? foldedRef : foldedRef.slice(0, colon);
  const entityType = colon < 0 ? '' : foldedRef.slice(colon + 1);
  return (scope) =>
    scope.conversation.ticketIds.find(
      (ticket) => fold(ticket.endpoint) === endpoint && fold(ticket.entityType) === entityType,
    )?.ticketId;
}

function fieldOf(item: Scalar | FlatObject | undefined, foldedField: string): Scalar | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const name = Object.keys(item).find((key) => fold(key) === foldedField);
  return name === undefined ? undefined : item[name];
}

/** An element with fields, copied whole, stays what it was: a multi-value, here of one. */
function asValue(item: Scalar | FlatObject | undefined): Value | undefined {
  return typeof item === 'object' && item !== null ? [item] : item;
}
