import { describeFound, type Place } from '../shape/place.js';
import {
  filledText, isObject, type JsonSchema, type Keys, listOf, numberOf, objectOf, oneOf, optional, type ReadOf, type Shape, text,
} from '../shape/shape.js';
import { compileCondition, operatorName } from './condition/condition.js';
import type { ConditionTest } from './condition/operator.js';
import type { WaitReason } from './decision.js';
import { compileExpression } from './expression.js';
import { allOrNull } from './rule-place.js';
import type { Scope } from './scope.js';

export type OnTimeout = 'ROUTE' | 'CANCEL' | 'FAIL';

/** Ends a wait that is not for a time. */
export interface DelayTimeout {
  readonly afterMs: number;
  readonly onTimeout: OnTimeout;
}

/** Something that an execution waits for. */
interface Wait {
  readonly isOver: ConditionTest;
  readonly reason: WaitReason;
}

/** The delays of a rule in the order in which they count: time, conversation, ticket ids. */
export interface CompiledDelay {
  /** 0 for none. */
  readonly timeMs: number;
  readonly waits: readonly Wait[];
  readonly timeout: DelayTimeout | null;
}

export const TIMEOUT_KEYS = {
  timeoutSeconds: optional(numberOf('Seconds after which it no longer waits', 0), null),
  onTimeout: optional(oneOf(['ROUTE', 'CANCEL', 'FAIL'], 'What happens then'), null),
};

const TIME_KEYS = { seconds: numberOf('Seconds from the match', 0) };
const ATTRIBUTE_KEYS = {
  attribute: filledText('A conversation attribute, with or without its prefix'),
  operator: optional(operatorName, 'NOT_BLANK'),
  values: optional(listOf(text('A value; may contain ${…}', 'template'), 'Any of them'), []),
  ...TIMEOUT_KEYS,
};
const TICKET_KEYS = {
  endpoint: filledText('The endpoint whose ticket id is awaited'),
  entityType: filledText('Its entity type'),
  ...TIMEOUT_KEYS,
};

interface DelayDefinition {
  readonly type: WaitReason['type'];
  readonly meaning: string;
  readonly shape: Shape<unknown>;
  readonly schema: JsonSchema;
}

function defineDelay<K extends Keys>(type: WaitReason['type'], meaning: string, keys: K): DelayDefinition {
  const shape = objectOf(keys, meaning);
  return { type, meaning, shape, schema: shape.schema };
}

/** Every kind of delay; parser, API schema, editor and documentation read this list. */
export const DELAYS: readonly DelayDefinition[] = [
  defineDelay('Time', 'Waits for a time', TIME_KEYS),
  defineDelay('ConversationAttribute', 'Waits until a condition on a conversation attribute holds', ATTRIBUTE_KEYS),
  defineDelay('TicketId', 'Waits until a ticket id is known', TICKET_KEYS),
];

/** One element of `delayConditions`. */
export const delayShape: Shape<unknown> = {
  schema: {
    anyOf: DELAYS.map((entry) => ({
      ...entry.schema,
      properties: { type: { type: 'string', enum: [entry.type] }, ...entry.schema.properties },
    })),
  },
  read: (raw, place) => {
    const type = isObject(raw) ? raw['type'] : undefined;
    const definition = DELAYS.find((entry) => entry.type === type);
    if (definition === undefined) {
      (isObject(raw) ? place.at('type') : place).refuse(
        `a delay: ${DELAYS.map((entry) => entry.type).join(', ')}`,
        describeFound(isObject(raw) ? type : raw),
      );
    } else {
      definition.shape.read(raw, place);
    }
    if (isObject(raw)) checkTimeout(raw, place);
    return raw;
  },
};

/** A timeout without a consequence, or a consequence without a timeout, is half a thought. */
export function checkTimeout(raw: Readonly<Record<string, unknown>>, place: Place): void {
  const hasTime = typeof raw['timeoutSeconds'] === 'number';
  const hasEnd = typeof raw['onTimeout'] === 'string';
  if (hasTime && !hasEnd) place.at('onTimeout').refuse('ROUTE, CANCEL or FAIL beside timeoutSeconds', 'nothing');
  if (hasEnd && !hasTime) place.at('timeoutSeconds').refuse('a number of seconds beside onTimeout', 'nothing');
}

/** Compiles the delays of a rule; `ruleTimeout` bounds all of its waits. Null where one has a problem. */
export function compileDelay(
  documents: readonly unknown[],
  ruleTimeout: ReadOf<typeof TIMEOUT_KEYS>,
  place: Place,
): CompiledDelay | null {
  const timeouts = [timeoutOf(ruleTimeout)];
  const attributeWaits: (Wait | null)[] = [];
  const ticketWaits: Wait[] = [];
  let timeMs = 0;
  documents.forEach((document, at) => {
    const type = isObject(document) ? document['type'] : undefined;
    if (type === 'Time') {
      timeMs = Math.max(timeMs, objectOf(TIME_KEYS).read(document, place.at(at)).seconds * 1000);
    } else if (type === 'TicketId') {
      const args = objectOf(TICKET_KEYS).read(document, place.at(at));
      timeouts.push(timeoutOf(args));
      ticketWaits.push(ticketWait(args.endpoint, args.entityType));
    } else if (type === 'ConversationAttribute') {
      const args = objectOf(ATTRIBUTE_KEYS).read(document, place.at(at));
      timeouts.push(timeoutOf(args));
      attributeWaits.push(attributeWait(args, place.at(at)));
    }
  });
  const knownWaits = allOrNull(attributeWaits);
  if (knownWaits === null) return null;
  const bounded = timeouts.filter((timeout) => timeout !== null).sort((a, b) => a.afterMs - b.afterMs);
  return { timeMs: Math.round(timeMs), waits: [...knownWaits, ...ticketWaits], timeout: bounded[0] ?? null };
}

/** What still has to come before the execution may run, times and order aside. */
export function openWaits(delay: CompiledDelay, scope: Scope): WaitReason[] {
  return delay.waits.filter((wait) => !wait.isOver(scope)).map((wait) => wait.reason);
}

function attributeWait(args: ReadOf<typeof ATTRIBUTE_KEYS>, place: Place): Wait | null {
  const { attribute, operator, values } = args;
  const condition = compileCondition({ attribute, operator, values }, 'conversation', place);
  if (condition === null) return null;
  return { isOver: condition.holds, reason: { type: 'ConversationAttribute', attribute, operator, values } };
}

function ticketWait(endpoint: string, entityType: string): Wait {
  const ticketId = compileExpression(`sf:ticketId:${endpoint}:${entityType}`);
  return { isOver: (scope) => ticketId.read(scope) !== undefined, reason: { type: 'TicketId', endpoint, entityType } };
}

function timeoutOf(timeout: ReadOf<typeof TIMEOUT_KEYS>): DelayTimeout | null {
  const { timeoutSeconds, onTimeout } = timeout;
  return timeoutSeconds === null || onTimeout === null ? null : { afterMs: Math.round(timeoutSeconds * 1000), onTimeout };
}
