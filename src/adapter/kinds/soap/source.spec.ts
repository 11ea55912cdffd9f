import { describe, expect, it } from '@jest/globals';
import { checkSettings } from '../../setting/check-settings.js';
import type { CallOutcome, ConnectedEndpoint, InboundRequest, PollContext, PollResult, RenderedRequest } from '../../contract.js';
import { soap } from './index.js';
import { ENVELOPE } from './names.js';

type Settings = Readonly<Record<string, unknown>>;
const NOW_MS = Date.parse('2026-11-20T10:00:00Z');
const POLL = {
  action: 'urn:t/getRecords', body: '<t:getRecords><t:since>{{cursor}}</t:since><t:first>{{first}}</t:first><t:last>{{last}}</t:last></t:getRecords>', list: '//t:record', pageSize: 2,
  cursor: { type: 'timestamp', field: { xpath: '//t:updated' }, format: 'yyyy-MM-dd HH:mm:ss', overlapSeconds: 60, initial: '2026-11-20T08:00:00Z' }, version: [{ xpath: '//t:id' }, { xpath: '//t:updated' }],
};
const INBOUND = { ticketId: { xpath: '//t:id' }, attributes: { title: 'title', kind: '@kind' } };
const endpoint = (poll: Settings = POLL): ConnectedEndpoint => ({
  organization: 'o', id: 'desk', name: 'Desk', settings: { address: 'https://desk.example/soap', namespaces: { t: 'urn:t' }, auth: { type: 'basic', username: 'u', password: 'secret' } }, entityTypes: [{ name: 'ticket', references: [], settings: { poll, inbound: INBOUND } }],
});
const envelope = (body: string): string => `<s:Envelope xmlns:s="${ENVELOPE['1.1']}" xmlns:u="urn:t"><s:Body>${body}</s:Body></s:Envelope>`;
const record = (id: string, updated: string): string => `<u:record kind="a"><u:id>${id}</u:id><u:title>Gr\u00fcn &lt;b&gt; ${id}</u:title><u:updated>2026-11-20 ${updated}</u:updated></u:record>`;
const records = (...all: string[]): string => envelope(`<u:getRecordsResponse>${all.join('')}</u:getRecordsResponse>`);

/** Polls with these answers in turn; what was asked is kept. */
function desk(...answers: (string | CallOutcome)[]) {
  const asked: RenderedRequest[] = [];
  const call = (request: RenderedRequest): Promise<CallOutcome> => {
    asked.push(request);
    const next = answers.shift() ?? records();
    return Promise.resolve(typeof next === 'string' ? { kind: 'answered', status: 200, headers: { 'content-type': 'text/xml; charset=utf-8' }, body: Buffer.from(next) } : next);
  };
  const context = { http: { call }, signal: new AbortController().signal, nowMs: NOW_MS } as unknown as PollContext;
  return { asked, texts: () => asked.map(({ body }) => Buffer.from(body ?? '').toString()), poll: (cursor: unknown = null, to = endpoint()) => soap.source!.poll(to, 'ticket', cursor, context) };
}
function fetched(result: PollResult) {
  if (result.kind !== 'fetched') throw new Error(result.error);
  return result;
}

describe('polling a list', () => {
  it('is of entity types that say how, and its settings are checked', () => {
    expect(soap.source!.channels(endpoint({ ...POLL, everySeconds: 30 }))).toEqual([{ name: 'ticket', everyMs: 30_000 }]);
    expect(soap.source!.channels({ ...endpoint(), entityTypes: [{ name: 'ticket', references: [], settings: {} }] })).toEqual([]);
    expect(checkSettings(soap.entityTypeSettings, { poll: POLL })).toEqual([]);
    expect(checkSettings(soap.entityTypeSettings, { poll: { body: '<t:a/>' } }).map(({ pointer }) => pointer)).toEqual(['/poll/list']);
    expect(checkSettings(soap.entityTypeSettings, { poll: { ...POLL, style: 'rpc' } }).map(({ pointer }) => pointer)).toEqual(['/poll/rpc']);
  });

  it('may be said to be at times, and in hours outside of which nothing is asked', async () => {
    const office = { ...POLL, cron: '*/10 * * * *', hours: { weekdays: ['MON', 'TUE', 'WED', 'THU', 'FRI'], from: '08:00', to: '18:00' }, zone: 'Europe/Helsinki' };
    expect(checkSettings(soap.entityTypeSettings, { poll: office })).toEqual([]);
    expect(checkSettings(soap.entityTypeSettings, { poll: { ...office, everySeconds: 60 } })).toEqual([{ pointer: '/poll/everySeconds', detail: 'cannot stand beside what else is set here' }]);
    expect(checkSettings(soap.entityTypeSettings, { poll: { ...office, style: 'rpc', zone: 'Nowhere' } }).map(({ pointer }) => pointer).sort()).toEqual(['/poll/rpc', '/poll/zone']);
    const [channel] = soap.source!.channels(endpoint(office));
    expect([channel!.everyMs, new Date(channel!.nextAtMs!(Date.parse('2026-11-20T15:55:00Z'), 0.5)).toISOString()]).toEqual([600_000, '2026-11-23T06:00:00.000Z']);
    const there = desk();
    const saturday = { http: { call: () => { throw new Error('nothing may be asked'); } }, signal: new AbortController().signal, nowMs: Date.parse('2026-11-21T10:00:00Z') } as unknown as PollContext;
    expect(await soap.source!.poll(endpoint(office), 'ticket', null, saturday)).toMatchObject({ kind: 'fetched', items: [], more: false, warning: 'Nothing is asked outside of its hours; they begin at 2026-11-23T06:00:00.000Z.' });
    expect(fetched(await there.poll(null, endpoint(office))).more).toBe(false);
    expect(there.asked).toHaveLength(1);
  });

  it('asks from where it stands, page by page, and hands each record on as an envelope that the mapping reads', async () => {
    const there = desk(records(record('1', '09:00:00'), record('2', '09:05:00')), records(record('3', '09:10:00')));
    const first = fetched(await there.poll());
    expect(there.texts()[0]).toContain('<t:since>2026-11-20 07:59:00</t:since><t:first>0</t:first><t:last>2</t:last>');
    expect(there.asked[0]!.headers).toMatchObject({ soapaction: '"urn:t/getRecords"', authorization: expect.stringMatching(/^Basic /) });
    expect([first.items.length, first.more]).toEqual([2, true]);
    const request: InboundRequest = { ...first.items[0]!, headers: {}, query: '' };
    expect(soap.inbound.normalize(request, endpoint())).toMatchObject({ ok: true, value: [{ ticketId: '1', attributes: { title: 'Gr\u00fcn <b> 1', kind: 'a' } }] });
    const second = fetched(await there.poll(JSON.parse(JSON.stringify(first.cursor))));
    expect(there.texts()[1]).toContain('<t:since>2026-11-20 07:59:00</t:since><t:first>2</t:first><t:last>4</t:last>');
    expect([second.items.length, second.more]).toEqual([1, false]);
    fetched(await there.poll(second.cursor));
    expect(there.texts()[2]).toContain('<t:since>2026-11-20 09:09:00</t:since><t:first>0</t:first>');
  });

  it('tells one state of a record from another, and knows the same again', async () => {
    const keys = async (...all: string[]): Promise<string[]> => fetched(await desk(records(...all)).poll()).items.map(({ repeatKey }) => repeatKey);
    const [before] = await keys(record('1', '09:00:00'));
    expect(await keys(record('1', '09:00:00'))).toEqual([before]);
    expect(await keys(record('1', '09:30:00'))).not.toEqual([before]);
  });

  it('begins now, where nothing else is said, before anything is asked', async () => {
    const there = desk();
    const begun = fetched(await there.poll(null, endpoint({ ...POLL, cursor: { type: 'timestamp', field: { xpath: '//t:updated' } } })));
    expect([there.asked.length, begun.items.length, begun.more]).toEqual([0, 0, true]);
  });

  it('goes on with a token of the answer; without a cursor it brings what changed', async () => {
    const poll = { body: '<t:list><t:page>{{page}}</t:page></t:list>', list: '//t:record', next: { xpath: '//t:next' } };
    const there = desk(envelope(`<u:r>${record('1', '09:00:00')}<u:next>p2</u:next></u:r>`), envelope(`<u:r>${record('2', '09:00:00')}</u:r>`), records(record('1', '09:00:00'), record('2', '09:07:00')));
    const first = fetched(await there.poll(null, endpoint(poll)));
    const second = fetched(await there.poll(first.cursor, endpoint(poll)));
    expect([first.more, second.more, there.texts()[1]]).toEqual([true, false, expect.stringContaining('<t:page>p2</t:page>')]);
    const third = fetched(await there.poll(second.cursor, endpoint(poll)));
    expect(third.items.map(({ body }) => /<u:id>(\d)/.exec(Buffer.from(body).toString())?.[1])).toEqual(['2']);
  });

  it('is empty where the list is, and fails where the answer is a fault, no envelope, or refuses us', async () => {
    expect(fetched(await desk(records()).poll()).items).toEqual([]);
    const answered = (status: number, body: string): CallOutcome => ({ kind: 'answered', status, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) });
    const fault = (code: string): string => envelope(`<s:Fault><faultcode>s:${code}</faultcode><faultstring>no such table</faultstring></s:Fault>`);
    expect(await desk(answered(500, fault('Server'))).poll()).toMatchObject({ kind: 'failed', error: expect.stringContaining('no such table') });
    expect(await desk(answered(500, fault('Client.Authentication'))).poll()).toMatchObject({ kind: 'credentials' });
    expect(await desk(answered(200, '<html/>')).poll()).toMatchObject({ kind: 'failed' });
    expect(await desk({ kind: 'failed', reason: 'refused', message: 'refused', written: false }).poll()).toMatchObject({ kind: 'failed' });
    expect(await desk().poll(null, endpoint({ ...POLL, list: '//t:record[' }))).toMatchObject({ kind: 'failed', error: expect.stringContaining('XPath') });
  });
});
