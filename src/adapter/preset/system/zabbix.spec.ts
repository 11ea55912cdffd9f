import { beforeEach, describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { compileFunction } from 'node:vm';
import { PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { FakeZabbix, parameters } from '../../../../test/support/fakes/zabbix.js';
import { zabbix } from './zabbix.js';

const there = new FakeZabbix();
const OVER = { auth: { type: 'bearer', token: 'token' } };
const attach = (target: Parameters<FakeZabbix['attachTo']>[0]): void => there.attachTo(target);
const desk = useDesk(new PresetDesk(zabbix, OVER), attach);
const closing = useDesk(new PresetDesk(zabbix, { ...OVER, variables: { close: 'yes' } }), attach);
const polled = useDesk(new PresetDesk(zabbix, OVER, '', true), attach);
const stranger = useDesk(new PresetDesk(zabbix, { auth: { type: 'bearer', token: 'old' } }), attach);
beforeEach(() => { there.problems.length = 0; there.actions.length = 0; });

/** Runs the script of the page as Zabbix does. */
const script = /```js\n([^]*?)```/.exec(readFileSync(new URL('../../../../docs/systems/zabbix.md', import.meta.url), 'utf8'))![1]!;
function sent(given: Record<string, string>, status = 202): { readonly headers: string[]; readonly url: string; readonly body: string } {
  const seen = { headers: [] as string[], url: '', body: '' };
  const request = { addHeader: (one: string) => seen.headers.push(one), post: (url: string, body: string) => Object.assign(seen, { url, body }) && 'answer', getStatus: () => status };
  compileFunction(script, ['value', 'HttpRequest'])(JSON.stringify(given), function HttpRequest() { return request; });
  return seen;
}
const receive = (over: Record<string, string> = {}) => desk.receive(sent(parameters(over)).body);
const UPDATE = { update: '1', update_action: 'acknowledged, commented', update_message: 'on it', update_date: '2026.01.31', update_time: '10:05:12', update_user: 'vera' };

describe('what the media type of Zabbix sends', () => {
  it('is a problem in canonical words; what has no value is left out', () => {
    const [message] = receive();
    expect(message).toMatchObject({
      ticketId: '20427', messageType: 'problem', eventId: '20427:1', sender: null, occurredAt: expect.any(String),
      attributes: { title: 'High CPU', description: 'Load: 12', status: 'new', priority: '2', ci: 'web-1', 'trigger.id': '15112', tags: ['scope:performance'], 'ticket.url': 'https://zabbix.example.com/tr_events.php?triggerid=15112&eventid=20427' },
    });
    expect(Object.keys(message?.attributes ?? {})).not.toEqual(expect.arrayContaining(['comment.text']));
    expect(receive({ host: '*UNKNOWN*', opdata: '{EVENT.OPDATA}', zabbix: '{$ZABBIX.URL}', tags: '{EVENT.TAGSJSON}' })[0]?.attributes).toEqual(expect.not.objectContaining({ ci: expect.anything(), description: expect.anything(), 'ticket.url': expect.anything() }));
  });

  it.each([['5', '1'], ['4', '2'], ['3', '3'], ['2', '4'], ['1', '5'], ['0', '5']])('turns the scale: severity %s is priority %s', (severity, priority) => {
    expect(receive({ severity })[0]?.attributes['priority']).toBe(priority);
  });

  it('is the same ticket when it recovers, and each is told once', () => {
    const [recovered] = receive({ value: '0' });
    expect(recovered).toMatchObject({ ticketId: '20427', messageType: 'recovery', eventId: '20427:0', attributes: { status: 'resolved' } });
    expect(receive()[0]?.eventId).toBe(receive()[0]?.eventId);
  });

  it('is an update with its author and an internal comment', () => {
    expect(receive(UPDATE)[0]).toMatchObject({
      ticketId: '20427', messageType: 'update', eventId: '20427:2026.01.31:10:05:12:vera', sender: { id: 'vera' }, attributes: { status: 'inProgress', 'comment.text': 'on it', 'comment.author': 'vera', 'comment.visibility': 'internal' },
    });
    expect(receive({ ...UPDATE, update_action: 'unacknowledged', update_message: '' })[0]?.attributes).toMatchObject({ status: 'new' });
    expect(receive({ ...UPDATE, update_action: 'changed severity from Average to High' })[0]?.attributes).not.toHaveProperty('status');
    expect(receive({ ...UPDATE, update_action: 'commented', value: '0' })[0]?.attributes).not.toHaveProperty('status');
  });

  it('carries the credential in a header alone, and fails there where Parley does not take it', () => {
    const { headers, body, url } = sent(parameters());
    expect(headers).toContain('Authorization: Bearer credential');
    expect(body).not.toContain('"credential"');
    expect(url).toBe(parameters()['url']);
    expect(() => sent(parameters(), 503)).toThrow('Parley answered 503');
  });

  it('is no message where the media type is only tested', () => {
    expect(receive({ eventid: '{EVENT.ID}' })).toEqual([]);
  });
});

describe('a problem at Zabbix', () => {
  it('is acknowledged and given a severity and a message in one call', async () => {
    there.add();
    expect(await desk.update('20427', { status: 'inProgress', priority: '1', 'comment.text': 'on it', 'comment.author': 'Vera', 'comment.visibility': 'public' })).toMatchObject({ outcome: 'success' });
    expect(there.actions).toEqual([14]);
    expect(there.problems[0]).toMatchObject({ acknowledged: '1', severity: '5', messages: ['Vera: on it'] });
    await desk.update('20427', { status: 'reopened' });
    expect(there.problems[0]).toMatchObject({ acknowledged: '0' });
  });

  it('is left alone where there is nothing to do for it: no internal comments, no end by default', async () => {
    there.add({ mayBeClosed: true });
    for (const attributes of [{ 'comment.text': 'for us' }, { 'comment.text': 'for us', 'comment.visibility': 'internal' }, { status: 'resolved' }, { title: 'x' }]) expect(await desk.update('20427', attributes)).toMatchObject({ outcome: 'success' });
    expect(desk.target.seen).toHaveLength(0);
  });

  it('is closed where that is wanted and its trigger allows it', async () => {
    there.add({ mayBeClosed: true });
    there.add();
    expect(await closing.update('20427', { status: 'closed' })).toMatchObject({ outcome: 'success' });
    expect(there.problems[0]?.r_eventid).not.toBe('0');
    expect(await closing.update('20428', { status: 'resolved' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('trigger does not allow manual closing') });
  });

  it('is refused although everything is answered 200, and a token that is not known pauses the endpoint', async () => {
    expect(await desk.update('1', { status: 'inProgress' })).toMatchObject({ outcome: 'rejected', httpStatus: 200, error: expect.stringContaining('Application error.: No permissions to referred object') });
    expect(await stranger.update('1', { status: 'inProgress' })).toMatchObject({ outcome: 'credentials' });
  });

  it('is not told the same twice where nobody knows whether it was heard', async () => {
    there.add();
    desk.target.next({ do: 'cut' });
    expect(await desk.update('20427', { 'comment.text': 'once', 'comment.visibility': 'public' })).toMatchObject({ outcome: 'unknown' });
  });

  it('is not opened by a ticket', async () => {
    expect(await desk.create({ title: 'VPN' })).toMatchObject({ outcome: 'rejected', error: expect.stringContaining('no create operation') });
  });
});

describe('polling of Zabbix', () => {
  it('works where there is no problem, as the connection test does', async () => {
    expect(await polled.poll()).toMatchObject({ messages: [] });
    expect(await polled.check()).toEqual(['network ok', 'authentication ok', 'rights ok']);
  });

  it('brings what is a problem and what has ended since, each state once', async () => {
    there.add();
    const first = await polled.poll();
    expect(first.messages).toEqual([expect.objectContaining({ ticketId: '20427', messageType: 'polled', attributes: expect.objectContaining({ status: 'new', priority: '3', ci: 'web-1', 'trigger.id': '15112', tags: ['scope:performance'] }) })]);
    there.problems[0]!.acknowledged = '1';
    there.add({ endedAt: 1, r_eventid: '3' });
    there.add({ endedAt: Date.now(), r_eventid: '4' });
    const second = await polled.poll(first.cursor);
    expect(second.messages.map(({ ticketId, attributes }) => `${ticketId} ${String(attributes['status'])}`)).toEqual(['20427 inProgress', '20429 resolved']);
    expect((await polled.poll(second.cursor)).keys.filter((key) => !second.keys.includes(key))).toEqual([]);
  });
});
