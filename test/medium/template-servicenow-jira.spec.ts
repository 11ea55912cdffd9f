import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { JiraDesk } from './integration/jira-desk.js';
import { ServiceNowDesk } from './integration/service-now-desk.js';
import { Integration } from './integration/integration.js';

let joined: Integration;
let desk: ServiceNowDesk;
let vendor: JiraDesk;
beforeAll(async () => {
  joined = await Integration.open();
  desk = await ServiceNowDesk.connect(joined, 'acme');
  vendor = await JiraDesk.connect(joined, 'vendor');
  await joined.use('servicenow-jira', { source: 'acme', target: 'vendor', sourceGroup: 'vendor-group' });
}, 60_000); // makes the run's database
afterAll(() => joined.close());

describe('an incident that the vendor gets', () => {
  let incident: string;

  it('is opened as an issue once it is in the vendor\'s group; the key comes back', async () => {
    incident = await desk.open({ short_description: 'Cannot print', description: 'Second floor', priority: '2', assignment_group: 'local-group' });
    await joined.untilIdle();
    expect(vendor.there.issues).toEqual([]);
    await desk.change(incident, { assignment_group: 'vendor-group' }, { comments: 'Please have a look' });
    await eventually(() => expect(desk.row(incident)['correlation_id']).toBe('OPS-1'));
    await joined.untilIdle();
    expect(vendor.there.issues[0]!.fields).toMatchObject({ summary: 'Cannot print', description: 'Second floor\n\nacme: INC1', priority: { name: 'High' } });
    expect(vendor.there.comments).toEqual([{ body: 'ann: Please have a look', isPublic: true }]);
    expect(desk.there.journal).toEqual([{ element: 'work_notes', value: 'Opened at vendor as OPS-1.' }]);
  });

  it('is talked about at both desks, in public only', async () => {
    await desk.change(incident, {}, { comments: 'Any news?' });
    await desk.change(incident, {}, { work_notes: 'They are slow' });
    await vendor.say('10000', 'On my way', true);
    await vendor.say('10000', 'What a fool', false);
    await eventually(() => expect(desk.there.journal.slice(1)).toEqual([{ element: 'comments', value: 'Vera: On my way' }]));
    await joined.untilIdle();
    expect(vendor.there.comments.slice(1)).toEqual([{ body: 'ann: Any news?', isPublic: true }]);
  });

  it('has the same status and priority at both, is resolved with what was done, and opened again', async () => {
    await vendor.move('10000', 'Work in progress');
    await eventually(() => expect(desk.row(incident)['state']).toBe('2'));
    await desk.change(incident, { priority: '1', short_description: 'Cannot print, nor scan' });
    await eventually(() => expect(vendor.issue('10000').fields).toMatchObject({ priority: { name: 'Highest' }, summary: 'Cannot print, nor scan' }));
    await desk.change(incident, { state: '6', close_notes: 'Cable replaced', close_code: 'Solved (Permanently)' });
    await eventually(() => expect(vendor.issue('10000').status).toBe('Resolved'));
    await eventually(() => expect(vendor.there.comments.at(-1)).toEqual({ body: 'Resolution: Cable replaced', isPublic: true }));
    await desk.change(incident, { state: '2', close_notes: '', close_code: '' });
    await eventually(() => expect(vendor.issue('10000').status).toBe('Reopened'));
    await joined.untilIdle();
  });

  it('is told at its own desk what the other refused', async () => {
    await desk.change(incident, { state: '8' });
    await eventually(() => expect(desk.there.journal.at(-1)).toEqual({ element: 'work_notes', value: 'An update did not reach vendor: The workflow has no transition to cancelled from where the issue is.' }));
    await joined.untilIdle();
  });

  it('lives once at each desk; nothing came back around, nothing was done twice', async () => {
    expect(desk.there.rows).toHaveLength(1);
    expect(vendor.there.issues).toHaveLength(1);
    expect(await joined.deliveries()).toEqual({
      'vendor CREATE SENT': 1, 'vendor UPDATE SENT': 6, // comments, priority, title, resolved, reopened
      'acme UPDATE SENT': 4, // the key, a comment, the status, the refusal
      'vendor UPDATE DEAD The workflow has no transition to cancelled from where the issue is.': 1,
    });
    expect(await joined.states()).toEqual({ ECHO: 12, NO_ROUTE: 1, ROUTED: 10 }); // one before it was in the group
  });
});
