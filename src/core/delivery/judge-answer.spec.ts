import { describe, expect, it } from '@jest/globals';
import { judgeAnswer } from './judge-answer.js';
import { retryAfterMs } from './retry-after.js';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const answered = (status: number, retryAfter: string | null = null, idempotent = false): unknown =>
  judgeAnswer({ kind: 'answered', status, retryAfter }, idempotent, NOW);

describe('an answer', () => {
  it.each([[200], [201], [204], [299]])('%d is sent', (status) => expect(answered(status)).toEqual({ outcome: 'SENT' }));

  it.each([[408], [425], [429], [503]])('%d may be tried again', (status) => expect(answered(status)).toMatchObject({ outcome: 'RETRY' }));

  it.each([[500], [502], [504]])('%d leaves open what happened, unless a repeat does no harm', (status) => {
    expect(answered(status)).toEqual({ outcome: 'UNKNOWN', notBeforeMs: null, blamesEndpoint: true });
    expect(answered(status, null, true)).toMatchObject({ outcome: 'RETRY', blamesEndpoint: true });
  });

  it.each([[401], [403]])('%d is about who we are', (status) => expect(answered(status, '5', true)).toEqual({ outcome: 'CREDENTIALS' }));

  it.each([[100], [301], [304], [400], [404], [409], [422], [423], [501], [505], [507]])('%d is rejected', (status) =>
    expect(answered(status, '5', true)).toEqual({ outcome: 'REJECTED' }),
  );

  it('speaks against the endpoint where the whole of it is meant', () => {
    expect(answered(503)).toMatchObject({ blamesEndpoint: true });
    expect(answered(429, '7')).toEqual({ outcome: 'RETRY', notBeforeMs: 7_000, blamesEndpoint: true });
    expect(answered(429)).toEqual({ outcome: 'RETRY', notBeforeMs: null, blamesEndpoint: false });
    expect(answered(408)).toMatchObject({ blamesEndpoint: false });
  });
});

describe('a call without answer', () => {
  it('may be tried again where nothing was written', () => {
    expect(judgeAnswer({ kind: 'failed', written: false }, false, NOW)).toMatchObject({ outcome: 'RETRY', blamesEndpoint: true });
  });

  it('is unknown once something was, unless a repeat does no harm', () => {
    expect(judgeAnswer({ kind: 'failed', written: true }, false, NOW)).toMatchObject({ outcome: 'UNKNOWN' });
    expect(judgeAnswer({ kind: 'failed', written: true }, true, NOW)).toMatchObject({ outcome: 'RETRY' });
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000], ['0', 1_000], ['1.5', 1_500], ['999999', 3_600_000], [' 2 ', 2_000],
    ['Fri, 20 Nov 2026 12:00:30 GMT', 30_000], ['Fri, 20 Nov 2026 11:00:00 GMT', 1_000], ['Sat, 21 Nov 2026 12:00:00 GMT', 3_600_000],
    ['Friday, 20-Nov-26 12:01:00 GMT', 60_000], ['soon', null], ['', null], ['-5', 1_000], ['-0.5', 1_000], ['+3', 3_000], ['2.', 2_000], ['2026-11-20T12:00:30Z', null],
    ['0.0001', 1_000], ['3.000001', 3_001], ['315360000', 3_600_000], ['9'.repeat(400), 3_600_000], [`0.${'0'.repeat(400)}1`, 1_000],
    ['Fri Nov 20 12:00:30 2026', 30_000], ['Thu, 01 Jan 1970 00:00:00 GMT', 1_000], ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600_000], ['Fri, 99 Nov 2026 12:00:30 GMT', null],
    ['1e9', null], ['0x10', null], ['NaN', null], ['Infinity', null], ['5 s', null], ['5, 6', null], ['٣', null],
  ])('%j is %j ms', (header, ms) => expect(retryAfterMs(header, NOW)).toBe(ms));
});
