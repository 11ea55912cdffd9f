import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { JiraDesk } from './integration/jira-desk.js';
import { ZendeskDesk } from './integration/zendesk-desk.js';
import { Integration } from './integration/integration.js';

let joined: Integration;
let support: ZendeskDesk;
let developers: JiraDesk;
beforeAll(async () => {
  joined = await Integration.open();
  support = await ZendeskDesk.connect(joined, 'support');
  developers = await JiraDesk.connect(joined, 'developers');
  await joined.use('zendesk-jira', { source: 'support', target: 'developers', targetOpens: true });
}, 60_000); // makes the run's database
afterAll(() => joined.close());

describe('a ticket of customer support', () => {
  const ISSUE = '10000';
  let ticket: number;

  it('is opened as an issue, once, although its description is a comment there, too', async () => {
    ticket = await support.open({ subject: 'VPN', description: 'Since 07:40', priority: 'high' });
    await eventually(() => expect(support.said(ticket)).toEqual(['public: Since 07:40', 'internal: Opened at developers as OPS-1.']));
    await joined.untilIdle();
    expect(developers.there.issues[0]!.fields).toMatchObject({ summary: 'VPN', description: 'Since 07:40\n\nsupport: 4711', priority: { name: 'High' } });
    expect(developers.there.comments).toEqual([]);
  });

  it('is talked about at both, in public only', async () => {
    await support.say(ticket, 'The customer waits', true);
    await support.say(ticket, 'A difficult one', false);
    await developers.say(ISSUE, 'Fixed in 2.1', true);
    await developers.say(ISSUE, 'Who wrote this?', false);
    await eventually(() => expect(support.said(ticket).slice(2)).toEqual(['public: The customer waits', 'internal: A difficult one', 'public: Vera: Fixed in 2.1']));
    await joined.untilIdle();
    expect(developers.there.comments).toEqual([{ body: 'Vera: The customer waits', isPublic: true }]);
  });

  it('is worked on and solved by the developers, opened again by the customer, and solved by support', async () => {
    await developers.move(ISSUE, 'Work in progress');
    await eventually(() => expect(support.ticket(ticket)['status']).toBe('open'));
    await developers.move(ISSUE, 'Resolved');
    await eventually(() => expect(support.ticket(ticket)['status']).toBe('solved'));
    await joined.untilIdle();
    await support.move(ticket, 'open');
    await eventually(() => expect(developers.issue(ISSUE).status).toBe('Reopened'));
    await joined.untilIdle();
    await developers.move(ISSUE, 'Work in progress');
    await joined.untilIdle();
    await support.move(ticket, 'solved');
    await eventually(() => expect(developers.issue(ISSUE).status).toBe('Resolved'));
    await joined.untilIdle();
  });

  it('may begin at the developers as well', async () => {
    await developers.open({ summary: 'Certificate runs out', description: 'On Friday', priority: { name: 'Highest' } });
    await eventually(() => expect(support.there.tickets[1]).toMatchObject({ subject: 'Certificate runs out', priority: 'urgent' }));
    await eventually(() => expect(developers.there.comments.at(-1)).toEqual({ body: 'Opened at support as 4712.', isPublic: false }));
    await joined.untilIdle();
  });

  it('lives once at each desk; nothing came back around, nothing was done twice', async () => {
    expect([support.there.tickets.length, developers.there.issues.length]).toEqual([2, 2]);
    expect(await joined.deliveries()).toEqual({
      'developers CREATE SENT': 1, 'developers UPDATE SENT': 4, // a comment, reopened, solved, a number
      'support CREATE SENT': 1, 'support UPDATE SENT': 5, // the key, a comment, status three times
    });
    expect(await joined.states()).toEqual({ ECHO: 14, NO_ROUTE: 1, ROUTED: 11 }); // the description, once more as a comment
  });
});
