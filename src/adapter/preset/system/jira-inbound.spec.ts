import { beforeEach, describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { basic, header } from '../../../../test/support/fakes/fake-system.js';
import { FakeJira } from '../../../../test/support/fakes/jira.js';
import { lines, PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { jiraCloud, jiraDataCenter } from './jira.js';

const [ofCloud, ofServer] = [new FakeJira(), new FakeJira('data center')];
const VERIFICATION = { type: 'jira', secret: 'shared' };
const cloud = useDesk(new PresetDesk(jiraCloud, { auth: { type: 'basic', username: 'p@x', password: 'token' }, verification: VERIFICATION }, '', true), (target) => ofCloud.attachTo(target, basic('p@x', 'token')));
const server = useDesk(new PresetDesk(jiraDataCenter, { auth: { type: 'bearer', token: 'pat' }, verification: VERIFICATION }, '', true), (target) => ofServer.attachTo(target, header('authorization', 'Bearer pat')));
beforeEach(() => { ofCloud.clear(); ofServer.clear(); });

const VERA = { accountId: 'u1', name: 'vera', displayName: 'Vera' };
const AT = '2026-01-31T10:05:00.000+0200';
const FIELDS = { summary: 'VPN', updated: AT, created: AT, status: { name: 'Pending' }, priority: { name: 'High' }, labels: [] };
const signed = (document: object): [string, Record<string, string>] => {
  const body = JSON.stringify(document);
  return [body, { 'x-hub-signature': `sha256=${createHmac('sha256', 'shared').update(body).digest('hex')}` }];
};

describe.each([['Cloud', cloud], ['Data Center', server]] as const)('the webhook of Jira %s', (_, desk) => {
  const arrived = (document: object) => desk.receiveWhole(...signed({ user: VERA, ...document }));

  it('brings a change and the comment that came with it as two messages, the comment once however it is told', async () => {
    const comment = { id: '9', body: 'hello', jsdPublic: true, created: AT, author: VERA };
    const whole = await arrived({ webhookEvent: 'jira:issue_updated', issue_event_type_name: 'issue_commented', issue: { id: '10000', key: 'OPS-1', fields: FIELDS }, comment });
    expect(whole.map(({ eventId, attributes }) => [eventId, attributes['comment.text'], attributes['status'], attributes['createdAt']])).toEqual([[null, undefined, 'pending', '2026-01-31T08:05:00.000Z'], ['comment:9', 'hello', 'pending', '2026-01-31T08:05:00.000Z']]);
    expect((await arrived({ webhookEvent: 'comment_created', issue: { id: '10000', fields: FIELDS }, comment })).map(({ eventId }) => eventId)).toEqual(['comment:9']);
  });

  it.each(['comment_updated', 'comment_deleted', 'jira:issue_deleted', 'attachment_created'])('says nothing by %s', async (webhookEvent) => {
    expect(await arrived({ webhookEvent, ...(webhookEvent === 'attachment_created' ? { attachment: { id: '1' } } : { issue: { id: '10000', fields: FIELDS }, comment: { id: '9', body: 'x', author: VERA } }) })).toEqual([]);
  });

  it('takes a comment for a role of people for internal, and markup and documents for their text', async () => {
    const said = (body: unknown, more: object = {}) => arrived({ webhookEvent: 'comment_created', issue: { id: '10000', fields: FIELDS }, comment: { id: '9', body, jsdPublic: true, created: AT, author: VERA, ...more } });
    expect((await said('*really* [the page|https://x.example]', { visibility: { type: 'role', value: 'Developers' } }))[0]?.attributes).toMatchObject({ 'comment.text': 'really the page (https://x.example)', 'comment.visibility': 'internal' });
    expect((await said({ type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: 'one' }, { type: 'hardBreak' }, { type: 'text', text: 'two' }] }] }))[0]?.attributes).toMatchObject({ 'comment.text': 'one\ntwo', 'comment.visibility': 'public' });
  });

  it('brings the files that its history names, each once, also where they are kept elsewhere', async () => {
    const attachment = { id: '7', filename: 'a b.txt', mimeType: 'text/plain', created: AT, author: VERA, content: `${desk.target.url}/rest/api/3/attachment/content/7` };
    desk.target.next({ do: 'answer', status: 302, headers: { location: `${desk.target.url.replace('127.0.0.1', 'localhost')}/media` } }, { do: 'answer', status: 200, body: 'hello', headers: { 'content-type': 'text/plain' } });
    const messages = await arrived({ webhookEvent: 'jira:issue_updated', issue: { id: '10000', key: 'OPS-1', fields: { ...FIELDS, attachment: [attachment] } }, changelog: { items: [{ field: 'Attachment', to: '7' }] } });
    expect(messages.map(({ eventId, attachments }) => [eventId, attachments.map(({ name, content }) => `${name}: ${content.toString()}`)])).toEqual([[null, []], ['file:7', ['a b.txt: hello']]]);
    expect(desk.target.seen.map(({ headers }) => headers.authorization !== undefined)).toEqual([true, false]);
    expect((await arrived({ webhookEvent: 'jira:issue_updated', issue: { id: '10000', fields: { ...FIELDS, attachment: [attachment] } }, changelog: { items: [{ field: 'status' }] } })).map(({ eventId }) => eventId)).toEqual([null]);
  });
});

describe.each([['Cloud', cloud, ofCloud, 'GET /rest/api/3/search/jql?'], ['Data Center', server, ofServer, 'GET /rest/api/2/search?']] as const)('polling of Jira %s', (_, desk, there, path) => {
  const issue = (id: string, updated: string, more: object = {}) => {
    there.issues.push({ id, key: `OPS-${id}`, status: 'Pending', fields: { ...FIELDS, updated }, ...more });
    return there.issues.at(-1)!;
  };

  it('asks to the minute in UTC, looks back for what the minute hides, goes through all pages, and gives each state once', async () => {
    for (let id = 1; id <= 120; id++) issue(String(id), '2026-01-31T12:05:12.345+0200');
    const first = await desk.poll();
    expect(first.messages).toHaveLength(120);
    expect(first.messages[0]).toMatchObject({ ticketId: '1', occurredAt: '2026-01-31T10:05:12.345Z', attributes: { title: 'VPN', status: 'pending', priority: '2' } });
    const searches = lines(desk.target).filter((line) => line.startsWith(path));
    expect(searches).toHaveLength(2);
    expect(searches[0]).toContain('project = "OPS" AND updated >= "2026/01/31 09:57" ORDER BY updated ASC');
    const second = await desk.poll(first.cursor);
    expect(lines(desk.target).filter((line) => line.startsWith(path)).at(-1)).toContain('updated >= "2026/01/31 10:02"');
    expect(second.keys.filter((key) => !first.keys.includes(key))).toEqual([]);
  });

  it('brings each new comment and file as a message of its own', async () => {
    const one = issue('1', '2026-01-31T10:05:30.000+0000', { files: [{ id: '7', filename: 'a.txt', mimeType: 'text/plain', created: '2026-01-31T10:05:00.000+0000', author: VERA, content: `${desk.target.url}/nothing-there` }] });
    there.say(one, 'long ago', { created: '2026-01-01T10:00:00.000+0000' });
    there.say(one, 'for us', { jsdPublic: false });
    there.say(one, 'for all', { jsdPublic: true });
    there.say(one, 'who knows');
    const { messages } = await desk.poll();
    expect(messages.map(({ eventId, sender, attributes }) => [eventId, sender?.id, attributes['comment.text'], attributes['comment.visibility']])).toEqual([
      [null, 'parley', undefined, undefined], ...[['comment:101', 'for us', 'internal'], ['comment:102', 'for all', 'public'], ['comment:103', 'who knows', 'internal']].map(([id, text, visibility]) => [id, desk === cloud ? 'u1' : 'vera', text, visibility]),
      ['file:7', desk === cloud ? 'u1' : 'vera', undefined, undefined],
    ]);
  });

  it('takes a change for ours only where nobody else has changed the issue just before', async () => {
    const [ours, theirs] = [{ accountId: 'parley', name: 'parley' }, VERA].map((author, minute) => ({ author, created: `2026-01-31T10:0${minute}:00.000+0000` }));
    const one = issue('1', '2026-01-31T10:05:30.000+0000', { histories: [theirs, ours] });
    const senders = async () => (await desk.poll()).messages.map(({ sender }) => sender?.id);
    expect(await senders()).toEqual([undefined]);
    one.histories = [ours!, ours!];
    expect(await senders()).toEqual(['parley']);
  });
});
