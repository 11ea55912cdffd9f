import { fold } from '../message/fold.js';
import type { EntityRef, Operation } from '../message/message.js';
import { err, ok, type Result } from '../message/result.js';
import { Place, type Problem } from '../shape/place.js';
import { type AttachmentFilter, type AttachmentMappingDocument, compileAttachmentFilter } from './attachment-filter.js';
import { compileCondition, type CompiledCondition, type ConditionDocument, type ConditionList } from './condition/condition.js';
import type { RuleRef } from './decision.js';
import { type CompiledDelay, compileDelay } from './delay.js';
import { type Action, readRuleDocument, type RuleDocument, type TargetCondition } from './document.js';
import { compileExpression, type Expression } from './expression.js';
import { type ApplyMappings, compileMappings } from './mapping/mapping-list.js';
import { allOrNull } from './rule-place.js';

/** Where a rule sends to, with the key by which targets compare. */
export interface CompiledTarget extends EntityRef {
  readonly key: string;
  readonly messageType: string;
}

/** The attachments of a rule's outbound messages. */
export interface CompiledAttachments {
  readonly mapping: AttachmentMappingDocument;
  readonly filter: AttachmentFilter;
}

/** A rule version ready to be evaluated; nothing in it can fail to be understood any more. */
export interface CompiledRule {
  readonly ref: RuleRef;
  readonly document: RuleDocument;
  readonly priority: number;
  readonly isActive: boolean;
  readonly action: Action;
  readonly sourceKey: string;
  /** Null where nothing is sent (`DROP`, `PROCESS_ONLY`). */
  readonly target: CompiledTarget | null;
  readonly targetCondition: TargetCondition;
  /** The answered operation of a response rule; null for a normal one. */
  readonly answeredOperation: Operation | null;
  readonly conditions: readonly CompiledCondition[];
  /** How many of the conditions, from the front, are about the message. */
  readonly entityConditionCount: number;
  readonly needsAttachment: boolean;
  readonly delay: CompiledDelay;
  /** Whether source and target are one endpoint: such executions pass others that wait. */
  readonly answersItsSource: boolean;
  readonly virtual: ApplyMappings;
  readonly outbound: ApplyMappings;
  readonly memory: ApplyMappings;
  readonly hasMemoryMappings: boolean;
  readonly hasVirtualMappings: boolean;
  readonly attachments: CompiledAttachments | null;
  readonly iterateBy: 'NONE' | 'BY_ATTACHMENT' | Expression;
}

/** The key by which (endpoint, entity type) pairs compare. */
export function entityKey(endpoint: string, entityType: string): string {
  return `${fold(endpoint)}\n${fold(entityType)}`;
}

/** Reads and compiles a rule document; refuses with every problem and its place. */
export function compileRule(raw: unknown): Result<CompiledRule, readonly Problem[]> {
  const document = readRuleDocument(raw);
  return document.ok ? compileRuleDocument(document.value) : document;
}

/** Compiles a document that was read: patterns, templates, time zones and formats are checked here. */
export function compileRuleDocument(document: RuleDocument): Result<CompiledRule, readonly Problem[]> {
  const place = Place.root();
  const compiled = compileRuleAt(document, place);
  return compiled === null ? err(place.problems) : ok(compiled);
}

/** Compiles a document that stands at a place of a larger one; null after noting its problems there. */
export function compileRuleAt(document: RuleDocument, place: Place): CompiledRule | null {
  const { timeoutSeconds, onTimeout } = document;
  const parts = {
    entity: compileConditions(document.entityConditions, 'entity', place.at('entityConditions')),
    conversation: compileConditions(document.conversationConditions, 'conversation', place.at('conversationConditions')),
    delay: compileDelay(document.delayConditions, { timeoutSeconds, onTimeout }, place.at('delayConditions')),
    virtual: compileMappings(document.virtualAttributeMappings, 'virtual', place.at('virtualAttributeMappings')),
    outbound: compileMappings(document.mappings, 'outbound', place.at('mappings')),
    memory: compileMappings(
      document.conversationAttributeMappings,
      'conversation',
      place.at('conversationAttributeMappings'),
    ),
  };
  const { entity, conversation, delay, virtual, outbound, memory } = parts;
  if (entity === null || conversation === null || delay === null) return null;
  if (virtual === null || outbound === null || memory === null) return null;
  return {
    ref: { ruleId: document.ruleId, rule: document.name, ruleVersion: document.version },
    document,
    priority: document.priority,
    isActive: document.enabled && document.current,
    action: document.action,
    sourceKey: entityKey(document.sourceSystemId, document.sourceEntityType),
    target: targetOf(document),
    targetCondition: document.targetCondition,
    answeredOperation: answeredOperationOf(document.targetCondition),
    conditions: [...entity, ...conversation],
    entityConditionCount: entity.length,
    needsAttachment: document.attachmentRequired,
    delay,
    answersItsSource: fold(document.sourceSystemId) === fold(document.targetSystemId),
    virtual,
    outbound,
    memory,
    hasMemoryMappings: document.conversationAttributeMappings.length > 0,
    hasVirtualMappings: document.virtualAttributeMappings.length > 0,
    attachments: compileAttachments(document.attachmentMapping),
    iterateBy: document.iterate === 'BY_VALUE' ? compileExpression(document.iterateAttribute.trim()) : document.iterate,
  };
}

function compileConditions(
  conditions: readonly ConditionDocument[],
  list: ConditionList,
  place: Place,
): readonly CompiledCondition[] | null {
  return allOrNull(conditions.map((condition, at) => compileCondition(condition, list, place.at(at))));
}

function compileAttachments(mapping: AttachmentMappingDocument | null): CompiledAttachments | null {
  return mapping === null ? null : { mapping, filter: compileAttachmentFilter(mapping) };
}

function targetOf(document: RuleDocument): CompiledTarget | null {
  if (document.action !== 'ROUTE') return null;
  const { targetSystemId: endpoint, targetEntityType: entityType, targetMessageType: messageType } = document;
  return { endpoint, entityType, messageType, key: entityKey(endpoint, entityType) };
}

function answeredOperationOf(condition: TargetCondition): Operation | null {
  switch (condition) {
    case 'RESPONSE_TO_CREATE':
      return 'CREATE';
    case 'RESPONSE_TO_UPDATE':
      return 'UPDATE';
    case 'CREATE':
    case 'UPDATE':
    case 'ALL':
      return null;
  }
}
