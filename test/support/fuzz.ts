import { OPERATORS } from '../../src/core/rule/condition/operators.js';
import { ITERATIONS, TARGET_CONDITIONS } from '../../src/core/rule/document.js';

/** A source of chance that gives the same for the same seed. */
export class Chance {
  constructor(private state: number) {}

  /** From 0 up to, and without, 1 (mulberry32). */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  is(probability: number): boolean {
    return this.next() < probability;
  }

  of<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  list<T>(most: number, make: () => T): T[] {
    return Array.from({ length: this.below(most + 1) }, make);
  }
}

const ENDPOINTS = ['acme', 'ACME', 'vendor', 'third'] as const;
const ENTITY_TYPES = ['ticket', 'ticket', 'ticket', 'ticket', 'Ticket', 'ςTask'] as const;
const NAMES = ['a', 'A', 'b', 'c.d', 'list', 'html', 'date', 'constructor', 'ς'] as const;
const ODD_NAMES = ['__proto__', '', ' '] as const;
const READABLE: readonly string[] = [...NAMES, 'sf:conversation:a', 'sf:conversation:counter:n', 'sf:virtual:a', 'sf:now', 'sf:item', 'sf:item:f', 'sf:message:ticketId', 'sf:response:status', 'sf:ticketId:vendor:ticket', 'sf:nothing', 'sf:'];
const TEXTS = [
  '', ' ', '\u00a0', 'x', 'X y-z', '1', '-0', '1e400', '9007199254740993', '2026-11-20T12:00:00Z', '2026-02-30', '20.11.2026 14:05', 'ς', '😀', '\ud800', '\u0000', '$', '$$', '${', '${a', '$${a}', '}', '\\', '\\1', '$1', '(', ')', '[', '*', '(a+)+$', '^(a|a)*b$',
  '.*.*.*=', '(?i)x{1,50}', '<b>bold</b> &amp; &#x110000; &nbsp;', '<p><p><br><script>x</script>', '# *a* _b_ [c](d)', '> > >', 'On Friday Ann wrote:\n> old', 'a, b', '\n', 'a'.repeat(300), '{"a":1}', 'Infinity', 'NaN', 'true', 'null',
] as const;
/** Texts that may stand anywhere; the others are refused in some places, and come seldom. */
const NASTY: readonly string[] = ['${', '${a', '\u0000', '\ud800', '(', ')', '[', '*'];
const CLEAN: readonly string[] = TEXTS.filter((text) => !NASTY.includes(text));
const text = (chance: Chance): string => chance.of(chance.is(0.005) ? NASTY : CLEAN);
const PATTERNS = ['x', '(.)(.)?', '(a+)+$', '^(a|a)*b$', '.*.*.*=', '(?i)x{1,50}', '[^ ]+', '', '$', '\\d+', '(?P<n>\\w)'] as const;
const pattern = (chance: Chance): string => (chance.is(0.02) ? chance.of(TEXTS) : chance.of(PATTERNS));

const ZONES = [undefined, 'UTC', 'Europe/Helsinki', 'America/St_Johns', '+02:00'] as const;
const BAD_ZONES = ['Mars/Base', '+25:00', ''] as const;
const FORMATS: readonly unknown[] = ['yyyy', "yyyy-MM-dd'T'HH:mm:ssZZ", 'EpochTime', 'EpochTime_s', 'dd.MM.yyyy HH:mm', 'D', 'cccc'];
const BAD_FORMATS = ['qqq', "'", '', 3];

const readable = (chance: Chance): string => chance.of(chance.is(0.003) ? ODD_NAMES : READABLE);
const attributeName = (chance: Chance): string => chance.of(chance.is(0.003) ? ODD_NAMES : NAMES);

const scalar = (chance: Chance): unknown => chance.of<() => unknown>([() => text(chance), () => text(chance), () => chance.below(20) - 5, () => chance.next() * 1e9, () => chance.is(0.5), () => null])();
const flat = (chance: Chance): unknown => Object.fromEntries(chance.list(3, () => [chance.of(chance.is(0.02) ? ODD_NAMES : ['f', 'g', 'F']), scalar(chance)]));
/** Any JSON value, sometimes nested. */
export function anything(chance: Chance, depth = 3): unknown {
  if (depth === 0 || chance.is(0.6)) return scalar(chance);
  if (chance.is(0.5)) return chance.list(3, () => anything(chance, depth - 1));
  return Object.fromEntries(chance.list(3, () => [readable(chance), anything(chance, depth - 1)]));
}

const template = (chance: Chance): string => chance.list(3, () => (chance.is(0.6) ? `\${${readable(chance)}}` : text(chance))).join('');
const attributes = (chance: Chance): Record<string, unknown> => Object.fromEntries(chance.list(6, () => [attributeName(chance), chance.is(0.25) ? chance.list(3, () => (chance.is(0.3) ? flat(chance) : scalar(chance))) : anything(chance)]));

const FORMATTERS: readonly ((chance: Chance) => object)[] = [
  ...['Trim', 'Lowercase', 'Uppercase', 'Capitalize', 'RemoveHtml', 'HtmlToMarkdown', 'MarkdownToHtml', 'StripQuotedReply'].map((type) => () => ({ type })),
  (chance) => ({ type: 'Regex', pattern: pattern(chance), ...(chance.is(0.1) ? { group: chance.below(3) } : {}) }),
  (chance) => (chance.is(0.5) ? { type: 'ReplaceAll', template: pattern(chance), replacement: text(chance), isRegex: true } : { type: 'ReplaceAll', template: text(chance), replacement: text(chance) }),
  (chance) => ({ type: 'Truncate', maxLength: chance.below(5) }),
  (chance) => ({ type: 'Split', separator: text(chance) }),
  (chance) => ({ type: 'PadStart', length: chance.below(12), with: text(chance) }),
  (chance) => ({ type: 'Translate', target: 'en', source: chance.of([undefined, 'fi']) }),
  (chance) => ({ type: 'DateFormat', toFormat: chance.of(chance.is(0.03) ? BAD_FORMATS : FORMATS), ...(chance.is(0.5) ? { fromFormat: chance.of(FORMATS) } : {}), ...(chance.is(0.3) ? { fromTimeZone: chance.of(ZONES), toTimeZone: chance.of(chance.is(0.05) ? BAD_ZONES : ZONES) } : {}) }),
];

const cell = (chance: Chance): unknown => (chance.is(0.3) ? { match: chance.of(['ANY', 'NOT_BLANK', 'NO_VALUE']) } : template(chance));
const MAPPINGS: readonly ((chance: Chance) => object)[] = [
  (chance) => ({ type: chance.of(['Single', 'Append']), template: template(chance), targetAttribute: chance.of(['a', 'A', 'x.y', 'z', 'constructor']), sourceFormatters: chance.list(2, () => chance.of(FORMATTERS)(chance)), ...(chance.is(0.3) ? { defaultValue: text(chance) } : {}) }),
  (chance) => ({ type: 'MultiValueToSingle', sourceAttribute: readable(chance), targetAttribute: 'joined', separator: text(chance), ...(chance.is(0.5) ? { elementTemplate: template(chance) } : {}) }),
  (chance) => {
    const [sources, targets] = [chance.below(3), 1 + chance.below(2)];
    return {
      type: 'Table', sources: Array.from({ length: sources }, () => readable(chance)), targets: Array.from({ length: targets }, (_, i) => `t${i}`),
      rows: chance.list(3, () => ({ when: Array.from({ length: sources }, () => cell(chance)), then: Array.from({ length: targets }, () => (chance.is(0.2) ? null : template(chance))) })),
      ...(chance.is(0.5) ? { defaults: Array.from({ length: targets }, () => template(chance)) } : {}),
    };
  },
];
const counter = (chance: Chance): object => ({ type: chance.of(['CounterIncrement', 'CounterReset']), counterName: chance.of(['n', 'sf:conversation:counter:N', 'm']), ...(chance.is(0.3) ? { by: chance.below(5) } : {}) });
const mapping = (chance: Chance): object => chance.of(MAPPINGS)(chance);
const condition = (chance: Chance): object => ({ attribute: readable(chance), operator: chance.of(OPERATORS).operator, values: chance.list(2, () => template(chance)) });
const DELAYS: readonly ((chance: Chance) => object)[] = [
  (chance) => ({ type: 'Time', seconds: chance.below(100) }),
  (chance) => ({ type: 'ConversationAttribute', attribute: readable(chance), ...(chance.is(0.5) ? { operator: chance.of(OPERATORS).operator, values: chance.list(2, () => template(chance)) } : {}) }),
  (chance) => ({ type: 'TicketId', endpoint: chance.of(ENDPOINTS), entityType: chance.of(ENTITY_TYPES) }),
];
const rarely = <T>(chance: Chance, make: () => T): T[] => (chance.is(0.8) ? [] : chance.list(2, make));

/** A rule document, mostly a right one. */
export function randomRule(chance: Chance): unknown {
  const rule: Record<string, unknown> = {
    ruleId: chance.of(['', 'r1', 'r2', 'r3']), name: chance.of(['r', 'R', 's', 't']), version: chance.below(3), enabled: chance.is(0.95), action: chance.of(['ROUTE', 'ROUTE', 'ROUTE', 'ROUTE', 'ROUTE', 'ROUTE', 'PROCESS_ONLY', 'DROP']),
    priority: chance.below(3) - 1, sourceSystemId: chance.is(0.9) ? 'acme' : 'vendor', sourceEntityType: chance.is(0.9) ? 'ticket' : chance.of(ENTITY_TYPES), targetSystemId: chance.of(ENDPOINTS), targetEntityType: chance.of(ENTITY_TYPES),
    targetCondition: chance.of([...TARGET_CONDITIONS, 'ALL', 'ALL']), responseStatus: chance.of([null, null, 'SUCCESS', 'ERROR']), entityConditions: rarely(chance, () => condition(chance)), conversationConditions: rarely(chance, () => condition(chance)),
    attachmentRequired: chance.is(0.1), delayConditions: chance.is(0.6) ? [] : chance.list(2, () => chance.of(DELAYS)(chance)), virtualAttributeMappings: rarely(chance, () => mapping(chance)), mappings: chance.list(4, () => mapping(chance)),
    conversationAttributeMappings: chance.list(2, () => (chance.is(0.4) ? counter(chance) : mapping(chance))), iterate: chance.of([...ITERATIONS, 'NONE', 'NONE']), iterateAttribute: chance.of(['list', 'a']), saveAttachmentsToConversation: chance.is(0.3),
    attachmentMapping: chance.is(0.5) ? null : { mapAttachmentsFromSourceMessage: chance.is(0.5), mapAttachmentsFromConversation: chance.is(0.5), removeAttachmentsFromConversation: chance.is(0.3), maxCount: chance.of([null, 0, 1]), maxSizeBytes: chance.of([null, 5]), extensionBlacklist: chance.list(2, () => chance.of(chance.is(0.02) ? TEXTS : ['exe', '.TXT', 'c'])) },
    ...(chance.is(0.2) ? { timeoutSeconds: chance.below(100), onTimeout: chance.of(['ROUTE', 'CANCEL', 'FAIL']) } : {}),
  };
  return chance.is(0.1) ? damaged(chance, rule) : rule;
}

/** The document with something else at one place, wherever. */
function damaged(chance: Chance, node: unknown): unknown {
  if (typeof node !== 'object' || node === null || chance.is(0.2)) return anything(chance);
  const entries = Object.entries(node);
  if (entries.length === 0) return anything(chance);
  const at = chance.below(entries.length);
  const changed = entries.map(([key, value], i) => [key, i === at ? damaged(chance, value) : value] as const);
  return Array.isArray(node) ? changed.map(([, value]) => value) : Object.fromEntries(chance.is(0.1) ? changed.filter((_, i) => i !== at) : changed);
}

const file = (chance: Chance): object => ({ id: chance.of(['f1', 'f2', 'f3']), name: chance.of(['a.txt', 'b', '.c', 'd.EXE']), contentType: 'text/plain', size: chance.below(10) });
const place = (chance: Chance): object => ({ endpoint: chance.of(ENDPOINTS), entityType: chance.of(ENTITY_TYPES) });

/** A case file around some rules: a message and what its conversation holds; now and then damaged. */
export function randomCase(chance: Chance, rules: readonly unknown[]): unknown {
  const routingCase = {
    name: 'a case', rules, now: chance.of(['2026-11-20T12:00:00Z', '1970-01-01T00:00:00Z', '2026-11-20T14:00:00.123+02:00']),
    message: {
      endpoint: chance.of(['acme', 'Acme']), entityType: chance.is(0.95) ? 'ticket' : chance.of(ENTITY_TYPES), ticketId: chance.of(['T1', null, 7]), attributes: attributes(chance), attachments: chance.list(2, () => file(chance)), sender: chance.of([null, 'ann', { id: 'bob', name: 'Bob' }]),
      response: chance.is(0.75) ? null : { operation: chance.of(['CREATE', 'UPDATE']), status: chance.of(['SUCCESS', 'ERROR']), httpStatus: chance.of([null, 200, 423]), error: chance.of([null, 'locked']), ticketId: chance.of([null, 'V1']) },
    },
    conversation: {
      attributes: attributes(chance), counters: Object.fromEntries(chance.list(2, () => [chance.of(['n', 'm', 'N']), chance.of([0, 1, 10, Number.MAX_SAFE_INTEGER])])), ticketIds: chance.list(2, () => ({ ...place(chance), ticketId: 'T9' })), pendingCreates: chance.list(1, () => place(chance)),
      delayed: rarely(chance, () => ({ rule: chance.of(['r', 's']), ...place(chance) })), attachments: chance.list(2, () => ({ ...file(chance), relayedTo: chance.list(1, () => place(chance)) })), previous: chance.is(0.5) ? null : attributes(chance),
    },
    ...(chance.is(0.3) ? { known: [{ target: 'en', text: text(chance), translation: text(chance) }] } : {}),
    ...(chance.is(0.3) ? { expect: { outcome: 'ROUTED', outbound: anything(chance), delayed: anything(chance), conversation: anything(chance) } } : {}),
  };
  return chance.is(0.05) ? damaged(chance, routingCase) : routingCase;
}
