import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeServiceNow } from '../../../../test/support/fakes/service-now.js';
import { serviceNowImportSet } from './service-now-import-set.js';
import { serviceNowScripted } from './service-now-scripted.js';
import { serviceNowSoap } from './service-now-soap.js';

const there = new FakeServiceNow();
const AUTH = { auth: { type: 'basic', username: 'parley', password: 'secret' } };
const OVER = { ...AUTH, verification: { type: 'sharedToken', header: 'x-parley-token', secret: 'token' } };
const staging = useDesk(new PresetDesk(serviceNowImportSet, OVER), (target) => there.attachTo(target));
const scripted = useDesk(new PresetDesk(serviceNowScripted, OVER), (target) => there.attachTo(target));
const soap = useDesk(new PresetDesk(serviceNowSoap, AUTH), (target) => there.attachTo(target));
beforeEach(() => there.clear());
const ID = '1'.padStart(32, '0');

describe.each([['an import set', staging], ['a scripted resource', scripted], ['SOAP', soap]])('an incident at ServiceNow by %s', (_, desk) => {
  it('is created with its fields, in UTC, and a look-up finds it', async () => {
    expect(await desk.create({ title: 'x'.repeat(200), description: 'a < b & c', priority: '2', dueAt: '2026-02-01T10:00:00+02:00' }, { attachments: [file('a b.txt', 'hello')] })).toMatchObject({ outcome: 'success', ticketId: ID });
    expect(there.rows[0]).toMatchObject({ short_description: 'x'.repeat(160), description: 'a < b & c', impact: '1', urgency: '2', priority: '2', state: '1', due_date: '2026-02-01 08:00:00', correlation_display: 'Parley' });
    expect(there.files).toEqual([{ name: 'a b.txt', type: 'text/plain', text: 'hello' }]);
    expect(await desk.lookUp()).toEqual({ found: ID });
    expect(await desk.lookUp('another')).toEqual({ found: null });
    there.insert({ ...there.rows[0], sys_id: undefined });
    expect(await desk.lookUp()).toMatchObject({ failed: { outcome: 'retryable' } });
  });

  it('takes its own impact before that of the priority', async () => {
    await desk.create({ title: 'VPN', priority: 1, impact: '3', urgency: 2 });
    expect(there.rows[0]).toMatchObject({ impact: '3', urgency: '2' });
  });

  it('is commented for all only where that is said; the author is named', async () => {
    await desk.create({ title: 'VPN', 'comment.text': 'at once', 'comment.visibility': 'public' });
    await desk.update(ID, { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update(ID, { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update(ID, { 'comment.text': 'who knows' });
    expect(there.journal).toEqual([{ element: 'comments', value: 'at once' }, { element: 'comments', value: 'Vera: for all' }, { element: 'work_notes', value: 'for us' }, { element: 'work_notes', value: 'who knows' }]);
    expect(there.rows).toHaveLength(1);
  });

  it('is held with a reason, and resolved with code and notes', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update(ID, { status: 'onHold', statusReason: 'waitingSupplier' });
    expect(there.rows[0]).toMatchObject({ state: '3', hold_reason: '4' });
    await desk.update(ID, { status: 'resolved', resolution: 'Cable', 'ticket.externalId': 'OPS-1' });
    expect(there.rows[0]).toMatchObject({ state: '6', close_code: 'Solved (Permanently)', close_notes: 'Cable', correlation_id: 'OPS-1' });
  });

  it('that is closed, or not there, refuses, and the reason is told', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update(ID, { status: 'closed' });
    expect(await desk.update(ID, { title: 'again' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Data Policy') });
    expect(await desk.update('f'.repeat(32), { title: 'x' })).toMatchObject({ outcome: 'rejected' });
    expect(await desk.check()).toEqual(['network ok', 'authentication ok', 'rights ok']);
  });

  it('of unknown outcome is not commented twice', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.next({ do: 'cut' });
    expect(await desk.update(ID, { 'comment.text': 'once' })).toMatchObject({ outcome: 'unknown' });
  });
});

describe('an import set', () => {
  it('answers 201 whatever its transform did: the body alone tells', async () => {
    expect(await staging.create({ title: 'VPN' })).toMatchObject({ outcome: 'success', httpStatus: 201, answer: { number: 'INC1' } });
    expect(await staging.create({ title: 'VPN down' })).toMatchObject({ outcome: 'success', ticketId: ID });
    expect(there.rows).toHaveLength(1);
    expect(await staging.update(ID, { title: 'VPN down' })).toMatchObject({ outcome: 'success' });
    expect(there.rows[0]).toMatchObject({ sys_mod_count: '1' });
    await staging.update(ID, { status: 'closed' });
    expect(await staging.update(ID, { title: 'again' })).toMatchObject({ outcome: 'rejected', httpStatus: 201, error: 'Data Policy Exception: closed' });
  });

  it.each([
    [{ status: 'ignored', sys_id: '' }, { outcome: 'rejected', error: 'The transform map says ignored' }], [{ status: 'skipped', status_message: 'Row transform ignored by onBefore script' }, { outcome: 'rejected', error: 'Row transform ignored by onBefore script' }],
    [{ status: 'error', error_message: 'No such group' }, { outcome: 'rejected', error: 'No such group' }], [{ status: 'ignored', sys_id: ID }, { outcome: 'success', ticketId: ID }], [{ status: 'inserted' }, { outcome: 'unknown' }],
  ])('that says %j is taken at its word', async (result, expected) => {
    staging.target.next(json(201, { import_set: 'ISET1', staging_table: 'u_parley', result: [{ transform_map: 'Parley', table: 'incident', ...result }] }));
    expect(await staging.create({ title: 'VPN' })).toMatchObject(expected);
  });
});

describe('a scripted resource', () => {
  it('makes no second incident of the same correlation id', async () => {
    await scripted.create({ title: 'VPN' });
    expect(await scripted.create({ title: 'VPN' })).toMatchObject({ outcome: 'success', httpStatus: 200, ticketId: ID });
    expect(there.rows).toHaveLength(1);
  });
});

describe('direct SOAP', () => {
  it('has elements without namespace, since others are ignored without a word', async () => {
    await soap.create({ title: 'VPN' });
    expect(soap.target.seen[0]!.body.toString()).toContain('<inc:insert xmlns:inc="http://www.service-now.com/incident"><short_description>VPN</short_description>');
    expect(lines(soap.target)).toEqual(['POST /incident.do?SOAP']);
    expect(soap.target.seen[0]!.headers['soapaction']).toBe('"http://www.service-now.com/incident/insert"');
  });

  it('that ends in a fault of the server itself is tried again', async () => {
    soap.target.next({ do: 'answer', status: 500, headers: { 'content-type': 'text/xml' }, body: '<E:Envelope xmlns:E="http://schemas.xmlsoap.org/soap/envelope/"><E:Body><E:Fault><faultcode>E:Server</faultcode><faultstring>com.glide.processors.soap.SOAPProcessingException: no semaphore available</faultstring></E:Fault></E:Body></E:Envelope>' });
    expect(await soap.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable' });
  });

  it.each([['comments', 'public'], ['work_notes', 'internal']])('comes as an envelope, whose %s are %s and whose times are UTC', (field, visibility) => {
    const body = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><incident xmlns="urn:parley:servicenow"><sys_id>${ID}</sys_id><number>INC1</number><sys_mod_count>4</sys_mod_count><sys_updated_on>2026-01-31 08:05:12</sys_updated_on><sys_updated_by>vera</sys_updated_by><short_description>VPN</short_description><state>3</state><hold_reason>4</hold_reason><priority>2</priority><due_date></due_date><${field}>a &lt; b</${field}></incident></soap:Body></soap:Envelope>`;
    expect(soap.receive(body)).toEqual([expect.objectContaining({
      ticketId: ID, sender: { id: 'vera' }, occurredAt: '2026-01-31T08:05:12.000Z', eventId: `${ID}:4:${field}`,
      attributes: { 'ticket.id': ID, 'ticket.number': 'INC1', title: 'VPN', status: 'onHold', statusReason: 'waitingSupplier', priority: '2', 'comment.text': 'a < b', 'comment.author': 'vera', 'comment.visibility': visibility },
    })]);
  });
});
