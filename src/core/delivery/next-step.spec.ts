import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BACKOFF } from './backoff.js';
import { nextStep, type AttemptedDelivery, type AttemptEnd } from './next-step.js';

const update: AttemptedDelivery = { operation: 'UPDATE', attempt: 1, ageMs: 0, canLookUp: false, onUnknown: 'hold', onDeadUpdate: 'continue', backoff: DEFAULT_BACKOFF, random: 0.5 };
const create: AttemptedDelivery = { ...update, operation: 'CREATE' };
const end = (outcome: AttemptEnd['outcome'], retryAfterMs: number | null = null): AttemptEnd => ({ outcome, retryAfterMs, error: outcome === 'success' ? null : 'why' });

describe('the next step of a lane', () => {
  it('is done after a success', () => {
    expect(nextStep(end('success'), create)).toEqual({ kind: 'sent' });
  });

  it('is a retry within the pause of the attempt', () => {
    expect(nextStep(end('retryable'), update)).toEqual({ kind: 'retry', afterMs: 500, reason: 'why' });
    expect(nextStep(end('retryable'), { ...update, attempt: 3 })).toMatchObject({ afterMs: 2_000 });
  });

  it('is never earlier than the target wished, at least a second, at most an hour', () => {
    expect(nextStep(end('retryable', 7_000), update)).toMatchObject({ afterMs: 7_000 });
    expect(nextStep(end('retryable', 0), { ...update, random: 0 })).toMatchObject({ afterMs: 1_000 });
    expect(nextStep(end('retryable', 315_360_000_000), update)).toMatchObject({ afterMs: 3_600_000 });
  });

  it('gives up by age, not by count', () => {
    expect(nextStep(end('retryable'), { ...update, attempt: 5_000 })).toMatchObject({ kind: 'retry' });
    expect(nextStep(end('retryable'), { ...update, ageMs: DEFAULT_BACKOFF.giveUpAfterMs })).toMatchObject({ kind: 'dead', blocked: null });
  });

  it('stops the lane when a create dies, not when an update does', () => {
    expect(nextStep(end('rejected'), create)).toEqual({ kind: 'dead', reason: 'why', blocked: 'DEAD_CREATE' });
    expect(nextStep(end('rejected'), update)).toEqual({ kind: 'dead', reason: 'why', blocked: null });
    expect(nextStep(end('rejected'), { ...update, onDeadUpdate: 'hold' })).toMatchObject({ kind: 'dead', blocked: 'DEAD_UPDATE' });
  });

  it('holds what nobody knows the outcome of, unless it can be looked up or may be sent again', () => {
    expect(nextStep(end('unknown'), create)).toMatchObject({ kind: 'hold', blocked: 'UNKNOWN_OUTCOME' });
    expect(nextStep(end('unknown'), { ...create, canLookUp: true })).toMatchObject({ kind: 'retry' });
    expect(nextStep(end('unknown'), { ...create, onUnknown: 'resend' })).toMatchObject({ kind: 'retry' });
  });

  it('pauses when the endpoint refuses our credentials', () => {
    expect(nextStep(end('credentials'), update)).toEqual({ kind: 'pause', reason: 'why' });
  });
});
