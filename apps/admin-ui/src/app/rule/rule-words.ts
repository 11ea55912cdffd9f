import { operatorWords } from '../ui/operator-words';

/** A rule document as the API gives it; what it may hold is read with care, since older files leave things out. */
export type RuleDocument = Readonly<Record<string, unknown>>;

export interface RuleWords {
  /** When it applies, each entry one thing that must hold. */
  readonly when: readonly string[];
  /** What it waits for, if anything. */
  readonly waits: readonly string[];
  /** What it does, in order. */
  readonly does: readonly string[];
  readonly mappings: readonly MappingWords[];
}

/** A line of the mapping table. */
export interface MappingWords {
  readonly list: 'virtual' | 'outbound' | 'conversation';
  readonly target: string;
  readonly from: string;
  readonly how: string;
}

/** What an endpoint is called; its id where no name is known. */
export type NameOf = (endpoint: string) => string;

/** Tells a rule document in words, without naming its keys. */
export function ruleWords(rule: RuleDocument, nameOf: NameOf = (endpoint) => endpoint): RuleWords {
  return { when: whenWords(rule, nameOf), waits: listOf(rule['delayConditions']).map((delay) => delayWords(delay, nameOf)), does: doesWords(rule, nameOf), mappings: mappingWords(rule) };
}

/** Where a rule leads, in a few words: `creates`, `updates`, `drops`, … */
export function verbOf(rule: RuleDocument): string {
  if (rule['action'] === 'DROP') return 'drops';
  if (rule['action'] === 'PROCESS_ONLY') return 'remembers only';
  switch (rule['targetCondition']) {
    case 'CREATE': return 'creates';
    case 'UPDATE': return 'updates';
    case 'RESPONSE_TO_CREATE': return answerVerb(rule, 'create');
    case 'RESPONSE_TO_UPDATE': return answerVerb(rule, 'update');
    default: return 'creates or updates';
  }
}

/** One condition in words: `priority is 1 or 2`. */
export function conditionWords(condition: RuleDocument): string {
  const operator = textOf(condition['operator']);
  const values = listOfText(condition['values']);
  const joiner = operator.startsWith('NOT_') ? ' nor ' : ' or ';
  return [attributeWords(textOf(condition['attribute'])), operatorWords(operator), values.map(quoted).join(joiner)].filter((part) => part !== '').join(' ');
}

function whenWords(rule: RuleDocument, nameOf: NameOf): string[] {
  const source = nameOf(textOf(rule['sourceSystemId']));
  const type = textOf(rule['sourceEntityType']);
  const condition = textOf(rule['targetCondition']);
  const status = rule['responseStatus'] === 'SUCCESS' ? ' and it was accepted' : rule['responseStatus'] === 'ERROR' ? ' and it failed' : '';
  const kind = condition === 'RESPONSE_TO_CREATE' ? `${source} answered a create (${type})${status}`
    : condition === 'RESPONSE_TO_UPDATE' ? `${source} answered an update (${type})${status}`
      : `a message from ${source} arrives (${type})`;
  return [
    kind,
    ...(condition === 'CREATE' ? ['the conversation has no ticket at the target yet'] : condition === 'UPDATE' ? ['the conversation has a ticket at the target'] : []),
    ...listOf(rule['entityConditions']).map(conditionWords),
    ...listOf(rule['conversationConditions']).map((one) => `in the conversation, ${conditionWords(one)}`),
    ...(rule['attachmentRequired'] === true ? ['the message has an attachment'] : []),
  ];
}

function doesWords(rule: RuleDocument, nameOf: NameOf): string[] {
  if (rule['action'] === 'DROP') return ['drops the message: nothing else happens, whatever other rules say'];
  const target = `${textOf(rule['targetEntityType'])} at ${nameOf(textOf(rule['targetSystemId']))}`;
  const condition = textOf(rule['targetCondition']) || 'ALL';
  const each = rule['iterate'] === 'BY_ATTACHMENT' ? ', one for each attachment' : rule['iterate'] === 'BY_VALUE' ? `, one for each value of ${textOf(rule['iterateAttribute'])}` : '';
  const sends = rule['action'] === 'PROCESS_ONLY' ? 'sends nothing, only remembers'
    : condition === 'CREATE' ? `creates ${target}${each}`
      : condition === 'UPDATE' ? `updates ${target}${each}`
        : condition === 'ALL' ? `creates ${target}, or updates it when the conversation has one${each}` : `updates ${target}, or creates it when the conversation has none${each}`;
  const count = listOf(rule['mappings']).length;
  return [
    sends,
    ...(count > 0 ? [`fills in ${String(count)} ${count === 1 ? 'attribute' : 'attributes'}`] : []),
    ...attachmentWords(rule),
  ];
}

function attachmentWords(rule: RuleDocument): string[] {
  const mapping = isDocument(rule['attachmentMapping']) ? rule['attachmentMapping'] : {};
  const blocked = listOfText(mapping['extensionBlacklist']);
  return [
    ...(mapping['mapAttachmentsFromSourceMessage'] === true ? [`sends the attachments of the message${blocked.length > 0 ? `, except .${blocked.join(', .')}` : ''}`] : []),
    ...(mapping['mapAttachmentsFromConversation'] === true ? ['sends attachments that the conversation keeps and the target has not had'] : []),
    ...(rule['saveAttachmentsToConversation'] === true ? ['keeps the attachments in the conversation'] : []),
  ];
}

function delayWords(delay: RuleDocument, nameOf: NameOf): string {
  switch (delay['type']) {
    case 'Time': return `${String(delay['seconds'])} seconds have passed`;
    case 'ConversationAttribute': return `in the conversation, ${conditionWords({ ...delay, operator: delay['operator'] ?? 'NOT_BLANK' })}`;
    case 'TicketId': return `the ticket id of ${textOf(delay['entityType'])} at ${nameOf(textOf(delay['endpoint']))} is known`;
    default: return textOf(delay['type']);
  }
}

function mappingWords(rule: RuleDocument): MappingWords[] {
  const lists = [['virtual', 'virtualAttributeMappings'], ['outbound', 'mappings'], ['conversation', 'conversationAttributeMappings']] as const;
  return lists.flatMap(([list, key]) => listOf(rule[key]).map((mapping) => ({ list, ...oneMapping(mapping) })));
}

/** How one mapping makes its value, in a few words. */
export const mappingHow = (mapping: RuleDocument): string => oneMapping(mapping).how;

function oneMapping(mapping: RuleDocument): Omit<MappingWords, 'list'> {
  const formatters = listOf(mapping['sourceFormatters']).map(formatterWords);
  switch (mapping['type']) {
    case 'Table': {
      const rows = Array.isArray(mapping['rows']) ? mapping['rows'].length : 0;
      return { target: listOfText(mapping['targets']).join(', '), from: listOfText(mapping['sources']).join(', '), how: `table of ${String(rows)} ${rows === 1 ? 'row' : 'rows'}${mapping['defaults'] == null ? '' : ', with defaults'}` };
    }
    case 'MultiValueToSingle': return { target: textOf(mapping['targetAttribute']), from: textOf(mapping['sourceAttribute']), how: 'joins its values' };
    case 'CounterIncrement': return { target: textOf(mapping['counterName']), from: '', how: `adds ${String(mapping['by'] ?? 1)}` };
    case 'CounterReset': return { target: textOf(mapping['counterName']), from: '', how: 'sets to 0' };
    default: {
      const template = textOf(mapping['template']);
      const base = mapping['type'] === 'Append' ? 'appends' : /^\$\{[^}]+\}$/.test(template) ? 'copies' : template.includes('${') ? 'fills in' : 'always this';
      const fallback = mapping['defaultValue'] == null ? [] : [`or “${textOf(mapping['defaultValue'])}”`];
      return { target: textOf(mapping['targetAttribute']), from: template, how: [base, ...formatters, ...fallback].join(', ') };
    }
  }
}

function formatterWords(formatter: RuleDocument): string {
  switch (formatter['type']) {
    case 'Truncate': return `at most ${String(formatter['maxLength'])} characters`;
    case 'Regex': return `the part that matches ${textOf(formatter['pattern'])}`;
    case 'ReplaceAll': return `“${textOf(formatter['template'])}” replaced by “${textOf(formatter['replacement'])}”`;
    case 'DateFormat': return `date as ${textOf(formatter['toFormat'])}${formatter['toTimeZone'] == null ? '' : ` in ${textOf(formatter['toTimeZone'])}`}`;
    case 'RemoveHtml': return 'without HTML';
    case 'HtmlToMarkdown': return 'HTML to Markdown';
    case 'MarkdownToHtml': return 'Markdown to HTML';
    case 'StripQuotedReply': return 'without the quoted reply';
    case 'Translate': return `translated to ${textOf(formatter['target'])}`;
    case 'Split': return `split at “${textOf(formatter['separator'])}”`;
    default: return textOf(formatter['type']).toLowerCase();
  }
}

const answerVerb = (rule: RuleDocument, operation: string): string => `on ${rule['responseStatus'] === 'ERROR' ? 'failed' : rule['responseStatus'] === 'SUCCESS' ? 'accepted' : 'answered'} ${operation}`;
const isDocument = (value: unknown): value is RuleDocument => typeof value === 'object' && value !== null && !Array.isArray(value);
const listOf = (value: unknown): readonly RuleDocument[] => (Array.isArray(value) ? value.filter(isDocument) : []);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '');
const listOfText = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(textOf) : []);
const quoted = (value: string): string => (value === '' ? 'blank' : value.includes('${') || /^-?\d+(\.\d+)?$/.test(value) ? value : `“${value}”`);
const attributeWords = (name: string): string => name.replace(/^(?:sf:conversation:)?counter:/i, 'the counter ').replace(/^sf:conversation:/i, 'remembered ');
