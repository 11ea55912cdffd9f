import { describe, expect, it } from '@jest/globals';
import { aRule, aRuleSet } from '../../../test/support/routing.js';
import type { NextStep } from '../../core/delivery/next-step.js';
import { organizationId } from '../../store/organization.js';
import type { DeliveryLane, QueuedDelivery } from '../../store/pipeline/lane.js';
import { newId } from '../../store/pipeline/uuid.js';
import type { Outbound, SendResult } from '../contract.js';
import { DELIVERY_DEFAULTS, type DeliverySettings } from '../setting/delivery-settings.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { attempt, condemned, givenBack, resultOf } from './lane-run.js';

const delivery = (seq: number, changes: Partial<QueuedDelivery> = {}): QueuedDelivery => ({
  id: newId(), seq, messageId: newId(), source: 'servicenow', entityType: 'Issue', operation: 'CREATE', ruleId: 'r', ruleVersion: 1, depth: 0, body: Buffer.from('{"messageType":"","attributes":{},"attachments":[]}'), attempts: 0,
  createdMs: 1_000, isUnknown: false, isOverruled: false, ...changes,
});
const lane: DeliveryLane = { organization: organizationId(newId()), conversation: newId(), endpoint: 'vendorx_jira', entityKey: 'issue', claim: 5n, crashCount: 1, lastSeq: 9, ticketId: null, deliveries: [] };
const answered = (changes: Partial<SendResult> = {}): SendResult => ({ outcome: 'success', httpStatus: 201, ticketId: 'VX-1', answer: { key: 'VX-1' }, error: null, retryAfterMs: null, endpointFault: false, body: null, ...changes });
const result = (one: QueuedDelivery, step: NextStep, { next = null as QueuedDelivery | null, send = answered(), rules = [] as object[] } = {}) =>
  resultOf(lane, { delivery: one, next }, { send, step, durationMs: 7 }, aRuleSet(...rules));

describe('what is written of an attempt', () => {
  it('that reached the target: the lane goes past it, with the ticket id of a create', () => {
    expect(result(delivery(3), { kind: 'sent' })).toMatchObject({ doneSeq: 3, release: true, blocked: null, delayMs: null, ticketId: 'VX-1', delivery: { state: 'SENT', attempts: 1, final: true }, attempt: { number: 1, outcome: 'success' }, next: null });
    expect(result(delivery(3, { operation: 'UPDATE' }), { kind: 'sent' })).toMatchObject({ ticketId: null });
  });

  it('with another delivery behind it: the lane is kept, and the next attempt begun', () => {
    const next = delivery(4, { attempts: 2 });
    expect(result(delivery(3), { kind: 'sent' }, { next })).toMatchObject({ release: false, doneSeq: 3, next: { deliveryId: next.id, number: 3 } });
    expect(result(delivery(3), { kind: 'dead', reason: 'no', blocked: null }, { next })).toMatchObject({ release: false, doneSeq: 3, delivery: { state: 'DEAD' } });
  });

  it('that is to be repeated: the lane waits before it, whatever stands behind', () => {
    expect(result(delivery(3, { attempts: 1 }), { kind: 'retry', afterMs: 500, reason: 'busy' }, { next: delivery(4) })).toMatchObject({ doneSeq: 2, release: true, delayMs: 500, next: null, delivery: { state: 'RETRYING', attempts: 2, error: 'busy', final: false } });
  });

  it('that stops the lane: it stays before it', () => {
    expect(result(delivery(3), { kind: 'dead', reason: 'no', blocked: 'DEAD_CREATE' }, { next: delivery(4) })).toMatchObject({ doneSeq: 2, release: true, blocked: 'DEAD_CREATE', next: null, delivery: { state: 'DEAD', final: true } });
    expect(result(delivery(3), { kind: 'hold', reason: 'who knows', blocked: 'UNKNOWN_OUTCOME' })).toMatchObject({ doneSeq: 2, blocked: 'UNKNOWN_OUTCOME', delivery: { state: 'HELD', final: false } });
    expect(result(delivery(3), { kind: 'pause', reason: '401' })).toMatchObject({ doneSeq: 2, release: true, delayMs: 2_000, delivery: { state: 'RETRYING' } });
  });

  it('cleans the target\'s words of what no column holds', () => {
    expect(result(delivery(3), { kind: 'dead', reason: `a\0b${'x'.repeat(3_000)}`, blocked: null })).toMatchObject({ delivery: { error: `ab${'x'.repeat(1_998)}` } });
  });

  it('has an answer only where a rule listens to it, one link deeper, and not without end', () => {
    const listens = [aRule({ sourceSystemId: 'vendorx_jira', sourceEntityType: 'Issue', targetCondition: 'RESPONSE_TO_CREATE', responseStatus: 'SUCCESS' })];
    expect(result(delivery(3), { kind: 'sent' }).response).toBeNull();
    expect(result(delivery(3, { depth: 2 }), { kind: 'sent' }, { rules: listens }).response).toMatchObject({ kind: 1, depth: 3, known: lane.conversation, ticketId: 'VX-1' });
    expect(result(delivery(3, { operation: 'UPDATE' }), { kind: 'sent' }, { rules: listens }).response).toBeNull();
    expect(result(delivery(3), { kind: 'dead', reason: 'no', blocked: null }, { rules: listens }).response).toBeNull();
    expect(result(delivery(3), { kind: 'retry', afterMs: 1, reason: 'busy' }, { rules: listens }).response).toBeNull();
    expect(result(delivery(3, { depth: 6 }), { kind: 'sent' }, { rules: listens }).response).toBeNull();
  });
});

describe('a lane that is given back', () => {
  it('says of its begun attempt that it was not made', () => {
    expect(givenBack(lane, delivery(3, { attempts: 2 }))).toMatchObject({ doneSeq: 2, release: true, delivery: null, attempt: { number: 3, outcome: 'NOT_SENT' } });
  });

  it('leaves an attempt that was cut short as unknown as it is', () => {
    expect(givenBack(lane, delivery(3, { isUnknown: true }))).toMatchObject({ doneSeq: 2, attempt: null });
  });

  it('without deliveries is done up to where it was claimed', () => {
    expect(givenBack(lane, undefined)).toMatchObject({ doneSeq: 9, attempt: null });
  });

  it('is held where it seems to end whoever takes it', () => {
    expect(condemned(lane, delivery(3), 'ended the process')).toMatchObject({ doneSeq: 2, release: true, blocked: 'UNKNOWN_OUTCOME', delivery: { state: 'HELD', attempts: 1 }, attempt: { outcome: 'unknown' } });
  });
});

describe('an attempt', () => {
  const make = (one: QueuedDelivery, outbound: Partial<Outbound>, settings: Partial<DeliverySettings> = {}) => {
    const calls: string[] = [];
    const faults: unknown[] = [];
    const endpoint = {
      id: 'vendorx_jira', delivery: { ...DELIVERY_DEFAULTS, ...settings },
      adapter: { outbound: {
        canLookUp: () => outbound.lookup !== undefined, isIdempotent: () => false, ...outbound,
        send: (...args: Parameters<Outbound['send']>) => { calls.push('send'); return outbound.send?.(...args) ?? Promise.resolve(answered()); },
        ...(outbound.lookup === undefined ? {} : { lookup: (...args: Parameters<NonNullable<Outbound['lookup']>>) => { calls.push('lookup'); return outbound.lookup!(...args); } }),
      } },
    } as unknown as LiveEndpoint;
    const made = attempt(lane, one, one.operation === 'UPDATE' ? 'VX-1' : null, { endpoint, nowMs: 1_000, http: {} as never, signal: new AbortController().signal, attachments: [], onFault: (error) => faults.push(error) });
    return made.then((done) => ({ ...done, calls, faults }));
  };

  it('after one that was cut short looks up first, and sends only what certainly is not there', async () => {
    expect(await make(delivery(1, { isUnknown: true }), { lookup: () => Promise.resolve({ found: 'VX-9' }) })).toMatchObject({ calls: ['lookup'], step: { kind: 'sent' }, send: { ticketId: 'VX-9' } });
    expect(await make(delivery(1, { isUnknown: true }), { lookup: () => Promise.resolve({ found: null }) })).toMatchObject({ calls: ['lookup', 'send'], step: { kind: 'sent' } });
    expect(await make(delivery(1, { isUnknown: true }), { lookup: () => Promise.resolve({ failed: answered({ outcome: 'rejected', error: 'no' }) }) })).toMatchObject({ calls: ['lookup'], step: { kind: 'retry' } });
  });

  it('after one that was cut short is held where nothing can tell, sent again where that is wanted or does no harm', async () => {
    expect(await make(delivery(1, { isUnknown: true }), {})).toMatchObject({ calls: [], step: { kind: 'hold' } });
    expect(await make(delivery(1, { isUnknown: true }), {}, { onUnknown: 'resend' })).toMatchObject({ calls: ['send'] });
    expect(await make(delivery(1, { isUnknown: true }), { isIdempotent: () => true })).toMatchObject({ calls: ['send'] });
  });

  it('after one that an operator overruled looks up first, too, and sends what nothing can tell', async () => {
    const overruled = delivery(1, { isOverruled: true });
    expect(await make(overruled, { lookup: () => Promise.resolve({ found: 'VX-9' }) })).toMatchObject({ calls: ['lookup'], step: { kind: 'sent' }, send: { ticketId: 'VX-9' } });
    expect(await make(overruled, { lookup: () => Promise.resolve({ failed: answered({ outcome: 'retryable', error: 'busy' }) }) })).toMatchObject({ calls: ['lookup'], step: { kind: 'retry' } });
    expect(await make(overruled, { lookup: () => Promise.resolve({ failed: answered({ outcome: 'rejected', error: 'no' }) }) })).toMatchObject({ calls: ['lookup', 'send'], step: { kind: 'sent' } });
    expect(await make(overruled, {})).toMatchObject({ calls: ['send'], step: { kind: 'sent' } });
    expect(await make(delivery(1, { isOverruled: true, isUnknown: true }), {})).toMatchObject({ calls: [], step: { kind: 'hold' } });
  });

  it('of an update is never looked up: that finds creates', async () => {
    expect(await make(delivery(2, { operation: 'UPDATE', isUnknown: true }), { lookup: () => Promise.resolve({ found: 'VX-9' }) })).toMatchObject({ calls: [], step: { kind: 'hold' } });
  });

  it('whose adapter throws is of unknown outcome, and the fault is told', async () => {
    expect(await make(delivery(1), { send: () => Promise.reject(new Error('a fault of ours')) })).toMatchObject({ step: { kind: 'hold' }, faults: [expect.any(Error)] });
  });

  it('of an update without a ticket id is refused', async () => {
    const none = await attempt(lane, delivery(2, { operation: 'UPDATE' }), null, { endpoint: { delivery: DELIVERY_DEFAULTS, adapter: { outbound: { canLookUp: () => false } } } as unknown as LiveEndpoint, nowMs: 1_000, http: {} as never, signal: new AbortController().signal, attachments: [], onFault: () => undefined });
    expect(none.step).toMatchObject({ kind: 'dead', blocked: null });
  });
});
