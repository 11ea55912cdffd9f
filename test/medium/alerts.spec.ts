import { createHmac, randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { SMTPServer } from 'smtp-server';
import { AlertSender, AlertWatch, MonitoringModule } from '../../src/monitoring/index.js';
import { QueueModule } from '../../src/queue/index.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { FakeTarget, json } from '../support/fake-target.js';

/** A mail server that takes everything, or refuses it on command. */
class Mailbox {
  readonly mails: string[] = [];
  refuses = false;
  private readonly server = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      text(stream).then((mail) => {
        if (!this.refuses) this.mails.push(mail);
        done(this.refuses ? Object.assign(new Error('no room'), { responseCode: 452 }) : null);
      }, done);
    },
  });

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `smtp://127.0.0.1:${(this.server.server.address() as { port: number }).port}`;
  }

  stop(): Promise<void> {
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

let api: Api;
let me: ApiUser;
let receiver: FakeTarget;
let count = 0;
const mailbox = new Mailbox();

beforeAll(async () => {
  receiver = await FakeTarget.start();
  const smtpUrl = await mailbox.start();
  // A process that only serves people looks at nothing by itself: these tests say when.
  api = await openApi([QueueModule, MonitoringModule], { settings: { role: 'web', smtpUrl, mailFrom: 'parley@acme.example', publicUrl: 'https://parley.acme.example' } });
});
beforeEach(async () => {
  receiver.reset();
  receiver.always(json(200, {}));
  mailbox.mails.length = 0;
  mailbox.refuses = false;
  me = await api.organization(`alerts-${++count}`);
});
afterEach(async () => {
  await api.database.worker.query('DELETE FROM troubled_delivery');
  await api.database.worker.query('DELETE FROM alert_route');
});
afterAll(async () => {
  await api.close();
  await receiver.stop();
  await mailbox.stop();
});

const look = () => api.app.get(AlertWatch).look();
const tell = () => api.app.get(AlertSender).run();
const trouble = (state: 'DEAD' | 'HELD' = 'DEAD', endpoint = 'desk') => api.database.worker.query(
  `INSERT INTO troubled_delivery (organization_id, delivery_id, conversation_id, endpoint, entity_type, state, reason) VALUES ($1, $2, $3, $4, 'ticket', $5, 'the target says no')`,
  [me.organization, randomUUID(), randomUUID(), endpoint, state]);
const mended = () => api.database.worker.query('DELETE FROM troubled_delivery WHERE organization_id = $1', [me.organization]);
const open = async () => (await me.get('/api/v1/alerts?open=true')).body.items as Record<string, unknown>[];
const add = async (route: object) => {
  const answer = await me.send('POST', '/api/v1/alert-routes', route);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body as { id: string; verified: boolean };
};
const SECRET = 'whsec_c2VjcmV0LW9mLXRoZS1yZWNlaXZlcg==';
const hook = (over: object = {}) => add({ name: 'hook', kind: 'webhook', target: { url: `${receiver.url}/hook`, secret: SECRET }, ...over });
const news = () => receiver.seen.map((request) => JSON.parse(request.body.toString()) as { type: string; data: Record<string, unknown> });

describe('an alert', () => {
  it('is raised once, kept up to date, and resolved when it is over', async () => {
    await trouble();
    await look();
    await trouble();
    await look();
    expect(await open()).toMatchObject([{ kind: 'dead-deliveries', subject: 'desk', count: 2, detail: 'the target says no', resolvedAt: null, title: 'Deliveries are dead' }]);
    await mended();
    await look();
    expect(await open()).toEqual([]);
    expect((await me.get('/api/v1/alerts')).body.items).toMatchObject([{ kind: 'dead-deliveries', resolvedAt: expect.any(String) }]);
  });

  it('tells endpoints and states apart, and is raised anew when it comes back', async () => {
    await trouble('DEAD', 'desk');
    await trouble('HELD', 'desk');
    await trouble('DEAD', 'shop');
    await look();
    expect((await open()).map(({ kind, subject }) => [kind, subject])).toEqual(expect.arrayContaining([['dead-deliveries', 'desk'], ['held-deliveries', 'desk'], ['dead-deliveries', 'shop']]));
    await mended();
    await look();
    await trouble();
    await look();
    expect((await me.get('/api/v1/alerts')).body.items).toHaveLength(4);
  });

  it('is seen for credentials, a conversation that runs in a circle, and conversations that contradict each other', async () => {
    await api.database.worker.query(`INSERT INTO endpoint_runtime (organization_id, endpoint, paused_reason, paused_at, last_error) VALUES ($1, 'desk', 'CREDENTIALS', now(), 'The target answered 401.')`, [me.organization]);
    await api.database.worker.query(`INSERT INTO conversation (organization_id, id, blocked) VALUES ($1, $2, 'LOOP')`, [me.organization, randomUUID()]);
    await api.database.worker.query(`INSERT INTO conversation_event (organization_id, id, conversation_id, kind, other_id, attention) VALUES ($1, $2, $2, 'TICKET_CONFLICT', $3, true)`, [me.organization, randomUUID(), randomUUID()]);
    await look();
    expect(await open()).toEqual(expect.arrayContaining([expect.objectContaining({ kind: 'contradictions', count: 1 }), expect.objectContaining({ kind: 'credentials', subject: 'desk', detail: 'The target answered 401.' }), expect.objectContaining({ kind: 'loop', count: 1 })]));
  });

  it('is seen for messages that failed in the last hour, until they are tried again', async () => {
    const failed = (ago: string) => api.database.worker.query(
      `INSERT INTO failed_message (organization_id, message_id, endpoint, reason, failed_at) VALUES ($1, $2, 'desk', 'is no JSON', now() - $3::interval)`, [me.organization, randomUUID(), ago]);
    await failed('10 minutes');
    await failed('2 hours');
    await look();
    expect(await open()).toMatchObject([{ kind: 'failed-messages', subject: 'desk', count: 1, detail: 'is no JSON' }]);
    await api.database.worker.query('DELETE FROM failed_message WHERE organization_id = $1', [me.organization]);
    await look();
    expect(await open()).toEqual([]);
  });

  it('is seen for mails that were held back in the last hour, and for addresses that were given up in the last day', async () => {
    const held = (reason: string, count: number, ago: string) => api.database.worker.query(
      `INSERT INTO held_back (organization_id, endpoint, reason, count, last_at) VALUES ($1, 'desk', $2, $3, now() - $4::interval)`, [me.organization, reason, count, ago]);
    await api.database.inOrganization(me.organization, (manager) => manager.query(`INSERT INTO endpoint (organization_id, id, name, adapter) VALUES ($1, 'desk', 'Desk', 'mail')`, [me.organization]));
    const given = (address: string, ago: string | null) => api.database.worker.query(
      `INSERT INTO bounced_address (organization_id, endpoint, address, bounces, reason, delivery_id, suppressed_at) VALUES ($1, 'desk', $2, 3, '5.1.1 unknown', $3, now() - $4::interval)`, [me.organization, address, randomUUID(), ago]);
    await held('more mails of a@b.example than are taken in a time', 7, '10 minutes');
    await held('the same text came more than 3 times in one thread', 2, '20 minutes');
    await held('long ago', 1, '2 hours');
    await given('anna@p.example', '2 hours');
    await given('bob@p.example', '2 days');
    await given('carol@p.example', null);
    await look();
    expect((await open()).map(({ kind, subject, detail, count: counted }) => [kind, subject, detail, counted]).sort()).toEqual([['held-mails', 'desk', 'the same text came more than 3 times in one thread', 9], ['suppressed-addresses', 'desk', 'anna@p.example: 5.1.1 unknown', 1]]);
    await api.database.worker.query('DELETE FROM held_back WHERE organization_id = $1', [me.organization]);
    await look();
    expect((await open()).map(({ kind }) => kind)).toEqual(['suppressed-addresses']);
  });

  it('is not raised for an endpoint in maintenance, and is once that is over', async () => {
    const until = (window: object) => api.database.inOrganization(me.organization, (manager) => manager.query(
      `INSERT INTO endpoint (organization_id, id, name, adapter, maintenance) VALUES ($1, 'desk', 'Desk', 'rest', $2) ON CONFLICT (organization_id, id) DO UPDATE SET maintenance = excluded.maintenance`,
      [me.organization, JSON.stringify([window])]));
    await api.database.worker.query(`INSERT INTO endpoint_runtime (organization_id, endpoint, paused_reason, paused_at) VALUES ($1, 'desk', 'credentials', now())`, [me.organization]);
    await until({ from: '2020-01-01T00:00:00Z', to: '2100-01-01T00:00:00Z' });
    await look();
    expect(await open()).toEqual([]);
    await until({ from: '2020-01-01T00:00:00Z', to: '2020-01-02T00:00:00Z' });
    await look();
    expect(await open()).toMatchObject([{ kind: 'credentials', subject: 'desk' }]);
  });

  it('names the session that keeps tables locked, though what is in them cannot be seen; nothing else changes meanwhile', async () => {
    const installation = await api.organization('default');
    await trouble();
    await look();
    await mended();
    const stranger = new pg.Client({ connectionString: api.settings.databaseUrl, application_name: 'nightly report' });
    await stranger.connect();
    const clock = jest.spyOn(performance, 'now');
    try {
      const { rows } = await stranger.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      await stranger.query('BEGIN; LOCK TABLE conversation IN ACCESS EXCLUSIVE MODE');
      for (let n = 0; n < 2; n++) {
        const waiting = api.database.worker.query('SELECT count(*) FROM conversation').catch((error: Error) => error);
        await eventually(async () => expect((await api.database.app.query<unknown[]>('SELECT 1 FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()')).length).toBeGreaterThan(0));
        await look();
        expect(await waiting).toMatchObject({ message: expect.stringContaining('lock timeout') });
        const later = performance.now() + 10_000;
        clock.mockImplementation(() => later);
      }
      expect((await installation.get('/api/v1/alerts?open=true')).body.items).toMatchObject([{ kind: 'database-locked', detail: expect.stringMatching(new RegExp(`^session ${rows[0]!.pid} \\(.*nightly report\\) holds a lock for which`)) }]);
      expect(await open()).toMatchObject([{ kind: 'dead-deliveries' }]);
      await stranger.query('ROLLBACK');
      for (const laterMs of [0, 70_000]) {
        const now = performance.now() + laterMs;
        clock.mockImplementation(() => now);
        await look();
      }
      expect([await open(), (await installation.get('/api/v1/alerts?open=true')).body.items]).toEqual([[], []]);
    } finally {
      clock.mockRestore();
      await stranger.end();
    }
  });

  it('is nobody else\'s', async () => {
    await trouble();
    await look();
    const other = await api.organization(`alerts-other-${count}`);
    expect((await other.get('/api/v1/alerts')).body.items).toEqual([]);
  });
});

describe('a route', () => {
  it('is told the beginning and the end, signed, each once', async () => {
    await hook();
    await trouble();
    await look();
    await tell();
    await look();
    await tell();
    await mended();
    await look();
    await tell();
    expect(news()).toMatchObject([{ type: 'alert.raised', data: { kind: 'dead-deliveries', subject: 'desk', link: 'https://parley.acme.example/deliveries?state=DEAD' } }, { type: 'alert.resolved' }]);
    const [request] = receiver.seen;
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request!.headers;
    expect(signature).toBe(`v1,${createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64')).update(`${id}.${timestamp}.${request!.body.toString()}`).digest('base64')}`);
  });

  it('is told later where it does not answer, in the order in which it happened, with the same id', async () => {
    const { id } = await hook();
    receiver.next(json(500, {}));
    await trouble();
    await look();
    await tell();
    await mended();
    await look();
    await tell();
    expect(news()).toHaveLength(1); // the end waits behind the beginning
    expect((await me.get('/api/v1/alert-routes')).body.items).toMatchObject([{ id, lastError: 'The receiver answered 500.', lastSentAt: null }]);
    await api.database.worker.query('UPDATE alert_notice SET next_at = now() WHERE state = $1', ['WAITING']);
    await tell();
    expect(news().map(({ type }) => type)).toEqual(['alert.raised', 'alert.raised', 'alert.resolved']);
    expect(receiver.seen[1]?.headers['webhook-id']).toBe(receiver.seen[0]?.headers['webhook-id']);
    expect((await me.get('/api/v1/alert-routes')).body.items).toMatchObject([{ lastError: null, lastSentAt: expect.any(String) }]);
  });

  it('is told only of the kinds that it wants, and nothing while it is off', async () => {
    await hook({ alertKinds: ['credentials'] });
    await hook({ name: 'off', enabled: false });
    await trouble();
    await look();
    await tell();
    expect(news()).toEqual([]);
  });

  it('may be a Slack or Teams channel, whose words cannot become markup', async () => {
    await add({ name: 'slack', kind: 'slack', target: { url: `${receiver.url}/slack` } });
    await add({ name: 'teams', kind: 'teams', target: { url: `${receiver.url}/teams` } });
    await trouble('DEAD', '<!channel> & co');
    await look();
    await tell();
    const told = Object.fromEntries(receiver.seen.map(({ url, body }) => [url, body.toString()]));
    expect(told['/slack']).toContain('*New: Deliveries are dead (&lt;!channel&gt; &amp; co)*');
    expect(JSON.parse(told['/teams'] ?? '')).toMatchObject({ type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard', actions: [{ type: 'Action.OpenUrl' }] } }] });
  });

  it('by e-mail is told nothing before its owner has confirmed it', async () => {
    const { id, verified } = await add({ name: 'mail', kind: 'mail', target: { to: ['duty@acme.example'] } });
    expect(verified).toBe(false);
    const code = /The code is (\d{6})/.exec(mailbox.mails[0] ?? '')?.[1] ?? '';
    await trouble();
    await look();
    await tell();
    expect(mailbox.mails).toHaveLength(1);
    expect(await me.send('POST', `/api/v1/alert-routes/${id}/confirm`, { code: code === '000000' ? '000001' : '000000' })).toMatchObject({ status: 422, body: { code: 'code-wrong' } });
    expect(await me.send('POST', `/api/v1/alert-routes/${id}/confirm`, { code })).toMatchObject({ status: 200, body: { verified: true } });
    await mended();
    await look();
    await tell();
    for (const line of ['Subject: [Parley] Over: Deliveries are dead (desk)', 'To: duty@acme.example', 'From: parley@acme.example', 'Auto-Submitted: auto-generated']) expect(mailbox.mails[1]).toContain(`${line}\r\n`);
  });

  it('by e-mail stands five guesses', async () => {
    const { id } = await add({ name: 'mail', kind: 'mail', target: { to: ['duty@acme.example'] } });
    const code = /The code is (\d{6})/.exec(mailbox.mails[0] ?? '')?.[1] ?? '';
    const wrong = code === '123456' ? '654321' : '123456';
    for (let guess = 0; guess < 5; guess++) expect((await me.send('POST', `/api/v1/alert-routes/${id}/confirm`, { code: wrong })).status).toBe(422);
    expect((await me.send('POST', `/api/v1/alert-routes/${id}/confirm`, { code })).status).toBe(422);
    expect((await me.send('POST', `/api/v1/alert-routes/${id}/code`)).status).toBe(204);
    const another = /The code is (\d{6})/.exec(mailbox.mails[1] ?? '')?.[1] ?? '';
    expect((await me.send('POST', `/api/v1/alert-routes/${id}/confirm`, { code: another })).status).toBe(200);
  });

  it('can be tried, and says why it does not work', async () => {
    const { id } = await hook();
    expect(await me.send('POST', `/api/v1/alert-routes/${id}/test`)).toMatchObject({ status: 204 });
    expect(news()).toMatchObject([{ type: 'alert.test' }]);
    receiver.next(json(404, {}));
    expect(await me.send('POST', `/api/v1/alert-routes/${id}/test`)).toMatchObject({ status: 502, body: { code: 'alert-not-sent', detail: 'The receiver answered 404.' } });
  });

  it('keeps its target to itself, and keeps it where a change says nothing of it', async () => {
    const { id } = await hook();
    const changed = await me.send('PUT', `/api/v1/alert-routes/${id}`, { name: 'another name', kind: 'webhook' });
    expect(changed).toMatchObject({ status: 200, body: { name: 'another name', shown: new URL(receiver.url).host, verified: true } });
    expect(JSON.stringify([changed.body, (await me.get('/api/v1/alert-routes')).body, (await me.get('/api/v1/audit')).body])).not.toMatch(/whsec|\/hook/);
    expect((await me.send('POST', `/api/v1/alert-routes/${id}/test`)).status).toBe(204);
  });

  it.each([
    [{ kind: 'webhook', target: { url: 'ftp://x', secret: SECRET } }, '/target/url'],
    [{ kind: 'webhook', target: { url: 'https://x', secret: 'short' } }, '/target/secret'],
    [{ kind: 'slack' }, '/target/url'],
    [{ kind: 'mail', target: { to: ['a@b\r\nBcc: c@d'] } }, '/target/to'],
    [{ kind: 'mail', target: { to: [] } }, '/target/to'],
    [{ kind: 'pigeon', target: {} }, '/kind'],
    [{ kind: 'slack', target: { url: 'https://x' }, alertKinds: ['no-such'] }, '/alertKinds'],
  ])('that cannot work is refused with the place: %j', async (route, pointer) => {
    const answer = await me.send('POST', '/api/v1/alert-routes', { name: 'wrong', ...route });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body.errors)).toContain(pointer);
    expect((await me.get('/api/v1/alert-routes')).body.items).toEqual([]);
  });

  it('has a name of its own, and can be removed', async () => {
    const { id } = await hook();
    expect(await me.send('POST', '/api/v1/alert-routes', { name: 'hook', kind: 'slack', target: { url: receiver.url } })).toMatchObject({ status: 409, body: { code: 'name-taken' } });
    expect((await me.send('DELETE', `/api/v1/alert-routes/${id}`)).status).toBe(204);
    expect((await me.send('DELETE', `/api/v1/alert-routes/${id}`)).status).toBe(404);
  });

  it('is nobody else\'s', async () => {
    const { id } = await hook();
    const other = await api.organization(`routes-other-${count}`);
    expect((await other.get('/api/v1/alert-routes')).body.items).toEqual([]);
    for (const [method, path, body] of [['PUT', '', { name: 'x', kind: 'slack', target: { url: receiver.url } }], ['DELETE', '', undefined], ['POST', '/test', undefined], ['POST', '/code', undefined], ['POST', '/confirm', { code: '123456' }]] as const) {
      expect((await other.send(method, `/api/v1/alert-routes/${id}${path}`, body)).status).toBe(404);
    }
  });

  it('whose mail server refuses says so', async () => {
    mailbox.refuses = true;
    expect(await me.send('POST', '/api/v1/alert-routes', { name: 'mail', kind: 'mail', target: { to: ['duty@acme.example'] } })).toMatchObject({ status: 502, body: { code: 'mail-not-sent' } });
  });
});
