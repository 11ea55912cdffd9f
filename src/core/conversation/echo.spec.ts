import { describe, expect, it } from '@jest/globals';
import { type EchoFacts, type EchoSettings, findEcho, type SentDelivery } from './echo.js';

const update: SentDelivery = { id: 'd1', operation: 'UPDATE', beganMs: 100_000, attributes: { state: 'closed', note: 'done' }, attachments: [{ name: 'a.txt', size: 5 }] };

const facts = (given: Partial<EchoFacts> = {}, attributes: EchoFacts['message']['attributes'] = { state: 'Closed', number: 'INC1' }): EchoFacts => ({
  message: { attributes, attachments: [], sender: null }, receivedMs: 101_000, previous: { state: 'open', number: 'INC1' },
  lastReceivedMs: null, deliveries: [update], ...given,
});

const byValue: EchoSettings = { integrationUsers: [], byValue: true };
const echo = { by: 'value', delivery: 'd1' };

describe('an echo by value', () => {
  it('is a message whose differences are what we delivered', () => {
    expect(findEcho(facts(), byValue)).toEqual(echo);
    expect(findEcho(facts({}, { state: 'closed', note: 'done', number: 'inc1' }), byValue)).toEqual(echo);
  });

  it('is no message that brings something else, or nothing new', () => {
    expect(findEcho(facts({}, { state: 'closed', priority: '1' }), byValue)).toBeNull();
    expect(findEcho(facts({}, { state: 'reopened' }), byValue)).toBeNull();
    expect(findEcho(facts({}, { number: 'INC1' }), byValue)).toBeNull();
    expect(findEcho(facts({}, {}), byValue)).toBeNull();
  });

  it('comes within ten minutes after the delivery began', () => {
    expect(findEcho(facts({ receivedMs: 700_000 }), byValue)).toEqual(echo);
    expect(findEcho(facts({ receivedMs: 700_001 }), byValue)).toBeNull();
    expect(findEcho(facts({ receivedMs: 99_999 }), byValue)).toBeNull();
  });

  it('is the first message of its ticket since then', () => {
    expect(findEcho(facts({ lastReceivedMs: 99_999 }), byValue)).toEqual(echo);
    expect(findEcho(facts({ lastReceivedMs: 100_000 }), byValue)).toBeNull();
  });

  it('has no attachment that we did not send', () => {
    const withFile = (size: number): EchoFacts => {
      const { message, ...rest } = facts();
      return { ...rest, message: { ...message, attachments: [{ id: 'theirs', name: 'A.TXT', contentType: 'text/plain', size }] } };
    };
    expect(findEcho(withFile(5), byValue)).toEqual(echo);
    expect(findEcho(withFile(6), byValue)).toBeNull();
  });

  it('of our own create shares equal attributes, whatever else the target adds', () => {
    const create: SentDelivery = { ...update, operation: 'CREATE', attributes: { title: 'x', tags: ['a'] } };
    const first = (attributes: EchoFacts['message']['attributes'], deliveries = [create]): EchoFacts => facts({ previous: null, deliveries }, attributes);
    expect(findEcho(first({ title: 'X', tags: ['a'], number: '7' }), byValue)).toEqual(echo);
    expect(findEcho(first({ title: 'x', tags: 'a' }), byValue)).toBeNull();
    expect(findEcho(first({ number: '7' }), byValue)).toBeNull();
    expect(findEcho(first({ title: 'x', number: '7' }, [{ ...create, operation: 'UPDATE' }]), byValue)).toBeNull();
  });

  it('names the latest delivery that fits', () => {
    const later = { ...update, id: 'd2', beganMs: 100_500 };
    expect(findEcho(facts({ deliveries: [update, later] }), byValue)?.delivery).toBe('d2');
  });

  it('can be switched off', () => expect(findEcho(facts(), { ...byValue, byValue: false })).toBeNull());
});

describe('an echo by sender', () => {
  const settings: EchoSettings = { integrationUsers: ['Parley'], byValue: false };
  const from = (id: string, given: Partial<EchoFacts> = {}): EchoFacts => {
    const { message, ...rest } = facts(given, { anything: 'else' });
    return { ...rest, message: { ...message, sender: { id } } };
  };

  it('is any message of our own user, with the latest delivery as receipt', () => {
    expect(findEcho(from('parley'), settings)).toEqual({ by: 'sender', delivery: 'd1' });
    expect(findEcho(from('parley', { deliveries: [] }), settings)).toEqual({ by: 'sender', delivery: null });
    expect(findEcho(from('ann'), settings)).toBeNull();
  });
});
