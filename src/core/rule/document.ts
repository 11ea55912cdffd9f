import { err, ok, type Result } from '../message/result.js';
import { Place, type Problem } from '../shape/place.js';
import {
  filledText, flag, isObject, listOf, objectOf, oneOf, optional, type ReadOf, text, wholeNumber,
} from '../shape/shape.js';
import { ATTACHMENT_MAPPING_KEYS } from './attachment-filter.js';
import { conditionShape } from './condition/condition.js';
import { checkTimeout, delayShape, TIMEOUT_KEYS } from './delay.js';
import { mappingShape } from './mapping/mapping-list.js';

export const ACTIONS = ['ROUTE', 'DROP', 'PROCESS_ONLY'] as const;
export const TARGET_CONDITIONS = ['CREATE', 'UPDATE', 'ALL', 'RESPONSE_TO_CREATE', 'RESPONSE_TO_UPDATE'] as const;
export const ITERATIONS = ['NONE', 'BY_ATTACHMENT', 'BY_VALUE'] as const;

export type Action = (typeof ACTIONS)[number];
export type TargetCondition = (typeof TARGET_CONDITIONS)[number];

const conditions = (meaning: string) => optional(listOf(conditionShape, meaning), []);
const mappings = (meaning: string) => optional(listOf(mappingShape, meaning), []);

/** The known keys of a rule document; others are kept and not looked at. */
export const RULE_KEYS = {
  ruleId: optional(text('Stable over versions'), ''),
  name: filledText('What the rule is called'),
  version: optional(wholeNumber('Counts the saved versions', 0), 0),
  changeDescription: optional(text('What this version changes'), ''),
  enabled: optional(flag('Whether the rule takes part'), true),
  current: optional(flag('Whether this is the version in use'), true),
  action: optional(oneOf(ACTIONS, 'What the rule does'), 'ROUTE' as const),
  priority: optional(wholeNumber('Higher comes first'), 0),
  sourceSystemId: filledText('The endpoint that messages come from'),
  sourceEntityType: filledText('Their entity type'),
  targetSystemId: optional(text('The endpoint that messages go to'), ''),
  targetEntityType: optional(text('The entity type there'), ''),
  targetMessageType: optional(text('A named schema of the outbound call'), ''),
  targetCondition: optional(oneOf(TARGET_CONDITIONS, 'The operation that the rule is for'), 'ALL' as const),
  responseStatus: optional(oneOf(['SUCCESS', 'ERROR'], 'Of response rules: the outcome; null is both'), null),
  entityConditions: conditions('Conditions on the message'),
  conversationConditions: conditions('Conditions on the conversation'),
  attachmentRequired: optional(flag('Whether the message must have an attachment'), false),
  delayConditions: optional(listOf(delayShape, 'What an execution waits for'), []),
  ...TIMEOUT_KEYS,
  virtualAttributeMappings: mappings('Attributes for the mappings of this rule'),
  mappings: mappings('Attributes of the outbound message'),
  conversationAttributeMappings: mappings('Attributes and counters of the conversation'),
  attachmentMapping: optional(objectOf(ATTACHMENT_MAPPING_KEYS, 'Which attachments are sent'), null),
  iterate: optional(oneOf(ITERATIONS, 'How many messages are made'), 'NONE' as const),
  iterateAttribute: optional(text('The multi-value of BY_VALUE'), ''),
  routeOneTargetPerAttachment: optional(flag('Older name of iterate BY_ATTACHMENT'), false),
  saveAttachmentsToConversation: optional(flag('Whether the source attachments are kept in the conversation'), false),
};

/** A rule document with every known key filled in; keys that are not known are kept as they came. */
export type RuleDocument = ReadOf<typeof RULE_KEYS> & { readonly [key: string]: unknown };

/** Shape and JSON schema of a rule document. */
export const ruleShape = objectOf(RULE_KEYS, 'A routing rule');

/** Reads a rule document and fills in what older exports and short ones leave out; refuses with every problem at once. */
export function readRuleDocument(raw: unknown): Result<RuleDocument, readonly Problem[]> {
  const place = Place.root();
  const document = readRuleAt(raw, place);
  return document === null ? err(place.problems) : ok(document);
}

/** Reads a rule document that stands at a place of a larger one; null after noting its problems there. */
export function readRuleAt(raw: unknown, place: Place): RuleDocument | null {
  const before = place.problems.length;
  const known = ruleShape.read(isObject(raw) ? withOlderKeys(raw) : raw, place);
  if (place.problems.length === before) checkWhole(known, place);
  if (isObject(raw)) checkTimeout(raw, place);
  if (place.problems.length > before || !isObject(raw)) return null;
  const { iterate, routeOneTargetPerAttachment } = known;
  return {
    ...raw,
    ...known,
    iterate: iterate === 'NONE' && routeOneTargetPerAttachment ? 'BY_ATTACHMENT' : iterate,
  };
}

/** Older exports say `active` instead of `enabled` and `current`. */
function withOlderKeys(raw: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const active = raw['active'];
  if (typeof active !== 'boolean' || raw['enabled'] !== undefined || raw['current'] !== undefined) return raw;
  return { ...raw, enabled: active, current: active };
}

/** What no key can say alone. */
function checkWhole(rule: ReadOf<typeof RULE_KEYS>, place: Place): void {
  if (rule.action === 'ROUTE') {
    if (rule.targetSystemId.trim() === '') place.at('targetSystemId').refuse('an endpoint to route to', 'nothing');
    if (rule.targetEntityType.trim() === '') place.at('targetEntityType').refuse('an entity type to route to', 'nothing');
  }
  if (rule.iterate === 'BY_VALUE' && rule.iterateAttribute.trim() === '') {
    place.at('iterateAttribute').refuse('the multi-value to iterate by', 'nothing');
  }
}
