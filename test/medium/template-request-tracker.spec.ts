import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ServiceNowDesk } from './integration/service-now-desk.js';
import { RequestTrackerDesk } from './integration/request-tracker-desk.js';
import { Integration } from './integration/integration.js';

let joined: Integration;
let queue: RequestTrackerDesk;
let desk: ServiceNowDesk;
beforeAll(async () => {
  joined = await Integration.open();
  queue = await RequestTrackerDesk.connect(joined, 'queue');
  desk = await ServiceNowDesk.connect(joined, 'acme', { tellsOfUs: false });
  await joined.use('request-tracker', { source: 'queue', target: 'acme', targetEntityType: 'Incident', targetOpens: true });
}, 60_000); // makes the run's database
afterAll(() => joined.close());

describe('a ticket of a queue of Request Tracker', () => {
  const INCIDENT = '1'.padStart(32, '0');
  let ticket: string;

  it('is opened at the other desk, whose number comes back as a comment', async () => {
    ticket = queue.open('VPN', 'Since 07:40');
    await eventually(() => expect(queue.told(ticket)).toEqual(['Comment: Opened at acme as INC1.']));
    expect(desk.row(INCIDENT)).toMatchObject({ short_description: 'VPN', description: 'Since 07:40\n\nqueue: 1', impact: '2', urgency: '2' });
  });

  it('is replied to at both, with files; comments and work notes stay', async () => {
    queue.say(ticket, 'Comment', 'A difficult one', [['secret.txt', 'nobody']]);
    queue.say(ticket, 'Correspond', 'The log', [['log.txt', 'one line']]);
    await eventually(() => expect(desk.there.files).toEqual([{ name: 'log.txt', type: 'text/plain', text: 'one line' }]));
    await desk.change(INCIDENT, {}, { comments: 'Thanks' });
    await desk.change(INCIDENT, {}, { work_notes: 'They are slow' });
    await eventually(() => expect(queue.told(ticket).slice(1)).toEqual(['Correspond: ann: Thanks']));
    expect(desk.there.journal).toEqual([{ element: 'comments', value: 'vera: The log' }]);
  });

  it('is resolved there with what was done, opened again, and resolved here', async () => {
    await desk.change(INCIDENT, { state: '6', close_notes: 'Use the other gateway' });
    await eventually(() => expect(queue.there.tickets[0]).toMatchObject({ Status: 'resolved' }));
    expect(queue.told(ticket).at(-1)).toBe('Correspond: Resolution: Use the other gateway');
    await joined.untilIdle();
    queue.move(ticket, 'open');
    await eventually(() => expect(desk.row(INCIDENT)['state']).toBe('2'));
    queue.move(ticket, 'resolved');
    await eventually(() => expect(desk.row(INCIDENT)).toMatchObject({ state: '6' }));
    await joined.untilIdle();
  });

  it('may begin at the other desk as well', async () => {
    await desk.open({ short_description: 'Planned work', description: 'On Friday' });
    await eventually(() => expect(queue.there.tickets[1]).toMatchObject({ Subject: 'Planned work' }));
    await eventually(() => expect(desk.there.rows[1]).toMatchObject({ correlation_id: '2' }));
    await joined.untilIdle();
  });

  it('lives once at each desk; nothing came back around, nothing was done twice', async () => {
    expect([queue.there.tickets.length, desk.there.rows.length]).toEqual([2, 2]);
    expect(await joined.deliveries()).toEqual({
      'acme CREATE SENT': 1, 'acme UPDATE SENT': 4, // a reply, reopened, resolved, a number
      'queue CREATE SENT': 1, 'queue UPDATE SENT': 3, // the number, a reply, resolved
    });
    expect(await joined.states()).toEqual({ ROUTED: 9 }); // RT's history is read without what we did
  });
});
