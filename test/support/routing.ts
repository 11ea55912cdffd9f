import type { Conversation } from '../../src/core/conversation/conversation.js';
import type { Message } from '../../src/core/message/message.js';
import { type CompiledRule, compileRule } from '../../src/core/rule/compile.js';
import { compileRuleSet, type RuleSet } from '../../src/core/rule/rule-set.js';

/** Noon of the day on which all routing tests happen. */
export const NOW = '2026-11-20T12:00:00.000Z';

const INC = { endpoint: 'acme_snc', entityType: 'incident', ticketId: 'INC1' };
const VX = { endpoint: 'vendorx_jira', entityType: 'Issue', ticketId: 'VX-7' };

/** A message about Acme's incident. */
export function aMessage(given: Partial<Message> = {}): Message {
  return {
    id: 'm1', ...INC, messageType: '', attributes: {}, attachments: [], sender: null, receivedAt: NOW, response: null, ...given,
  };
}

/** The conversation of Acme's incident and the vendor's issue. */
export function aConversation(given: Partial<Conversation> = {}): Conversation {
  return {
    id: 'c1', attributes: {}, counters: {}, ticketIds: [INC, VX], pendingCreates: [], delayed: [], attachments: [], previous: null,
    ...given,
  };
}

/** A conversation that the vendor does not know of yet. */
export function anUnseenConversation(given: Partial<Conversation> = {}): Conversation {
  return aConversation({ ticketIds: [INC], ...given });
}

/** A rule document from Acme to the vendor. */
export function aRule(given: Readonly<Record<string, unknown>> = {}): Readonly<Record<string, unknown>> {
  return {
    ruleId: 'r1', name: 'r', version: 1, sourceSystemId: 'acme_snc', sourceEntityType: 'incident',
    targetSystemId: 'vendorx_jira', targetEntityType: 'Issue', ...given,
  };
}

/** Compiles a rule document that must be right. */
export function compiled(document: unknown): CompiledRule {
  const rule = compileRule(document);
  if (!rule.ok) throw new Error(JSON.stringify(rule.error));
  return rule.value;
}

/** A rule set of documents that must be right. */
export function aRuleSet(...documents: readonly unknown[]): RuleSet {
  return compileRuleSet(documents.map(compiled), 'set-1');
}
