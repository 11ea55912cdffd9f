import { type Draft, canonical, isDraft, listAt, textAt } from './document-edit';

/** One message that would be sent. */
export interface SentMessage {
  readonly key: string;
  readonly title: string;
  readonly rule: string;
  readonly endpoint: string;
  readonly entityType: string;
  readonly messageType: string;
  readonly operation: string;
  readonly attributes: Draft;
  readonly attachments: readonly string[];
}

export interface ComparedRow {
  readonly name: string;
  /** As text; undefined where it is not sent. */
  readonly current: string | undefined;
  readonly draft: string | undefined;
}

/** A message of one side or both. */
export interface ComparedMessage {
  readonly title: string;
  readonly endpoint: string;
  readonly current: SentMessage | undefined;
  readonly draft: SentMessage | undefined;
  readonly rows: readonly ComparedRow[];
  readonly differs: boolean;
}

/** What two decisions send, side by side: messages to one target are paired in order. */
export function compareSent(current: Draft, draft: Draft): readonly ComparedMessage[] {
  const sides = [sentBy(current), sentBy(draft)] as const;
  const keys = [...new Set([...sides[0], ...sides[1]].map((message) => message.key))];
  return keys.map((key) => {
    const [one, other] = sides.map((side) => side.find((message) => message.key === key));
    const rows = rowsOf(one?.attributes, other?.attributes);
    const title = one?.title ?? other?.title ?? '';
    return {
      title: one !== undefined && other !== undefined && one.title !== other.title ? `${one.title} → ${other.title}` : title, endpoint: key.split('\n')[0] ?? '', current: one, draft: other, rows,
      differs: one === undefined || other === undefined || one.title !== other.title || rows.some((row) => row.current !== row.draft) || canonical(one.attachments) !== canonical(other.attachments),
    };
  });
}

/** Whether two decisions come to the same: outcome, what is sent, what waits, what is remembered. */
export function sameDecision(current: Draft, draft: Draft): boolean {
  const effect = (decision: Draft): string => canonical({ outcome: decision['outcome'], outbound: listAt(decision, '/outbound').filter(isDraft).map(({ rule: _name, ...sent }) => sent), delayed: listAt(decision, '/delayed').filter(isDraft).map(({ rule: _name, ...waits }) => waits), conversation: decision['conversation'] });
  return effect(current) === effect(draft);
}

/** What the conversation remembers afterwards, side by side; only what differs or is there at all. */
export function compareMemory(current: Draft, draft: Draft): readonly ComparedRow[] {
  const memoryOf = (decision: Draft): Draft => {
    const conversation = isDraft(decision['conversation']) ? decision['conversation'] : {};
    const counters = isDraft(conversation['counters']) ? conversation['counters'] : {};
    return { ...(isDraft(conversation['attributes']) ? conversation['attributes'] : {}), ...Object.fromEntries(Object.entries(counters).map(([name, value]) => [`counter:${name}`, value])) };
  };
  return rowsOf(memoryOf(current), memoryOf(draft));
}

/** The id of the ticket at a target, as the conversation of a case knows it. */
export function ticketIdAt(routingCase: Draft | undefined, endpoint: string, entityType: string): string | undefined {
  const known = listAt(routingCase, '/conversation/ticketIds').filter(isDraft).find((one) => sameName(textAt(one, '/endpoint'), endpoint) && sameName(textAt(one, '/entityType'), entityType));
  return known === undefined ? undefined : textAt(known, '/ticketId');
}

/** Why a rule took no part, in the words of the trace; undefined where it did or was never near. */
export function missOf(decision: Draft, { ruleId, name }: { readonly ruleId: string; readonly name: string }): { readonly detail: string; readonly expected: string; readonly actual: string } | undefined {
  const miss = listAt(decision, '/trace/misses').filter(isDraft).find((one) => (ruleId === '' ? textAt(one, '/rule').toLowerCase() === name.toLowerCase() : one['ruleId'] === ruleId));
  return miss === undefined ? undefined : { detail: textAt(miss, '/detail'), expected: textAt(miss, '/expected'), actual: textAt(miss, '/actual') };
}

/** Dotted names as the nested JSON that adapters are given; a name whose step is a value already stays whole. */
export function nested(attributes: Draft): Draft {
  const root: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(attributes)) {
    const steps = name.split('.');
    const isWhole = steps.some((step) => step === '' || step === '__proto__') || steps.slice(0, -1).some((_, at) => Object.hasOwn(attributes, steps.slice(0, at + 1).join('.')));
    if (isWhole) root[name] = value;
    else {
      const parent = steps.slice(0, -1).reduce<Record<string, unknown>>((object, step) => (object[step] ??= {}) as Record<string, unknown>, root);
      parent[steps.at(-1) ?? name] = value;
    }
  }
  return root;
}

function sentBy(decision: Draft): readonly SentMessage[] {
  const counts = new Map<string, number>();
  return listAt(decision, '/outbound').filter(isDraft).map((sent) => {
    const target = `${textAt(sent, '/endpoint')}\n${textAt(sent, '/entityType')}`;
    const place = counts.get(target) ?? 0;
    counts.set(target, place + 1);
    const messageType = textAt(sent, '/messageType');
    return {
      key: `${target}\n${String(place)}`, title: `${textAt(sent, '/operation').toLowerCase()} ${textAt(sent, '/entityType')}${messageType === '' ? '' : ` (${messageType})`}`,
      rule: textAt(sent, '/rule'), endpoint: textAt(sent, '/endpoint'), entityType: textAt(sent, '/entityType'), messageType, operation: textAt(sent, '/operation'), attributes: isDraft(sent['attributes']) ? sent['attributes'] : {}, attachments: listAt(sent, '/attachments').map(String),
    };
  });
}

function rowsOf(current: Draft = {}, draft: Draft = {}): readonly ComparedRow[] {
  const names = [...new Set([...Object.keys(current), ...Object.keys(draft)])];
  return names.map((name) => ({ name, current: printed(current[name]), draft: printed(draft[name]) }));
}

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();
const printed = (value: unknown): string | undefined => (value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value));
