import type { Miss, Trace } from '../api/models';
import { conditionInWords, expectedInWords } from '../ui/operator-words';

/** A line of the answer to "why?": what a rule did or why it did nothing, for someone who never saw the code. */
export interface WhyLine {
  readonly ruleId: string;
  readonly rule: string;
  readonly ruleVersion: number;
  readonly sentence: string;
  readonly expected?: string;
  readonly actual?: string;
}

export interface Why {
  readonly summary: string;
  readonly did: readonly (WhyLine & { readonly kind: 'executed' | 'delayed' | 'failed' | 'dropped' })[];
  readonly misses: readonly WhyLine[];
  /** How many candidates did not apply, by reason, most frequent first. */
  readonly counts: readonly { readonly reason: string; readonly count: number }[];
}

const REASONS: Readonly<Record<Miss['reason'], string>> = {
  'message-kind': 'for the other kind of message',
  condition: 'a condition did not hold',
  attachment: 'no attachment',
  operation: 'wrong operation',
  outcome: 'for the other outcome',
};

/** Tells a trace in words. `state` is the message's, `reason` what the pipeline noted of it. */
export function why(trace: Trace | null | undefined, state: string, reason: string | null): Why {
  if (trace === null || trace === undefined) return { summary: withoutTrace(state, reason), did: [], misses: [], counts: [] };
  const did = [
    ...trace.dropped.map((rule) => ({ ...refOf(rule), kind: 'dropped' as const, sentence: 'matched and drops the message: no other rule is executed.' })),
    ...trace.executed.map((rule) => ({ ...refOf(rule), kind: 'executed' as const, sentence: 'matched and was executed.' })),
    ...trace.delayed.map((rule) => ({ ...refOf(rule), kind: 'delayed' as const, sentence: 'matched and waits for its delay.' })),
    ...trace.failed.map((rule) => ({ ...refOf(rule), kind: 'failed' as const, sentence: `matched but failed: ${rule.error}` })),
  ];
  const counts = Object.entries(trace.missCounts)
    .map(([key, count]) => ({ reason: REASONS[key as Miss['reason']] ?? key, count: Number(count) }))
    .filter(({ count }) => count > 0)
    .sort((one, other) => other.count - one.count);
  return { summary: summaryOf(trace, counts.reduce((sum, { count }) => sum + count, 0), state, reason), did, misses: trace.misses.map(missLine), counts };
}

function summaryOf(trace: Trace, missed: number, state: string, reason: string | null): string {
  if (trace.dropped.length > 0) return 'Dropped by a rule; nothing was sent.';
  const parts = [
    ...part(trace.executed.length, 'rule was executed', 'rules were executed'),
    ...part(trace.delayed.length, 'waits', 'wait'),
    ...part(trace.failed.length, 'failed', 'failed'),
  ];
  if (parts.length > 0) return `${parts.join(', ')}${missed > 0 ? `; ${String(missed)} did not apply` : ''}.`;
  if (missed > 0) return `No rule applied: ${missed === 1 ? 'the only candidate' : `all ${String(missed)} candidates`} did not match.`;
  return state === 'NO_ROUTE' ? 'No enabled rule has this endpoint and entity type as its source.' : withoutTrace(state, reason);
}

const part = (count: number, one: string, many: string): string[] => (count === 0 ? [] : [`${String(count)} ${count === 1 ? one : many}`]);

function withoutTrace(state: string, reason: string | null): string {
  switch (state) {
    case 'RECEIVED': return 'Accepted; the rules have not looked at it yet.';
    case 'ECHO': return 'This is our own change coming back from the target, so no rule was asked.';
    case 'FILTERED': return reason ?? 'The inbound filter of the endpoint refused it, so no rule was asked.';
    case 'DUPLICATE': return 'It was received before and is processed only once.';
    case 'FAILED': return reason ?? 'It could not be read, so no rule was asked.';
    default: return reason ?? 'No trace was kept of this message.';
  }
}

function missLine(miss: Miss): WhyLine {
  const values = { ...(miss.expected === null ? {} : { expected: expectedInWords(miss.detail, miss.expected) }), ...actualOf(miss) };
  return { ...refOf(miss), sentence: sentenceOf(miss), ...values };
}

/** In a condition no value means that the attribute is absent. */
function actualOf({ reason, actual }: Miss): { actual?: string } {
  if (actual !== null) return { actual: actual === '' ? 'blank' : actual };
  return reason === 'condition' ? { actual: 'absent' } : {};
}

function sentenceOf(miss: Miss): string {
  switch (miss.reason) {
    case 'message-kind': return 'is a rule for the other kind of message (normal or response).';
    case 'attachment': return 'wants an attachment, and the message has none.';
    case 'operation': return miss.detail || 'is for the other operation (create or update).';
    case 'outcome': return miss.detail || 'is for the other outcome of the delivery.';
    case 'condition': return `did not match: ${conditionInWords(miss.detail)}`;
  }
}

const refOf = ({ ruleId, rule, ruleVersion }: { ruleId: string; rule: string; ruleVersion: number }): Pick<WhyLine, 'ruleId' | 'rule' | 'ruleVersion'> => ({ ruleId, rule, ruleVersion });
