import type { MemoryChange } from '../conversation/conversation.js';
import { MemoryDraft, type RunningMemory } from '../conversation/memory-draft.js';
import { elementsOf } from '../message/elements-of.js';
import type { Attachment } from '../message/message.js';
import type { FlatObject, Scalar } from '../message/value.js';
import type { AttachmentShelf } from './attachment-shelf.js';
import type { CompiledRule, CompiledTarget } from './compile.js';
import type { OutboundMessage, Unmapped } from './decision.js';
import { Refusal } from './formatter/formatter.js';
import type { Scope } from './scope.js';
import { MemorySink, OutboundSink, VirtualSink } from './sinks.js';
import type { TargetsSeen } from './targets-seen.js';

/** What executions of one message share and change, in order. */
export interface RunningState {
  readonly memory: RunningMemory;
  readonly seen: TargetsSeen;
  readonly shelf: AttachmentShelf;
  readonly outbound: OutboundMessage[];
  readonly changes: MemoryChange[];
  readonly unmapped: Unmapped[];
}

/** One outbound message in the making: its operation is decided when it counts. */
interface Draft {
  readonly attributes: OutboundMessage['attributes'];
  readonly attachments: readonly Attachment[];
}

/** What a rule iterates over: an element in hand, an attachment in hand, or neither. */
interface Item {
  readonly element: Scalar | FlatObject | undefined;
  readonly attachment: Attachment | undefined;
}

const ONE_ITEM: readonly Item[] = [{ element: undefined, attachment: undefined }];

/**
 * Executes one rule on the running state: virtual, outbound, attachment and conversation mappings, then storing.
 * Answers null, or the reason why it had no effect at all; the state is then as it was.
 */
export function execute(rule: CompiledRule, base: Scope, state: RunningState): string | null {
  base.unmapped.length = 0;
  const draft = new MemoryDraft(state.memory);
  const scope = withVirtual(rule, { ...base, memory: state.memory });
  if (scope instanceof Refusal) return inWords(rule, scope);
  const drafts = rule.target === null ? [] : makeMessages(rule, rule.target, scope, state.shelf);
  if (drafts instanceof Refusal) return inWords(rule, drafts);
  if (rule.hasMemoryMappings) {
    const refusal = rule.memory({ ...scope, memory: draft }, new MemorySink(draft));
    if (refusal !== undefined) return inWords(rule, refusal);
  }
  commit(rule, drafts, draft, state);
  keepUnmapped(rule, base, state);
  settleAttachments(rule, drafts, base, state);
  return null;
}

function withVirtual(rule: CompiledRule, scope: Scope): Scope | Refusal {
  if (!rule.hasVirtualMappings) return scope;
  const sink = new VirtualSink();
  const reading = { ...scope, virtual: sink.values };
  return rule.virtual(reading, sink) ?? reading;
}

function makeMessages(
  rule: CompiledRule,
  target: CompiledTarget,
  scope: Scope,
  shelf: AttachmentShelf,
): readonly Draft[] | Refusal {
  const drafts: Draft[] = [];
  // Kept attachments go with the first message to the target; from then on it has had them.
  let kept = rule.attachments?.mapping.mapAttachmentsFromConversation === true ? shelf.notYetRelayed(target) : [];
  for (const item of itemsOf(rule, scope)) {
    const sink = new OutboundSink();
    const reading = item.element === undefined ? scope : { ...scope, item: item.element };
    const refusal = rule.outbound(reading, sink);
    if (refusal !== undefined) return refusal;
    const attachments = attachmentsOf(rule, item, kept, scope);
    const sent = new Set(attachments.map((attachment) => attachment.id));
    kept = kept.filter((attachment) => !sent.has(attachment.id));
    drafts.push({ attributes: sink.attributes, attachments });
  }
  return drafts;
}

function itemsOf(rule: CompiledRule, scope: Scope): readonly Item[] {
  if (rule.iterateBy === 'NONE') return ONE_ITEM;
  if (rule.iterateBy === 'BY_ATTACHMENT') {
    const source = scope.message.attachments;
    const counted = rule.attachments === null ? source : rule.attachments.filter(source);
    return counted.map((attachment) => ({ element: undefined, attachment }));
  }
  return elementsOf(rule.iterateBy.read(scope)).map((element) => ({ element, attachment: undefined }));
}

function attachmentsOf(rule: CompiledRule, item: Item, kept: readonly Attachment[], scope: Scope): readonly Attachment[] {
  if (rule.attachments === null) return [];
  const { mapping, filter } = rule.attachments;
  const source = !mapping.mapAttachmentsFromSourceMessage
    ? []
    : item.attachment === undefined
      ? scope.message.attachments
      : [item.attachment];
  if (kept.length === 0) return filter(source);
  const ids = new Set(kept.map((attachment) => attachment.id));
  // In order of arrival: what is kept came with earlier messages.
  return filter([...kept, ...source.filter((attachment) => !ids.has(attachment.id))]);
}

function commit(rule: CompiledRule, drafts: readonly Draft[], draft: MemoryDraft, state: RunningState): void {
  const { ref, target } = rule;
  if (target !== null) {
    for (const { attributes, attachments } of drafts) {
      const operation = state.seen.has(target.key) ? 'UPDATE' : 'CREATE';
      state.seen.add(target.key);
      const { endpoint, entityType, messageType } = target;
      state.outbound.push({ ...ref, endpoint, entityType, messageType, operation, attributes, attachments });
    }
  }
  for (const change of draft.changes()) {
    state.changes.push({ ...change, ruleId: ref.ruleId, ruleVersion: ref.ruleVersion });
  }
  state.memory.keep(draft);
}

function keepUnmapped(rule: CompiledRule, { unmapped }: Scope, state: RunningState): void {
  for (const note of unmapped) state.unmapped.push({ ...rule.ref, ...note });
}

function settleAttachments(rule: CompiledRule, drafts: readonly Draft[], base: Scope, state: RunningState): void {
  state.shelf.settle({
    target: rule.target,
    sent: drafts.flatMap((made) => made.attachments),
    removesKept: rule.attachments?.mapping.removeAttachmentsFromConversation === true,
    stored: rule.document.saveAttachmentsToConversation ? base.message.attachments : [],
  });
}

function inWords(rule: CompiledRule, refusal: Refusal): string {
  return `rule "${rule.ref.rule}": ${refusal.reason}`;
}
