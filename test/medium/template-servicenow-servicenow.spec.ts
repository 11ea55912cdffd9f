import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '../support/eventually.js';
import { ServiceNowDesk } from './integration/service-now-desk.js';
import { Integration } from './integration/integration.js';

let joined: Integration;
let customer: ServiceNowDesk;
let vendor: ServiceNowDesk;
beforeAll(async () => {
  joined = await Integration.open();
  customer = await ServiceNowDesk.connect(joined, 'customer');
  // Its business rule leaves out what the integration user changed: nothing tells what became of our values.
  vendor = await ServiceNowDesk.connect(joined, 'vendor', { tellsOfUs: false });
  await joined.use('servicenow-servicenow', { source: 'customer', target: 'vendor', assignedGroup: 'first line', targetOpens: true });
}, 60_000); // makes the run's database
afterAll(() => joined.close());

const A = '1'.padStart(32, '0');
const B = '2'.padStart(32, '0');
const REFUSED = 'UPDATE DEAD Operation Failed: Data Policy Exception: closed';

describe('two companies with ServiceNow', () => {
  it('have an incident of the customer at both, each of which is told of the other in public words only', async () => {
    await customer.open({ short_description: 'VPN', description: 'Since 07:40', priority: '1', impact: '1', urgency: '1' });
    await eventually(() => expect(customer.row(A)['correlation_id']).toBe('INC1'));
    await joined.untilIdle();
    expect(vendor.row(A)).toMatchObject({ short_description: 'VPN', description: 'Since 07:40\n\ncustomer: INC1', impact: '1', urgency: '1', assignment_group: 'first line' });
    await vendor.change(A, { state: '2' }, { comments: 'We look at it' });
    await vendor.change(A, {}, { work_notes: 'Again' });
    await eventually(() => expect(customer.row(A)['state']).toBe('2'));
    await customer.change(A, {}, { comments: 'Thanks' });
    await eventually(() => expect(vendor.there.journal).toEqual([{ element: 'comments', value: 'ann: Thanks' }]));
    await joined.untilIdle();
    expect(customer.there.journal.slice(1)).toEqual([{ element: 'comments', value: 'ann: We look at it' }]);
  });

  it('resolve, reopen and close it together', async () => {
    await vendor.change(A, { state: '6', close_code: 'Solved (Work Around)', close_notes: 'Use the other gateway' });
    await eventually(() => expect(customer.row(A)).toMatchObject({ state: '6', close_code: 'Solved (Work Around)', close_notes: 'Use the other gateway' }));
    await joined.untilIdle();
    await customer.change(A, { state: '2', close_code: '', close_notes: '' }, { comments: 'No, it does not work' });
    await eventually(() => expect(vendor.row(A)['state']).toBe('2'));
    await joined.untilIdle();
    await customer.change(A, { state: '7', close_code: 'Closed/Resolved by Caller', close_notes: 'Works now' });
    await eventually(() => expect(vendor.row(A)).toMatchObject({ state: '7', close_code: 'Closed/Resolved by Caller', close_notes: 'Works now' }));
    await joined.untilIdle();
  });

  it('are told what the other refuses, and do not tell each other for ever', async () => {
    await customer.change(A, {}, { comments: 'One more thing' });
    await joined.untilIdle();
    expect(await joined.deliveries()).toMatchObject({ [`vendor ${REFUSED}`]: 2, [`customer ${REFUSED}`]: 2 });
  });

  it('have an incident of the vendor at both as well', async () => {
    await vendor.open({ short_description: 'Planned work' });
    await eventually(() => expect(vendor.row(B)['correlation_id']).toBe('INC2'));
    await joined.untilIdle();
    await customer.change(B, { short_description: 'Their planned work' }, { comments: 'When?' });
    await eventually(() => expect(vendor.there.journal.at(-1)).toEqual({ element: 'comments', value: 'ann: When?' }));
    await joined.untilIdle();
    expect(vendor.row(B)['short_description']).toBe('Planned work');
  });

  it('have each incident once; nothing came back around, nothing was done twice', async () => {
    expect([customer.there.rows.length, vendor.there.rows.length]).toEqual([2, 2]);
    expect(await joined.deliveries()).toEqual({
      'vendor CREATE SENT': 1, 'vendor UPDATE SENT': 6, // comments, reopened, closed, a number
      'customer CREATE SENT': 1, 'customer UPDATE SENT': 4, // a number, a comment, status, resolved
      [`vendor ${REFUSED}`]: 2, [`customer ${REFUSED}`]: 2,
    });
    expect(await joined.states()).toEqual({ ECHO: 5, ROUTED: 10 }); // those of the customer alone, all ours
  });
});
