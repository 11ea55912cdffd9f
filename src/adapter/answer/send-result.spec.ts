import { describe, expect, it } from '@jest/globals';
import type { CallOutcome } from '../contract.js';
import { judgeCall, sendResult } from './send-result.js';
import { secretForms } from '../setting/secret-text.js';

const answered = (status: number, body: unknown = {}, headers: Record<string, string> = {}): CallOutcome =>
  ({ kind: 'answered', status, headers, body: Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)) });
const failed = (written: boolean, reason = 'cut'): CallOutcome => ({ kind: 'failed', reason, message: 'The connection was cut.', written });
const READING = { idempotent: false, secrets: [], ticketId: null, needsTicketId: false, nowMs: Date.parse('2026-11-20T10:00:00Z') };

describe('an answer is judged', () => {
  it.each([
    [[200, 201, 202, 204], 'success', 'success'],
    [[408, 425, 429, 503], 'retryable', 'retryable'],
    [[500, 502, 504], 'unknown', 'retryable'],
    [[401, 403], 'credentials', 'credentials'],
    [[300, 301, 302, 307, 308, 400, 404, 405, 409, 410, 412, 422, 423, 501, 505, 599], 'rejected', 'rejected'],
  ])('%j: %s, and %s where the target honours the key', (statuses, plain, idempotent) => {
    for (const status of statuses) {
      expect(judgeCall(answered(status), false, 0).outcome).toBe(plain);
      expect(judgeCall(answered(status), true, 0).outcome).toBe(idempotent);
    }
  });

  it('by whether the request may have arrived, where there is none', () => {
    expect(judgeCall(failed(false), false, 0)).toMatchObject({ outcome: 'retryable', endpointFault: true });
    expect(judgeCall(failed(true), false, 0)).toMatchObject({ outcome: 'unknown', endpointFault: true });
    expect(judgeCall(failed(true), true, 0)).toMatchObject({ outcome: 'retryable', endpointFault: true });
    expect(judgeCall(failed(true, 'aborted'), false, 0)).toMatchObject({ outcome: 'unknown', endpointFault: false });
    expect(judgeCall(failed(false, 'invalid-request'), false, 0)).toMatchObject({ outcome: 'rejected', endpointFault: false });
  });
});

describe('a result', () => {
  it('tells the target\'s own words, in one line and not too many', () => {
    expect(sendResult(answered(422, { error: { message: 'Priority\n is  wrong' } }), READING).error).toBe('The target answered 422: Priority is wrong');
    expect(sendResult(answered(422, { errors: ['no title'] }), READING).error).toBe('The target answered 422: no title');
    expect(sendResult(answered(400, '<html>Bad</html>'), READING)).toMatchObject({ error: 'The target answered 400.', answer: { body: '<html>Bad</html>' } });
    expect(sendResult(answered(400, { message: 'x'.repeat(5_000) }), READING).error?.length).toBeLessThan(350);
    expect(sendResult(answered(302, {}), READING).error).toContain('redirect');
  });

  it('obeys Retry-After in seconds and as a date by the target\'s own clock', () => {
    const retryAfter = (headers: Record<string, string>) => sendResult(answered(429, {}, headers), READING).retryAfterMs;
    expect(retryAfter({ 'retry-after': '7' })).toBe(7_000);
    expect(retryAfter({ 'retry-after': 'Fri, 20 Nov 2026 10:01:00 GMT' })).toBe(60_000);
    expect(retryAfter({ 'retry-after': 'Fri, 20 Nov 2026 09:31:00 GMT', date: 'Fri, 20 Nov 2026 09:30:00 GMT' })).toBe(60_000);
    expect(retryAfter({ 'retry-after': 'Fri, 20 Nov 2026 09:00:00 GMT' })).toBe(1_000);
    expect(retryAfter({ 'retry-after': 'soon' })).toBeNull();
    expect(retryAfter({})).toBeNull();
  });

  it('never shows a secret that the target sends back', () => {
    const secrets = secretForms(['pa"ss', 'user:pa"ss']);
    const rude = { message: `you said pa"ss and Basic ${Buffer.from('user:pa"ss').toString('base64')}` };
    const result = sendResult(answered(400, rude), { ...READING, secrets });
    const shown = JSON.stringify({ ...result, body: Buffer.from(result.body ?? []).toString() });
    for (const secret of secrets) expect(shown).not.toContain(JSON.stringify(secret).slice(1, -1));
    expect(result.error).toContain('***');
  });

  it('keeps at most 64 kB of the body', () => {
    expect(sendResult(answered(200, 'x'.repeat(100_000)), READING).body?.byteLength).toBe(65_536);
  });
});
