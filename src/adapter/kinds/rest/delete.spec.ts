import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FakeTarget, json } from '../../../../test/support/fake-target.js';
import { EgressPolicy } from '../../../net/egress-policy.js';
import { GuardedHttp } from '../../../net/guarded-http.js';
import type { ConnectedEndpoint, OutboundDelivery } from '../../contract.js';
import { checkSettings } from '../../setting/check-settings.js';
import { rest } from './index.js';

let target: FakeTarget;
const http = new GuardedHttp(new EgressPolicy({ allowPrivate: true, forbidden: [] }));
beforeAll(async () => { target = await FakeTarget.start(); });
beforeEach(() => target.reset());
afterAll(async () => { await http.close(); await target.stop(); });

/** A message that says that a ticket was deleted is an update; its type chooses the request. */
const ENTITY_TYPE = { operations: { update: { steps: [
  { id: 'change', when: "messageType != 'deleted'", method: 'PUT', path: '/issues/{{ticketId}}' },
  { id: 'remove', when: "messageType == 'deleted'", method: 'DELETE', path: '/issues/{{ticketId}}', answer: { successWhen: [{ status: ['2xx', 404, 410] }] } },
] } } };
const update = (messageType: string): Promise<{ outcome: string }> => {
  expect(checkSettings(rest.entityTypeSettings, ENTITY_TYPE)).toEqual([]);
  const endpoint: ConnectedEndpoint = { organization: 'o', id: 'x', name: 'X', settings: { baseUrl: target.url }, entityTypes: [{ name: 'Issue', references: [], settings: ENTITY_TYPE }] };
  const delivery: OutboundDelivery = { id: 'd1', entityType: 'Issue', messageType, operation: 'UPDATE', ticketId: 'T-1', attributes: { title: 'a' }, attachments: [], attempt: 1 };
  return rest.outbound.send(delivery, endpoint, http.client('t', { slots: 1 }), new AbortController().signal);
};
const seen = (): string[] => target.seen.map(({ method, url }) => `${method} ${url}`);

describe('a ticket that is to be deleted', () => {
  it('is, where the type of the message says so, and else it is changed', async () => {
    target.always(json(200, {}));
    expect(await update('deleted')).toMatchObject({ outcome: 'success' });
    expect(await update('changed')).toMatchObject({ outcome: 'success' });
    expect(seen()).toEqual(['DELETE /issues/T-1', 'PUT /issues/T-1']);
    expect(target.seen[0]?.body.byteLength).toBe(0);
  });

  it('is asked for again where nobody knows whether it was done: gone is gone', async () => {
    target.next({ do: 'cut' }, json(404, {}));
    expect(await update('deleted')).toMatchObject({ outcome: 'retryable' });
    expect(await update('deleted')).toMatchObject({ outcome: 'success' });
  });
});
