import { describe, expect, it } from 'vitest';
import type { MessageDetail } from '../api/models';
import { retryMeaning } from './retry-meaning';

type Given = Parameters<typeof retryMeaning>[0];
const failed = (more: Partial<Given>): Given => ({ state: 'FAILED', conversationId: 'c', trace: null, ...more }) as Given;
const traceOf = (...rules: string[]): MessageDetail['trace'] => ({ failed: rules.map((rule) => ({ rule })) }) as unknown as MessageDetail['trace'];

describe('what trying a failed message again does', () => {
  it('reads the request again where it could not be read', () => {
    expect(retryMeaning(failed({ conversationId: null }))).toMatch(/reads the kept request once more/);
  });

  it('names the rules that failed, each once, and repeats nothing that was sent', () => {
    const meaning = retryMeaning(failed({ trace: traceOf('To B', 'To B', 'To C') }));
    expect(meaning).toContain('(To B, To C)');
    expect(meaning).toMatch(/not sent again/);
  });

  it('routes anew where no rule was executed', () => {
    expect(retryMeaning(failed({ trace: traceOf() }))).toMatch(/routes it anew/);
  });

  it('says nothing of a message that has not failed', () => {
    expect(retryMeaning(failed({ state: 'ROUTED' }))).toBeUndefined();
  });
});
