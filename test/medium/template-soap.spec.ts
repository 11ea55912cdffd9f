import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNowImportSet } from '../../src/adapter/preset/system/service-now-import-set.js';
import { serviceNowSoap } from '../../src/adapter/preset/system/service-now-soap.js';
import { eventually } from '../support/eventually.js';
import { FakeServiceNow } from '../support/fakes/service-now.js';
import type { Row } from '../support/fakes/service-now-tables.js';
import { Integration } from './integration/integration.js';

let joined: Integration;
const [desk, vendor] = [new FakeServiceNow(), new FakeServiceNow()];
const AUTH = { auth: { type: 'basic', username: 'parley', password: 'secret' } };
const TOKEN = { verification: { type: 'sharedToken', header: 'x-parley-token', secret: 'token' } };

beforeAll(async () => {
  joined = await Integration.open();
  await joined.connect('acme', serviceNowImportSet, { ...AUTH, ...TOKEN }, (target) => desk.attachTo(target));
  await joined.connect('vendor', serviceNowSoap, AUTH, (target) => vendor.attachTo(target));
  await joined.use('servicenow-servicenow', { source: 'acme', target: 'vendor' });
}, 60_000); // makes the run's database
afterAll(() => joined.close());

const FIELDS = ['sys_id', 'number', 'sys_mod_count', 'sys_updated_on', 'sys_updated_by', 'short_description', 'description', 'state', 'hold_reason', 'priority', 'impact', 'urgency', 'correlation_id', 'close_code', 'close_notes'];
/** The business rules of both sides. */
const tellOf = {
  acme: (row: Row, journal: Row = {}): Promise<void> =>
    joined.must('POST', '/api/v1/inbound/acme/Incident', { ...Object.fromEntries(FIELDS.map((name) => [name, row[name] ?? ''])), comments: '', work_notes: '', ...journal, sys_updated_by: 'ann' }, { 'x-parley-token': 'token' }),
  vendor: (row: Row, journal: Row = {}): Promise<void> => {
    const fields = { ...Object.fromEntries(FIELDS.map((name) => [name, row[name] ?? ''])), comments: '', work_notes: '', ...journal, sys_updated_by: 'bob' };
    const xml = Object.entries(fields).map(([name, value]) => `<${name}>${value.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</${name}>`).join('');
    return joined.must('POST', '/api/v1/inbound/vendor/Incident', `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><incident xmlns="urn:parley:servicenow">${xml}</incident></e:Body></e:Envelope>`, { 'content-type': 'text/xml; charset=utf-8' });
  },
};

describe('an incident that is written by an import set here and by SOAP there', () => {
  it('is opened there, and its number comes back through the staging table', async () => {
    const row = desk.insert({ short_description: 'Cannot print', description: 'a < b & c', impact: '2', urgency: '2' });
    await tellOf.acme(row);
    await eventually(() => expect(row['correlation_id']).toBe('INC1'));
    expect(vendor.rows[0]).toMatchObject({ short_description: 'Cannot print', description: expect.stringContaining('a < b & c'), priority: '3' });
    await joined.untilIdle();
  });

  it('is talked about both ways, held and resolved with what was done', async () => {
    const [ours, theirs] = [desk.rows[0]!, vendor.rows[0]!];
    desk.write(ours, {}, 'ann');
    await tellOf.acme(ours, { comments: 'Any news & when?' });
    await eventually(() => expect(vendor.journal.at(-1)).toEqual({ element: 'comments', value: 'ann: Any news & when?' }));
    vendor.write(theirs, { state: '3', hold_reason: '4' }, 'bob');
    await tellOf.vendor(theirs, { comments: 'a < b' });
    await eventually(() => expect(ours).toMatchObject({ state: '3', hold_reason: '4' }));
    await eventually(() => expect(desk.journal.at(-1)).toEqual({ element: 'comments', value: 'bob: a < b' }));
    vendor.write(theirs, { state: '6', close_code: 'Solved (Permanently)', close_notes: 'Cable' }, 'bob');
    await tellOf.vendor(theirs);
    await eventually(() => expect(ours).toMatchObject({ state: '6', close_notes: 'Cable' }));
    await joined.untilIdle();
  });

  it('is told at one side what the other refused, by a fault or by the word of a transform', async () => {
    const [ours, theirs] = [desk.rows[0]!, vendor.rows[0]!];
    theirs['state'] = '7';
    desk.write(ours, {}, 'ann');
    await tellOf.acme(ours, { comments: 'One thing more' });
    await eventually(() => expect(desk.journal.at(-1)).toEqual({ element: 'work_notes', value: expect.stringContaining('Data Policy Exception: closed') }));
    await joined.untilIdle();
    expect([desk.rows.length, vendor.rows.length]).toEqual([1, 1]);
    expect(Object.keys(await joined.deliveries()).filter((name) => !name.endsWith(' SENT'))).toEqual([expect.stringContaining('vendor UPDATE DEAD')]);
  });
});
