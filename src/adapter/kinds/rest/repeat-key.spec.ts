import { describe, expect, it } from '@jest/globals';
import type { InboundRequest } from '../../contract.js';
import { repeatKey } from './repeat-key.js';

const keyOf = (headers: Readonly<Record<string, string>>, body = '{"id":7}'): string | null => repeatKey(request({ headers, body: Buffer.from(body) }), { settings: {} }) as string | null;
const request = (over: Partial<InboundRequest> = {}): InboundRequest => ({ entityType: 'Issue', body: Buffer.from('{}'), contentType: 'application/json', headers: {}, query: '', ...over });
const chosen = (key: string, over: Partial<InboundRequest>, seconds?: number) => repeatKey(request(over), { settings: { repeats: { key, ...(seconds === undefined ? {} : { seconds }) } } });

describe('what tells a repeated webhook from a new one', () => {
  it.each(['x-github-delivery', 'x-atlassian-webhook-identifier', 'x-zammad-delivery', 'x-zendesk-webhook-invocation-id'])('is what %s says of the delivery', (name) => {
    expect(keyOf({ [name]: 'a' })).toBe(keyOf({ [name]: 'a' }));
    expect(keyOf({ [name]: 'a' })).not.toBe(keyOf({ [name]: 'b' }));
  });

  it.each(['x-webhook-id', 'x-github-hook-id', 'x-zendesk-webhook-id', 'x-webhook-subscription', 'x-gitlab-webhook-uuid', 'x-gitlab-event-uuid'])('is never %s, which stays the same for other events', (name) => {
    expect(keyOf({ [name]: 'a' })).toBeNull();
  });

  it('is another one for another body, whatever the sender says of it', () => {
    expect(keyOf({ 'x-atlassian-webhook-identifier': 'a' }, '{"id":7,"comment":1}')).not.toBe(keyOf({ 'x-atlassian-webhook-identifier': 'a' }, '{"id":7,"comment":2}'));
  });

  it('fits where keys are kept, however long the sender\'s id is', () => {
    expect(keyOf({ 'x-zammad-delivery': 'a'.repeat(5_000) })?.length).toBeLessThanOrEqual(255);
    expect(keyOf({ 'x-zammad-delivery': ' ' })).toBeNull();
  });
});

describe('what the settings choose to know repeats by', () => {
  const event = (groupKey: string, status: string, at = 1): Partial<InboundRequest> => ({ body: Buffer.from(JSON.stringify({ groupKey, status, at })) });

  it('is what a request has in common with its repeats, whatever else it holds', () => {
    const key = '{{event.groupKey}}:{{event.status}}';
    expect(chosen(key, event('a', 'firing', 1))).toEqual(chosen(key, event('a', 'firing', 2)));
    expect(chosen(key, event('a', 'firing'))).not.toEqual(chosen(key, event('a', 'resolved')));
    expect(chosen(key, event('a', 'firing'))).not.toEqual(chosen(key, { ...event('a', 'firing'), entityType: 'Task' }));
    expect(chosen(key, event('a', 'firing'), 60)).toMatchObject({ isEnough: true, forMs: 60_000, key: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  it.each([
    ['{{headers.x-event-id}}', { headers: { 'x-event-id': '7' } }, { headers: { 'x-event-id': '8' } }],
    ['{{query.id}}', { query: 'id=7&b=1' }, { query: 'id=8&b=1' }],
    ['{{body | sha256}}', { body: Buffer.from('a') }, { body: Buffer.from('b') }],
  ])('may be %s', (key, one, other) => {
    expect(chosen(key, one)).not.toBeNull();
    expect(chosen(key, one)).not.toEqual(chosen(key, other));
  });

  it('is nothing where nothing of it is there: two requests without an id are two', () => {
    expect(chosen('{{headers.x-event-id}}:{{event.groupKey}}', { body: Buffer.from('{}') })).toBeNull();
    expect(chosen('{{event.id}}', { body: Buffer.from('{') })).toBeNull();
  });
});
