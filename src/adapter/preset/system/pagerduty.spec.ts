import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { json } from '../../../../test/support/fake-target.js';
import { FakePagerDuty } from '../../../../test/support/fakes/pagerduty.js';
import { file, lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { pagerDuty } from './pagerduty.js';

const there = new FakePagerDuty();
const desk = useDesk(new PresetDesk(pagerDuty, { auth: { type: 'header', name: 'Authorization', value: 'Token token=key' }, variables: { service: 'PSERVICE' }, verification: { type: 'pagerduty', secret: 'shared' } }), (target) => there.attachTo(target));
beforeEach(() => { there.incidents.length = 0; there.notes.length = 0; });

const signed = (body: string, secret = 'shared'): string => `v1=${createHmac('sha256', secret).update(body).digest('hex')}`;
const receive = (event: object) => {
  const body = JSON.stringify({ event: { id: '01EVENT', resource_type: 'incident', occurred_at: '2026-01-31T08:05:12.169Z', agent: { id: 'PVERA', type: 'user_reference', summary: 'Vera' }, ...event } });
  return desk.receive(body, { 'x-pagerduty-signature': signed(body) });
};
const INCIDENT = {
  id: 'PINC7', type: 'incident', number: 7, html_url: 'https://acme.pagerduty.com/incidents/PINC7', status: 'acknowledged', incident_key: 'k', title: 'VPN', urgency: 'high', priority: { summary: 'P2' },
  service: { summary: 'Network' }, assignees: [{ summary: 'Vera' }], teams: [], escalation_policy: { summary: 'Night' },
};

describe('an incident at PagerDuty', () => {
  it('is opened on its service with the key of the delivery, in the name of a user', async () => {
    expect(await desk.create({ title: 'VPN', description: 'Since 07:40', priority: '2', status: 'new' }, { attachments: [file('a.txt', 'x')] })).toMatchObject({ outcome: 'success', ticketId: 'PINC1', answer: { number: 1 }, warning: expect.stringContaining('a.txt') });
    expect(there.incidents[0]).toMatchObject({ title: 'VPN', details: 'Since 07:40', urgency: 'high', incident_key: '019a0000-0000-7000-8000-000000000001' });
    expect(desk.target.seen[0]?.headers).toMatchObject({ from: 'parley@example.com', accept: 'application/vnd.pagerduty+json;version=2' });
  });

  it('takes its own urgency before that of the priority', async () => {
    await desk.create({ title: 'VPN', priority: '1', urgency: '3' });
    expect(there.incidents[0]).toMatchObject({ urgency: 'low' });
  });

  it('that is open already with the same key is taken, not opened twice', async () => {
    await desk.create({ title: 'VPN' });
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'success', ticketId: 'PINC1' });
    expect(there.incidents).toHaveLength(1);
    expect(await desk.lookUp()).toEqual({ found: 'PINC1' });
    expect(await desk.lookUp('another')).toEqual({ found: null });
  });

  it('is acknowledged, resolved with its resolution, and opened again', async () => {
    await desk.create({ title: 'VPN' });
    await desk.update('PINC1', { status: 'inProgress', title: 'VPN down' });
    expect(there.incidents[0]).toMatchObject({ status: 'acknowledged', title: 'VPN down', urgency: 'high' });
    await desk.update('PINC1', { status: 'closed', resolution: 'Cable' });
    expect(there.incidents[0]).toMatchObject({ status: 'resolved', resolution: 'Cable' });
    await desk.update('PINC1', { status: 'reopened', resolution: 'Cable' });
    expect(there.incidents[0]).toMatchObject({ status: 'triggered' });
  });

  it('gets public comments as notes, and no others: everybody reads them', async () => {
    await desk.create({ title: 'VPN' });
    desk.target.seen.length = 0;
    await desk.update('PINC1', { 'comment.text': 'for all', 'comment.author': 'Vera', 'comment.visibility': 'public' });
    expect(lines(desk.target)).toEqual(['POST /incidents/PINC1/notes']);
    expect(await desk.update('PINC1', { 'comment.text': 'for us', 'comment.visibility': 'internal' })).toMatchObject({ outcome: 'success' });
    expect(await desk.update('PINC1', { 'comment.text': 'who knows' })).toMatchObject({ outcome: 'success' });
    expect(there.notes).toEqual(['Vera: for all']);
    expect(lines(desk.target)).toHaveLength(1);
  });

  it('takes 2,000 notes and no more', async () => {
    await desk.create({ title: 'VPN' });
    there.notes.push(...Array.from({ length: 2_000 }, () => 'x'));
    expect(await desk.update('PINC1', { 'comment.text': 'one more', 'comment.visibility': 'public' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('too many notes') });
  });

  it('says what is wrong in the words of PagerDuty, and waits as long as it asks', async () => {
    expect(await desk.create({ description: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Invalid Input Provided: Title cannot be empty.') });
    expect(await desk.update('PNONE', { title: 'x' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('Not Found') });
    desk.target.next(json(429, { error: { message: 'Rate Limit Exceeded', code: 2020 } }, { 'ratelimit-reset': '12' }));
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'retryable', retryAfterMs: 12_000 });
  });
});

describe('what the webhook of PagerDuty brings', () => {
  it('is read in canonical words', () => {
    expect(receive({ event_type: 'incident.acknowledged', data: INCIDENT })).toEqual([expect.objectContaining({
      ticketId: 'PINC7', messageType: 'incident.acknowledged', eventId: '01EVENT', occurredAt: '2026-01-31T08:05:12.169Z', sender: { id: 'PVERA', name: 'Vera' },
      attributes: expect.objectContaining({ title: 'VPN', status: 'inProgress', urgency: '1', priority: '2', 'ticket.number': '7', assignee: 'Vera', assignmentGroup: 'Night', service: 'Network' }),
    })]);
  });

  it('may be what nobody did: then it has no sender', () => {
    expect(receive({ event_type: 'incident.resolved', agent: null, data: { ...INCIDENT, status: 'resolved', priority: null } })).toEqual([expect.objectContaining({ sender: null, attributes: expect.not.objectContaining({ priority: expect.anything() }) })]);
  });

  it.each([['incident_note', 'incident.annotated', 'content'], ['incident_status_update', 'incident.status_update_published', 'message']])('is an internal comment of the incident that it names: %s', (type, event_type, member) => {
    const [message] = receive({ event_type, data: { id: 'PNOTE', type, incident: { id: 'PINC7', type: 'incident_reference', html_url: 'https://acme.pagerduty.com/incidents/PINC7' }, [member]: 'hello', trimmed: false } });
    expect(message).toMatchObject({ ticketId: 'PINC7', attributes: { 'comment.id': 'PNOTE', 'comment.text': 'hello', 'comment.author': 'Vera', 'comment.visibility': 'internal' } });
    expect(message?.attributes).not.toHaveProperty('status');
  });

  it.each([['pagey.ping', { type: 'ping', message: 'Hello' }], ['incident.responder.added', { type: 'incident_responder', incident: { id: 'PINC7' } }], ['service.updated', { id: 'PSERVICE', type: 'service' }]])('is no message where it is no news of a ticket: %s', (event_type, data) => {
    expect(receive({ event_type, data })).toEqual([]);
  });

  it('is believed by any signature of the list, while secrets change', () => {
    const body = JSON.stringify({ event: { id: '1', event_type: 'incident.triggered', data: INCIDENT } });
    expect(desk.receive(body, { 'x-pagerduty-signature': `${signed(body, 'another')},${signed(body)}` })).toHaveLength(1);
    expect(() => desk.receive(body, { 'x-pagerduty-signature': signed(body, 'another') })).toThrow();
  });
});
