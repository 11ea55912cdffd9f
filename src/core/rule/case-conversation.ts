import type { Conversation, KeptAttachment, WaitingExecution } from '../conversation/conversation.js';
import { sameName } from '../message/fold.js';
import type { EntityRef, Message, TicketRef } from '../message/message.js';
import { describeFound, type Place } from '../shape/place.js';
import {
  filledText, flag, isObject, listOf, objectOf, optional, type ReadOf, type Shape, text, wholeNumber,
} from '../shape/shape.js';
import { ATTACHMENT_KEYS, attributesShape, warnOfUnknownKeys, withId } from './case-message.js';
import { entityKey } from './compile.js';
import type { RuleDocument } from './document.js';

const REF_KEYS = { endpoint: filledText('An endpoint'), entityType: filledText('Its entity type') };

const counters: Shape<{ readonly [name: string]: number }> = {
  schema: { type: 'object' },
  read: (raw, place) => {
    if (!isObject(raw)) {
      place.refuse('an object of whole numbers', describeFound(raw));
      return {};
    }
    const count = wholeNumber('A count');
    return Object.fromEntries(Object.entries(raw).map(([name, value]) => [name, count.read(value, place.at(name))]));
  },
};

const CONVERSATION_KEYS = {
  id: optional(text('Conversation id'), 'conversation'),
  attributes: optional(attributesShape, {}),
  counters: optional(counters, {}),
  ticketIds: optional(listOf(objectOf({ ...REF_KEYS, ticketId: text('A ticket id') }), 'Known ticket ids'), []),
  pendingCreates: optional(listOf(objectOf(REF_KEYS), 'Creates on their way'), []),
  delayed: optional(
    listOf(
      objectOf({
        rule: optional(text('The waiting rule'), ''),
        endpoint: optional(text('Its target'), ''),
        entityType: optional(text("The target's entity type"), ''),
        dueAt: optional(text('When its time is over'), null),
        creates: optional(flag('Whether it would create; found out from its rule if left out'), null),
      }),
      'Waiting executions',
    ),
    [],
  ),
  attachments: optional(
    listOf(
      objectOf({ ...ATTACHMENT_KEYS, relayedTo: optional(listOf(objectOf(REF_KEYS), 'Targets that have it'), []) }),
      'Kept files',
    ),
    [],
  ),
  previous: optional(attributesShape, null),
};

type ReadConversation = ReadOf<typeof CONVERSATION_KEYS>;

/** Reads the `conversation` of a case; a normal message has joined it, so that its own ticket is always in it. */
export function readCaseConversation(
  raw: unknown,
  { message, rules }: { readonly message: Message; readonly rules: readonly RuleDocument[] },
  place: Place,
  warnings: string[],
): Conversation {
  const given = raw === undefined || raw === null ? {} : raw;
  const before = place.problems.length;
  const read = objectOf(CONVERSATION_KEYS).read(given, place);
  warnOfUnknownKeys(given, CONVERSATION_KEYS, 'conversation', warnings);
  if (!isObject(given) || place.problems.length > before) return EMPTY;
  const ticketIds = withOwnTicket(read.ticketIds, message);
  return {
    id: read.id,
    attributes: read.attributes,
    counters: read.counters,
    ticketIds,
    pendingCreates: read.pendingCreates,
    delayed: toWaiting(read, ticketIds, rules),
    attachments: read.attachments.map(
      (kept, at): KeptAttachment => ({ ...withId(kept, `kept-${at + 1}`), relayedTo: kept.relayedTo }),
    ),
    previous: read.previous,
  };
}

function withOwnTicket(ticketIds: readonly TicketRef[], message: Message): readonly TicketRef[] {
  const { endpoint, entityType, ticketId, response } = message;
  if (ticketId === null || response !== null) return ticketIds;
  const own = ticketIds.some((ticket) => sameName(ticket.endpoint, endpoint) && sameName(ticket.entityType, entityType));
  return own ? ticketIds : [...ticketIds, { endpoint, entityType, ticketId }];
}

/** A waiting execution would create if nothing else has or makes the ticket, unless its rule only updates. */
function toWaiting(
  read: ReadConversation,
  ticketIds: readonly TicketRef[],
  rules: readonly RuleDocument[],
): readonly WaitingExecution[] {
  const keyOf = ({ endpoint, entityType }: EntityRef): string => entityKey(endpoint, entityType);
  const made = new Set([...ticketIds, ...read.pendingCreates].map(keyOf));
  return read.delayed.map((waiting) => {
    const rule = rules.find((candidate) => sameName(candidate.name, waiting.rule));
    const mayCreate = waiting.endpoint !== '' && rule?.targetCondition !== 'UPDATE';
    const creates = waiting.creates ?? (mayCreate && !made.has(keyOf(waiting)));
    if (creates) made.add(keyOf(waiting));
    const { endpoint, entityType, dueAt } = waiting;
    return { rule: waiting.rule, endpoint, entityType, dueAt, creates };
  });
}

/** Stands in where the conversation cannot be read; the case is refused then. */
const EMPTY: Conversation = {
  id: '', attributes: {}, counters: {}, ticketIds: [], pendingCreates: [], delayed: [], attachments: [], previous: null,
};
