import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { glpi11 } from '../../src/adapter/preset/system/glpi.js';
import { znuny } from '../../src/adapter/preset/system/znuny.js';
import { eventually } from '../support/eventually.js';
import { FakeGlpi11 } from '../support/fakes/glpi-11.js';
import { FakeZnuny } from '../support/fakes/znuny.js';
import { Integration } from './integration/integration.js';

// Both go by the time of today: what is older than a poll looks back is no news.
const now = (): string => new Date().toISOString().slice(0, 19).replace('T', ' ');
const desk = Object.defineProperty(new FakeZnuny(), 'now', { get: now });
const vendor = Object.assign(new FakeGlpi11(), { clock: () => Date.now() });
let joined: Integration;

beforeAll(async () => {
  joined = await Integration.open();
  await joined.connect('znuny', znuny, { secrets: { password: 'agent-pass' } }, (target) => desk.asRest(target), { isPolled: true });
  await joined.connect('glpi', glpi11, {
    auth: { ...(glpi11.endpoint.settings['auth'] as object), clientSecret: 'client', password: 'secret' },
    verification: { type: 'glpi', secret: 'unused' }, handshake: { type: 'hmacQuery', parameter: 'crc_token', secret: 'unused' },
  }, (target) => vendor.attachTo(target), { isPolled: true });
  await joined.use('request-tracker', { source: 'znuny', sourceEntityType: 'Ticket', target: 'glpi', targetEntityType: 'Ticket' });
}, 60_000); // makes the run's database
afterAll(() => joined.close());

/** Waits until both were asked again and nothing came of it. */
async function settled(): Promise<void> {
  const asked = () => joined.targets.map((target) => target.seen.filter(({ url, body }) => url.includes('date_mod') || body.includes('TicketLastChangeTimeNewerDate')).length);
  const before = asked();
  await eventually(() => expect(asked().every((count, at) => count > (before[at] ?? 0) + 2)).toBe(true));
  await joined.untilIdle();
}
const articles = (): string[] => (desk.tickets[0]!['Article'] as { readonly Body: string; readonly IsVisibleForCustomer: unknown }[]).map(({ Body, IsVisibleForCustomer }) => `${Body} ${Number(IsVisibleForCustomer) === 1 ? 'public' : 'internal'}`);
const followups = (): string[] => (vendor.polled[0]?.followups ?? []).map((one) => `${String(one['content'])} ${one['is_private'] === false ? 'public' : 'internal'}`);
const article = (ArticleID: string, Body: string, IsVisibleForCustomer: string): void => {
  desk.tickets[0]!['Article'].push({ ArticleID, TicketID: '123', Body, IsVisibleForCustomer, From: 'Vera', CreateBy: '9', CreateTime: now() });
  Object.assign(desk.tickets[0]!, { Changed: now(), ChangeBy: '9' });
};

describe('a ticket at Znuny and at GLPI 11, both of which are polled', () => {
  it('is opened once at the other', async () => {
    desk.tickets.push({
      TicketID: '123', TicketNumber: '2026013110000015', Title: 'VPN', State: 'open', Priority: '4 high', Queue: 'Raw', Created: now(), Changed: now(), ChangeBy: '7', CustomerUserID: 'anna', DynamicField: [], Attachment: [],
      Article: [{ ArticleID: '456', TicketID: '123', Body: 'Since 07:40', CreateTime: now(), CreateBy: '7' }],
    });
    await eventually(() => expect(vendor.tickets).toHaveLength(1));
    expect(vendor.tickets[0]).toMatchObject({ name: 'VPN', impact: 4, urgency: 4 });
    await settled();
    expect([desk.tickets.length, vendor.tickets.length]).toEqual([1, 1]);
  });

  it('is talked about in public, each word once, and what is internal stays', async () => {
    article('900', 'We look into it', '1');
    article('901', 'No idea', '0');
    await eventually(() => expect(followups()).toEqual(['Vera: We look into it public']));
    vendor.say(15, '<p>Thank you</p>');
    vendor.say(15, '<p>What a fool</p>', { isPrivate: true });
    await eventually(() => expect(articles()).toContain('vera: Thank you public'));
    await settled();
    expect(followups()).toEqual(['Vera: We look into it public', '<p>Thank you</p> public', '<p>What a fool</p> internal']);
    expect(articles().filter((one) => /Thank you|fool/.test(one))).toEqual(['vera: Thank you public']);
  });

  it('is resolved there, and here, and nothing goes round', async () => {
    vendor.touch(15, { status: { id: 5 } });
    await eventually(() => expect(desk.tickets[0]).toMatchObject({ State: 'closed successful' }));
    await settled();
    expect([desk.tickets.length, vendor.tickets.length, followups().length]).toEqual([1, 1, 3]);
    expect(Object.keys(await joined.deliveries()).filter((line) => !line.endsWith('SENT'))).toEqual([]);
  });
});
