import { describe, expect, it } from '@jest/globals';
import { repeatKey } from './repeat-key.js';

const keyOf = (headers: Readonly<Record<string, string>>, body = '{"id":7}'): string | null => repeatKey({ entityType: 'Issue', body: Buffer.from(body), contentType: 'application/json', headers, query: '' });

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
