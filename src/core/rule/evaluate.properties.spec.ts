import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aConversation, aRule, aRuleSet, NOW } from '../../../test/support/routing.js';
import type { Conversation } from '../conversation/conversation.js';
import type { Message } from '../message/message.js';
import { type CompiledRule, compileRule } from './compile.js';
import { ITERATIONS, TARGET_CONDITIONS } from './document.js';
import { evaluate } from './evaluate.js';
import { explain } from './explain.js';
import { release } from './release.js';
import { compileRuleSet } from './rule-set.js';
import { OPERATORS } from './condition/operators.js';

// Small worlds, so that names and values meet often.
const name = fc.constantFrom('a', 'B', 'c.d', 'sf:conversation:a', 'sf:conversation:counter:n', 'sf:message:ticketId', 'sf:now', 'sf:item', 'sf:item:f', 'sf:virtual:v');
const word = fc.constantFrom('', ' ', 'x', 'X', '1', '2.5', '2026-11-20T12:00:00Z', 'ς', '<b>&nbsp;</b>', '${', '(', '__proto__', '\u0000', '\ud800', '😀');
const template = fc.array(fc.oneof(word, name.map((inner) => `\${${inner}}`)), { maxLength: 3 }).map((parts) => parts.join(''));
const scalar = fc.oneof(word, fc.integer(), fc.double(), fc.boolean(), fc.constant(null));
const value = fc.oneof(scalar, fc.array(fc.oneof(scalar, fc.dictionary(fc.constantFrom('f', 'g', '__proto__'), scalar, { maxKeys: 2 })), { maxLength: 3 }));
const attributes = fc.dictionary(fc.oneof(fc.constantFrom('a', 'A', 'b', 'c.d'), word), value, { maxKeys: 5 });

const date = fc.record({ type: fc.constant('DateFormat'), toFormat: fc.constantFrom('yyyy', 'EpochTime', "'"), fromFormat: fc.constantFrom(null, 'yyyy-MM-dd', 'yy', 'x', 'HH') });
const formatter = fc.oneof(
  { weight: 4, arbitrary: date },
  fc.constantFrom('Trim', 'Lowercase', 'Uppercase', 'Capitalize', 'RemoveHtml', 'MarkdownToHtml', 'HtmlToMarkdown', 'StripQuotedReply').map((type) => ({ type })),
  fc.record({ type: fc.constant('Truncate'), maxLength: fc.nat(3) }),
  fc.record({ type: fc.constant('Regex'), pattern: word }),
  fc.record({ type: fc.constant('ReplaceAll'), template: word, replacement: word, isRegex: fc.boolean() }),
  fc.record({ type: fc.constant('Split'), separator: word }),
  fc.record({ type: fc.constant('PadStart'), length: fc.nat(5), with: word }),
  fc.record({ type: fc.constant('Translate'), target: fc.constant('en') }),
);
const target = fc.constantFrom('a', 'A', 'x.y', 'constructor');
const mapping = fc.oneof(
  fc.record({ type: fc.constantFrom('Single', 'Append'), template, targetAttribute: target, sourceFormatters: fc.array(formatter, { maxLength: 2 }), defaultValue: fc.option(word) }),
  fc.record({ type: fc.constant('MultiValueToSingle'), sourceAttribute: name, targetAttribute: target, separator: word, elementTemplate: fc.option(template) }),
  fc.record({
    type: fc.constant('Table'), sources: fc.constant(['a', 'b']), targets: fc.constant(['t']), defaults: fc.option(fc.tuple(template)),
    rows: fc.array(fc.record({ when: fc.tuple(template, fc.constantFrom('x', { match: 'ANY' }, { match: 'NO_VALUE' })), then: fc.tuple(fc.option(template)) }), { maxLength: 3 }),
  }),
);
const counter = fc.record({ type: fc.constantFrom('CounterIncrement', 'CounterReset'), counterName: fc.constantFrom('n', 'sf:conversation:counter:N') });
const condition = fc.record({ attribute: name, operator: fc.constantFrom(...OPERATORS.map((entry) => entry.operator)), values: fc.array(template, { maxLength: 2 }) });
const delay = fc.oneof(
  fc.record({ type: fc.constant('Time'), seconds: fc.nat(100) }),
  fc.record({ type: fc.constant('ConversationAttribute'), attribute: fc.constant('a') }),
  fc.record({ type: fc.constant('TicketId'), endpoint: fc.constant('c_sys'), entityType: fc.constant('Issue') }),
);

/** Mostly none: rules that ask for much meet no message, and nothing is tried. */
const rarely = <T>(element: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.oneof({ weight: 4, arbitrary: fc.constant<T[]>([]) }, { weight: 1, arbitrary: fc.array(element, { minLength: 1, maxLength: 2 }) });

const document = fc
  .record({
    ruleId: fc.uuid(), name: fc.constantFrom('r', 'R', 's'), action: fc.constantFrom('ROUTE', 'ROUTE', 'ROUTE', 'ROUTE', 'ROUTE', 'ROUTE', 'PROCESS_ONLY', 'DROP'), priority: fc.integer({ min: -1, max: 1 }),
    targetCondition: fc.constantFrom(...TARGET_CONDITIONS, 'ALL', 'ALL', 'ALL'), iterate: fc.constantFrom(...ITERATIONS), iterateAttribute: name,
    targetSystemId: fc.constantFrom('vendorx_jira', 'c_sys', 'acme_snc'), enabled: fc.constantFrom(true, true, true, false),
    entityConditions: rarely(condition), conversationConditions: rarely(condition),
    delayConditions: rarely(delay), virtualAttributeMappings: fc.array(mapping, { maxLength: 1 }),
    mappings: fc.array(mapping, { maxLength: 3 }), conversationAttributeMappings: fc.array(fc.oneof(mapping, counter), { maxLength: 2 }),
    saveAttachmentsToConversation: fc.boolean(), attachmentRequired: fc.constantFrom(false, false, false, true),
    attachmentMapping: fc.option(fc.record({ mapAttachmentsFromSourceMessage: fc.boolean(), mapAttachmentsFromConversation: fc.boolean(), removeAttachmentsFromConversation: fc.boolean(), maxCount: fc.option(fc.nat(2)) })),
  })
  .map((given) => aRule(given));

const file = fc.record({ id: fc.constantFrom('f1', 'f2', 'f3'), name: fc.constantFrom('a.txt', 'b', '.c'), contentType: fc.constant('text/plain'), size: fc.nat(9) });
const message: fc.Arbitrary<Message> = fc.record({
  id: fc.constant('m'), endpoint: fc.constant('ACME_snc'), entityType: fc.constant('incident'), messageType: word, ticketId: fc.constantFrom('INC1', null),
  attributes, attachments: fc.array(file, { maxLength: 2 }), sender: fc.constantFrom(null, { id: 'ann' }), receivedAt: fc.constant(NOW),
  response: fc.constantFrom(null, null, null, null, { operation: 'CREATE', status: 'ERROR', httpStatus: null, error: 'x', ticketId: null } as const),
});
const ref = fc.record({ endpoint: fc.constantFrom('vendorx_jira', 'c_sys'), entityType: fc.constant('Issue') });
const conversation: fc.Arbitrary<Conversation> = fc.record({
  id: fc.constant('c'), attributes, counters: fc.dictionary(fc.constantFrom('n', 'm'), fc.maxSafeInteger(), { maxKeys: 2 }),
  ticketIds: fc.array(ref.map((entity) => ({ ...entity, ticketId: 'T' })), { maxLength: 1 }), pendingCreates: fc.array(ref, { maxLength: 1 }),
  delayed: rarely(ref.map((entity) => ({ ...entity, rule: 'r', creates: true, dueAt: null }))),
  attachments: fc.array(file.chain((kept) => fc.array(ref, { maxLength: 1 }).map((relayedTo) => ({ ...kept, relayedTo }))), { maxLength: 2 }),
  previous: fc.option(attributes),
});

function compilable(documents: readonly unknown[]): CompiledRule[] {
  return documents.flatMap((raw) => {
    const rule = compileRule(raw);
    return rule.ok ? [rule.value] : [];
  });
}

const world = [fc.array(document, { minLength: 3, maxLength: 6, size: 'max' }), message, conversation] as const;

describe('the worlds of these properties', () => {
  it('hold rules that run, wait, drop and fail', () => {
    const outcomes = new Map<string, number>();
    for (const [documents, inbound, known] of fc.sample(fc.tuple(...world), { numRuns: 500, seed: 7 })) {
      const { outcome } = evaluate(compileRuleSet(compilable(documents)), inbound, known, NOW);
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }
    for (const outcome of ['ROUTED', 'DELAYED', 'DROPPED', 'FAILED']) expect(outcomes.get(outcome) ?? 0).toBeGreaterThan(5);
  });
});

describe('evaluating', () => {
  it('never throws on documents that compile, and gives the same bytes for the same arguments', () => {
    fc.assert(
      fc.property(...world, (documents, inbound, known) => {
        const before = JSON.stringify([inbound, known]);
        const ruleSet = compileRuleSet(compilable(documents));
        const decision = evaluate(ruleSet, inbound, known, NOW);
        expect(JSON.stringify(evaluate(compileRuleSet(compilable(documents)), inbound, known, NOW))).toBe(JSON.stringify(decision));
        expect(JSON.stringify([inbound, known])).toBe(before);
        expect(explain(ruleSet, inbound, known, NOW).decision).toEqual(decision);
        for (const execution of decision.delayed) release(execution, ruleSet.ruleOf(execution.ruleId), inbound, known, NOW);
      }),
      { numRuns: 300 },
    );
  });

  it('is not changed by a rule that does not match', () => {
    const never = aRule({ ruleId: 'never', name: 'never', priority: 9, entityConditions: [{ attribute: 'a', operator: 'EQUALS', values: ['no such value'] }], mappings: [{ type: 'Single', template: 'x', targetAttribute: 'a' }] });
    fc.assert(
      fc.property(...world, (documents, inbound, known) => {
        const rules = compilable(documents);
        const { trace, ...without } = evaluate(compileRuleSet(rules), inbound, known, NOW);
        const { trace: traceWith, ...withRule } = evaluate(compileRuleSet([...rules, ...compilable([never])]), inbound, known, NOW);
        expect(withRule).toEqual(without);
        expect({ ...traceWith, misses: [], missCounts: {} }).toEqual({ ...trace, misses: [], missCounts: {} });
      }),
      { numRuns: 150 },
    );
  });

  it('makes at most one create per target, and none for a target that is seen', () => {
    fc.assert(
      fc.property(...world, (documents, inbound, known) => {
        const { outbound } = evaluate(compileRuleSet(compilable(documents)), inbound, known, NOW);
        const creates = outbound.filter((sent) => sent.operation === 'CREATE').map((sent) => sent.endpoint);
        expect(new Set(creates).size).toBe(creates.length);
        for (const { endpoint } of [...known.ticketIds, ...known.pendingCreates]) expect(creates).not.toContain(endpoint);
      }),
      { numRuns: 150 },
    );
  });

  it('leaves the memory alone unless it says what changed', () => {
    fc.assert(
      fc.property(...world, (documents, inbound, known) => {
        const { memory, changes } = evaluate(compileRuleSet(compilable(documents)), inbound, known, NOW);
        if (changes.length > 0) return;
        expect(memory.attributes).toBe(known.attributes);
        expect(memory.counters).toBe(known.counters);
      }),
      { numRuns: 150 },
    );
  });

  it('reads no clock: a moment that is none is 1970', () => {
    const ruleSet = aRuleSet(aRule({ mappings: [{ type: 'Single', template: '${sf:now}', targetAttribute: 'at' }] }));
    const at = (now: string | number): unknown => evaluate(ruleSet, { ...anInbound }, aConversation(), now).outbound[0]?.attributes['at'];
    expect(at('2026-11-20T14:00:00+02:00')).toBe(NOW);
    expect(at(Date.parse(NOW))).toBe(NOW);
    expect(at('noon')).toBe('1970-01-01T00:00:00.000Z');
    expect(at(Number.NaN)).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('compiling', () => {
  it('never throws, whatever the document is', () => {
    const junk = fc.record({ name: fc.anything(), mappings: fc.anything(), delayConditions: fc.anything(), entityConditions: fc.array(fc.anything()) });
    fc.assert(fc.property(fc.oneof(fc.anything(), junk, junk.map((given) => aRule(given))), (raw) => void compileRule(raw)), { numRuns: 500 });
  });
});

const anInbound: Message = {
  id: 'm', endpoint: 'acme_snc', entityType: 'incident', messageType: '', ticketId: 'INC1', attributes: {}, attachments: [], sender: null,
  receivedAt: NOW, response: null,
};
