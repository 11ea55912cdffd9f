import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { jiraCloud } from '../../src/adapter/preset/system/jira.js';
import { serviceNow } from '../../src/adapter/preset/system/service-now.js';
import { eventually } from '../support/eventually.js';
import { basic } from '../support/fakes/fake-system.js';
import { FakeJira } from '../support/fakes/jira.js';
import { FakeServiceNow } from '../support/fakes/service-now.js';
import { Integration } from './integration/integration.js';

let joined: Integration;
const [desk, vendor] = [new FakeServiceNow(), new FakeJira()];
// Both go by the time of today: what is older than a poll looks back is no news.
Object.defineProperty(desk, 'now', { get: () => new Date().toISOString().slice(0, 19).replace('T', ' ') });
Object.defineProperty(vendor, 'now', { get: () => new Date().toISOString().replace('Z', '+0000') });

beforeAll(async () => {
  joined = await Integration.open();
  await joined.connect('acme', serviceNow, { auth: { type: 'basic', username: 'parley', password: 'secret' } }, (target) => desk.attachTo(target), { isPolled: true });
  await joined.connect('vendor', jiraCloud, { auth: { type: 'basic', username: 'p@x', password: 'secret' }, integrationUser: 'parley' }, (target) => vendor.attachTo(target, basic('p@x', 'secret')), { isPolled: true });
  await joined.use('servicenow-jira', { source: 'acme', target: 'vendor' });
}, 60_000); // makes the run's database
afterAll(() => joined.close());

/** Waits until both were polled again and nothing came of it. */
async function settled(): Promise<void> {
  const asked = () => joined.targets.map((target) => target.seen.filter(({ url }) => url.includes('ORDER')).length);
  const before = asked();
  await eventually(() => expect(asked().every((count, at) => count > (before[at] ?? 0) + 2)).toBe(true));
  await joined.untilIdle();
}

describe('an incident, where both desks are polled', () => {
  it('is opened once at the other, with what was said of it in public', async () => {
    const { sys_id: id = '' } = desk.insert({ short_description: 'Cannot print', description: 'Second floor', impact: '2', urgency: '2' });
    desk.rows[0]!['sys_updated_by'] = 'ann';
    desk.audit[0]!['user'] = 'ann';
    desk.say(id, 'work_notes', 'They are slow', 'ann');
    await eventually(() => expect(desk.rows[0]?.['correlation_id']).toBe('OPS-1'));
    desk.write(desk.rows[0]!, { comments: 'Any news?' }, 'ann');
    await eventually(() => expect(vendor.comments).toEqual([{ body: 'ann: Any news?', isPublic: true }]));
    await settled();
    expect(vendor.issues).toHaveLength(1);
    expect(vendor.comments).toHaveLength(1);
  });

  it('is answered by the other, once each, and internal words stay where they are', async () => {
    const [issue] = vendor.issues;
    vendor.say(issue!, 'On my way', { jsdPublic: true });
    vendor.say(issue!, 'What a fool', { jsdPublic: false });
    await eventually(() => expect(desk.journal.at(-1)).toEqual({ element: 'comments', value: 'Vera: On my way' }));
    await settled();
    expect(desk.journal.filter(({ value }) => /On my way|fool/.test(value))).toHaveLength(1);
    expect(vendor.comments).toHaveLength(1);
  });

  it('has the same status at both, and nothing goes round', async () => {
    const [issue] = vendor.issues;
    issue!.status = 'Work in progress';
    vendor.touch(issue!);
    await eventually(() => expect(desk.rows[0]?.['state']).toBe('2'));
    desk.write(desk.rows[0]!, { state: '6', close_code: 'Solved (Permanently)', close_notes: 'Cable' }, 'ann');
    await eventually(() => expect(issue!.status).toBe('Resolved'));
    await settled();
    const deliveries = await joined.deliveries();
    await settled();
    expect(await joined.deliveries()).toEqual(deliveries);
    expect(Object.keys(deliveries).filter((name) => !name.endsWith(' SENT'))).toEqual([]);
    expect([desk.rows.length, vendor.issues.length]).toEqual([1, 1]);
  });
});
