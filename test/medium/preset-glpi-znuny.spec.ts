import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { glpi } from '../../src/adapter/preset/system/glpi.js';
import { znuny } from '../../src/adapter/preset/system/znuny.js';
import { eventually } from '../support/eventually.js';
import { FakeGlpi } from '../support/fakes/glpi.js';
import { FakeZnuny } from '../support/fakes/znuny.js';
import { Integration } from './integration/integration.js';
import { telling } from './integration/telling.js';

/** Times as both write them: UTC without saying so, whole seconds. */
const now = (): string => new Date().toISOString().slice(0, 19).replace('T', ' ');
const polled = Object.defineProperty(new FakeGlpi(), 'now', { get: now });
const telled = Object.defineProperty(new FakeZnuny(), 'now', { get: now });
let joined: Integration;
const tell = (id: string): Promise<void> => joined.must('POST', '/api/v1/inbound/znuny/Ticket', { TicketID: id });
beforeAll(async () => {
  joined = await Integration.open();
  await joined.connect('glpi', glpi, { auth: { ...(glpi.endpoint.settings['auth'] as object), password: 'user-token' }, secrets: { appToken: 'app' } }, (target) => polled.attachTo(target));
  await joined.connect('znuny', znuny, { secrets: { password: 'agent-pass' } }, (target) => telled.asRest(telling(target, ({ url }) => {
    // An invoker tells of what we do as well.
    if (url.endsWith('/TicketCreate') || url.endsWith('/TicketUpdate')) void tell('123');
  })));
  await joined.use('request-tracker', { source: 'glpi', sourceEntityType: 'Ticket', target: 'znuny', targetEntityType: 'Ticket' });
}, 60_000); // makes the run's database
afterAll(() => joined.close());

describe('a ticket at GLPI, which is polled, and at Znuny, which tells', () => {
  it('is opened at the other, its scale the other way round on both sides', async () => {
    polled.tickets.push({ id: 15, name: 'VPN', content: '<p>Since 07:40</p>', status: 1, priority: 4, impact: 4, urgency: 4, users_id_lastupdater: 7, externalid: '', date_mod: now() });
    await eventually(() => expect(telled.tickets[0]).toMatchObject({ Title: 'VPN', Priority: '4 high', State: 'new' }));
    expect(telled.tickets[0]!['Article'][0].Body).toContain('Since 07:40');
    await joined.untilIdle();
  });

  it('is talked about in public, and what is internal stays', async () => {
    const ticket = telled.tickets[0]!;
    const article = (ArticleID: string, Body: string, IsVisibleForCustomer: string): void => {
      ticket['Article'].push({ ArticleID, TicketID: '123', Body, IsVisibleForCustomer, From: 'Vera', CreateBy: '9', CreateTime: now() });
      Object.assign(ticket, { Changed: now(), ChangeBy: '9' });
    };
    article('900', 'We look into it', '1');
    article('901', 'No idea', '0');
    await tell('123');
    await eventually(() => expect(polled.followups.map((one) => [one['content'], one['is_private']])).toContainEqual(['Vera: We look into it', 0]));
    polled.followups.push({ id: 500, itemtype: 'Ticket', items_id: '15', users_id: 7, content: '<p>Thank you</p>', is_private: 0, date_mod: now() });
    Object.assign(polled.tickets[0]!, { date_mod: now(), users_id_lastupdater: 7 });
    await eventually(() => expect(ticket['Article'].map((one: Record<string, unknown>) => one['Body'])).toContainEqual(expect.stringContaining('Thank you')));
    await joined.untilIdle();
    expect(polled.followups.map((one) => one['content']).join()).not.toContain('No idea');
  });

  it('is resolved there, and here', async () => {
    Object.assign(telled.tickets[0]!, { State: 'closed successful', Changed: now(), ChangeBy: '9' });
    await tell('123');
    await eventually(() => expect(polled.tickets[0]).toMatchObject({ status: 5 }));
    await joined.untilIdle();
  });

  it('lives once at each desk', async () => {
    expect([polled.tickets.length, telled.tickets.length]).toEqual([1, 1]);
    expect(Object.keys(await joined.deliveries()).filter((line) => !line.endsWith('SENT'))).toEqual([]);
  });
});
