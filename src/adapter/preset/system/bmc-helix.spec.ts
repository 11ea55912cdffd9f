import { beforeEach, describe, expect, it } from '@jest/globals';
import { json } from '../../../../test/support/fake-target.js';
import { FakeBmcHelix } from '../../../../test/support/fakes/bmc-helix.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { bmcHelix } from './bmc-helix.js';

const there = new FakeBmcHelix();
const auth = (password: string): Readonly<Record<string, unknown>> => ({ auth: { ...(bmcHelix.endpoint.settings['auth'] as object), password } });
const desk = useDesk(new PresetDesk(bmcHelix, auth('helix-pass'), '/api'), (target) => there.attachTo(target));
const stranger = useDesk(new PresetDesk(bmcHelix, auth('wrong-pass'), '/api'), (target) => there.attachTo(target));
beforeEach(() => { for (const all of [there.incidents, there.logs, there.files]) all.length = 0; there.now = '2026-01-31T10:05:00.000+0000'; });

const NUMBER = 'INC000000000501';
const error = (status: number, messageNumber: number): ReturnType<typeof json> => json(status, [{ messageType: 'ERROR', messageText: 'Something', messageNumber, messageAppendedText: null }]);

describe('an incident at BMC Helix', () => {
  it('is created with a token that is plain text, in labels, by fields that are spelled as they are there', async () => {
    expect(await desk.create({ title: 'x'.repeat(150), description: 'Since 07:40', priority: 2 }, { attachments: [file('a b.txt', 'hello')] })).toMatchObject({ outcome: 'success', ticketId: NUMBER });
    expect(there.incidents[0]).toMatchObject({ Description: 'x'.repeat(100), Detailed_Decription: 'Since 07:40', Impact: '2-Significant/Large', Urgency: '2-High', Status: 'New', First_Name: 'Parley', z1D_Action: 'CREATE' });
    expect(there.files).toEqual(['a b.txt: hello']);
    expect(there.logs).toEqual([expect.objectContaining({ 'View Access': 'Internal', 'Incident Number': NUMBER })]);
    expect(await desk.lookUp()).toEqual({ found: NUMBER });
    expect(await desk.lookUp('another')).toEqual({ found: null });
  });

  it('whose answer has a Location and no body is looked up', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.next({ do: 'answer', status: 201, headers: { location: 'https://x.example/api/arsys/v1/entry/HPD:IncidentInterface_Create/INC000000000015' } });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'unknown', ticketId: null });
    expect(await desk.lookUp()).toEqual({ found: NUMBER });
  });

  it('is changed under the id of its entry, whose pipe is encoded', async () => {
    await desk.create({ title: 'VPN', 'requester.id': 'anna' });
    expect(there.incidents[0]).toMatchObject({ Login_ID: 'anna' });
    desk.target.seen.length = 0;
    expect(await desk.update(NUMBER, { status: 'inProgress', description: 'more', assignmentGroup: 'Network' })).toMatchObject({ outcome: 'success' });
    expect(desk.target.seen.map(({ method, url }) => `${method} ${url.split('?')[0]}`)).toEqual(['GET /api/arsys/v1/entry/HPD:IncidentInterface', 'PUT /api/arsys/v1/entry/HPD:IncidentInterface/INC000000000015%7CINC000000000015']);
    expect(there.incidents[0]).toMatchObject({ 'Status': 'In Progress', 'Detailed Decription': 'more', 'Assigned Group': 'Network', 'z1D_Action': 'MODIFY', 'Description': 'VPN' });
  });

  it('waits and is resolved with the reasons that are asked for', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update(NUMBER, { status: 'onHold', statusReason: 'waitingSupplier' });
    expect(there.incidents[0]).toMatchObject({ Status: 'Pending', Status_Reason: 'Third Party Vendor Action Reqd' });
    await desk.update(NUMBER, { status: 'pending' });
    expect(there.incidents[0]).toMatchObject({ Status_Reason: 'Client Hold' });
    await desk.update(NUMBER, { status: 'resolved', resolution: 'Cable' });
    expect(there.incidents[0]).toMatchObject({ Status: 'Resolved', Status_Reason: 'No Further Action Required', Resolution: 'Cable' });
  });

  it('is commented by work info, publicly only where that is said', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update(NUMBER, { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    await desk.update(NUMBER, { 'comment.text': 'for us', 'comment.visibility': 'internal' });
    await desk.update(NUMBER, { 'comment.text': 'who knows' });
    expect(there.logs.map((one) => [one['Detailed Description'], one['View Access']])).toEqual([['Vera: for all', 'Public'], ['for us', 'Internal'], ['who knows', 'Internal']]);
    expect(lines(desk.target).filter((line) => line.startsWith('PUT'))).toEqual([]);
  });

  it('that is refused by a rule there says why, though the status is 500', async () => {
    await desk.create({ title: 'VPN' });
    there.incidents[0]!['Status'] = 'Closed';
    expect(await desk.update(NUMBER, { title: 'x' })).toMatchObject({ outcome: 'rejected', httpStatus: 500, error: 'You cannot modify a closed incident.' });
    expect(await desk.update('INC9', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: 'There is no incident INC9.' });
    expect(await desk.update('INC9', { 'comment.text': 'x' })).toMatchObject({ outcome: 'rejected', error: 'The Incident Number is not valid.' });
  });

  it.each([[90, 'retryable'], [93, 'retryable'], [92, 'unknown'], [1291053, 'rejected']])('answered with the number %d is %s', async (number, outcome) => {
    await desk.create({ title: 'warm' });
    desk.target.next(error(500, number));
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome });
  });
});

describe('the token of BMC Helix', () => {
  it('is fetched once, and anew when it is refused', async () => {
    await desk.create({ title: 'one' });
    desk.target.seen.length = 0;
    await desk.create({ title: 'two' });
    expect(desk.target.seen).toHaveLength(1);
    there.logins += 5;
    expect(await desk.create({ title: 'three' })).toMatchObject({ outcome: 'success' });
    expect(await desk.check()).toEqual(['network ok', 'authentication ok', 'rights ok']);
  });

  it('that is refused at the login pauses the endpoint', async () => {
    expect(await stranger.create({ title: 'VPN' })).toMatchObject({ outcome: 'credentials' });
  });
});

describe('polling of BMC Helix', () => {
  const incident = (number: string, over: Readonly<Record<string, string>> = {}): number => there.incidents.push({
    'Incident Number': number, 'Description': 'VPN', 'Detailed Decription': 'Since 07:40', 'Status': 'Pending', 'Status_Reason': 'Client Action Required', 'Priority': 'High', 'Impact': '2-Significant/Large', 'Urgency': '1-Critical',
    'First Name': 'Anna', 'Last Name': 'Aalto', 'Last Modified Date': '2026-01-31T10:05:00.000+0000', 'Last Modified By': 'vera', ...over,
  });
  const log = (id: string, at: string, access: string): number => there.logs.push({ 'Work Log ID': id, 'Incident Number': 'INC1', 'Submit Date': at, 'Submitter': 'vera', 'Detailed Description': `text ${id}`, 'View Access': access });

  it('asks in seconds, and brings incidents in canonical words', async () => {
    incident('INC1');
    const { messages, cursor } = await desk.poll();
    expect(messages).toEqual([expect.objectContaining({
      ticketId: 'INC1', sender: { id: 'vera' }, occurredAt: '2026-01-31T10:05:00.000Z',
      attributes: { 'ticket.id': 'INC1', 'ticket.number': 'INC1', 'title': 'VPN', 'description': 'Since 07:40', 'status': 'pending', 'statusReason': 'waitingCustomer', 'priority': '2', 'impact': '2', 'urgency': '1', 'requester.name': 'Anna Aalto' },
    })]);
    expect(lines(desk.target).find((line) => line.includes('IncidentInterface?'))).toContain(`q='Last Modified Date' >= ${Date.parse('2026-01-31T09:59:00Z') / 1_000}`);
    await desk.poll(cursor);
    expect(lines(desk.target).filter((line) => line.includes('IncidentInterface?')).at(-1)).toContain(`>= ${Date.parse('2026-01-31T10:04:00Z') / 1_000}`);
  });

  it('brings each new work info, public only where it says so', async () => {
    incident('INC1');
    log('WLG1', '2026-01-01T10:00:00.000+0000', 'Public');
    log('WLG2', '2026-01-31T10:04:00.000+0000', 'Public');
    log('WLG3', '2026-01-31T10:05:00.000+0000', 'Internal');
    const { messages } = await desk.poll();
    expect(messages.slice(1).map(({ ticketId, sender, attributes }) => [ticketId, sender?.id, attributes['comment.id'], attributes['comment.text'], attributes['comment.visibility'], attributes['status']])).toEqual([
      ['INC1', 'vera', 'WLG2', 'text WLG2', 'public', undefined], ['INC1', 'vera', 'WLG3', 'text WLG3', 'internal', undefined],
    ]);
  });

  it('goes through all pages', async () => {
    for (let number = 0; number < 120; number++) incident(`INC${number + 2}`);
    expect((await desk.poll()).messages).toHaveLength(120);
  });
});
