import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { openBroker, type Desk } from '../../medium/broker-setup.js';
import { eventually } from '../../support/eventually.js';
import { json } from '../../support/fake-target.js';
import { MailSystem, whatIsMissing } from './mail-system.js';

const missing = whatIsMissing();
const live = missing === null ? describe : describe.skip;
if (missing !== null) process.stderr.write(`mail, live: skipped: ${missing}\n`);

const WAIT_MS = 60_000;
const EVENTS = 100;

live('Postfix, Dovecot and a Sieve vacation', () => {
  let system: MailSystem;
  let broker: Awaited<ReturnType<typeof openBroker>>;
  let desk: Desk;
  const injecting = (port: number) => createTransport({ host: '127.0.0.1', port, secure: false, ignoreTLS: true, pool: true, maxConnections: 4 });
  let inject: ReturnType<typeof injecting>;
  const write = (to: string, subject: string, text: string, more: Record<string, unknown> = {}) => inject.sendMail({ from: 'anna@itsm.test', to, subject, text, ...more });
  const report = (line: string): void => { process.stdout.write(`mail, live: ${line}\n`); };

  beforeAll(async () => {
    const inletPort = await freePort();
    system = await MailSystem.start(inletPort);
    inject = injecting(system.ports.smtp);
    broker = await openBroker({ inletPort });
    desk = await broker.desk();
    let made = 0;
    desk.target.always(() => json(201, { id: `N-${++made}` }));
    const tls = { ca: system.certificate };
    const outgoing = { type: 'smtp', host: 'localhost', port: system.ports.submission, security: 'starttls', username: 'broker@itsm.test', password: 'broker-pw' };
    const endpoint = (id: string, settings: Record<string, unknown>, entityType: Record<string, unknown> = {}) => desk.must('PUT', `/api/v1/endpoints/${id}`, {
      name: id, adapter: 'mail', settings: { tls, outgoing, retry: { firstMs: 500, mostMs: 2_000 }, ...settings }, entityTypes: [{ name: 'mail', ...entityType }],
    });
    await endpoint('desk', { address: 'broker@itsm.test', incoming: { type: 'imap', host: 'localhost', port: system.ports.imaps, security: 'tls', username: 'broker@itsm.test', password: 'broker-pw', after: 'move', moveTo: 'Processed', everySeconds: 30 } }, {
      extract: [{ when: { subject: '^PROBLEM' }, lines: { prefix: 'event.' }, ticketId: 'event.Problem ID', required: ['event.Host'] }],
    });
    await endpoint('pop', { address: 'pop@itsm.test', incoming: { type: 'pop3', host: 'localhost', port: system.ports.pop3, security: 'starttls', username: 'pop@itsm.test', password: 'pop-pw', everySeconds: 1 } });
    await endpoint('inlet', { address: 'desk@inlet.test', incoming: { type: 'inlet' } });
    for (const source of ['desk', 'pop', 'inlet']) {
      await desk.rule(`${source} to target`, { sourceSystemId: source, sourceEntityType: 'mail', mappings: [{ type: 'Single', template: '${body}', targetAttribute: 'text' }, { type: 'Single', template: '${subject}', targetAttribute: 'subject' }] });
    }
    await desk.rule('target to desk', {
      sourceSystemId: 'target', targetSystemId: 'desk', targetEntityType: 'mail',
      mappings: [{ type: 'Single', template: '${text}', targetAttribute: 'comment' }, { type: 'Single', template: '${to}', targetAttribute: 'to' }, { type: 'Single', template: '${text}', targetAttribute: 'title' }],
    });
  }, 120_000);
  afterAll(async () => {
    inject?.close();
    await broker?.close();
    await system?.stop();
  }, 60_000);

  const seen = (subject: string): { method: string; text: string }[] => desk.target.seen.map(({ method, body }) => ({ method, ...(JSON.parse(body.toString()) as { subject?: string; text: string }) })).filter((one) => one.subject?.includes(subject));
  const states = async (endpoint: string): Promise<Record<string, number>> =>
    Object.fromEntries((await desk.rows<{ state: string; count: number }>('SELECT state, count(*)::int AS count FROM message WHERE organization_id = $1 AND endpoint = $2 GROUP BY state', endpoint)).map(({ state, count }) => [state, count]));

  it(`${EVENTS} event mails make ${EVENTS} tickets, each once, and leave the mailbox`, async () => {
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: EVENTS }, (_, at) => write('broker+events@itsm.test', `PROBLEM host${at} is DOWN`, `Problem ID: P-${at}\nHost: host${at}\nState: DOWN\n`, { headers: { 'Auto-Submitted': 'auto-generated' } })));
    const injectedMs = performance.now() - startedAt;
    await eventually(() => expect(seen('PROBLEM')).toHaveLength(EVENTS), WAIT_MS);
    const doneMs = performance.now() - startedAt;
    expect(new Set(seen('PROBLEM').map(({ text }) => text)).size).toBe(EVENTS);
    expect(seen('PROBLEM').every(({ method }) => method === 'POST')).toBe(true);
    await eventually(() => expect(system.mailsOf('broker')).toHaveLength(0), WAIT_MS);
    expect(system.mailsOf('broker/.Processed')).toHaveLength(EVENTS);
    report(`${EVENTS} event mails: injected in ${Math.round(injectedMs)} ms, ${seen('PROBLEM').length} tickets after ${Math.round(doneMs)} ms, 0 twice, 0 lost`);
  }, 120_000);

  it('a person\'s mail opens a ticket, the answer reaches the person in the thread, and the person\'s answer the ticket', async () => {
    desk.target.next(json(201, { id: 'T-1' }));
    const startedAt = performance.now();
    await write('broker@itsm.test', 'Printer on fire', 'It burns.');
    await eventually(() => expect(seen('Printer')).toHaveLength(1), WAIT_MS);
    report(`a mail is a ticket ${Math.round(performance.now() - startedAt)} ms after it was sent (IDLE)`);
    await desk.say('T-1', { text: 'Which floor?' }, { endpoint: 'target' });
    await eventually(() => expect(system.mailsOf('anna').filter((one) => one.includes('Which floor?'))).toHaveLength(1), WAIT_MS);
    const got = system.mailsOf('anna').find((one) => one.includes('Which floor?'))!;
    expect(got).toMatch(/^Auto-Submitted: auto-generated/m);
    expect(got).toMatch(/^In-Reply-To:\s+<[^>]+@itsm\.test>/m);
    // A program that keeps nothing of the thread but the address.
    await write(/^Reply-To: (\S+)/m.exec(got)![1]!, 'Printer: my answer', 'The third.\n\nOn Fri, 20 Nov 2026 at 10:00 Desk wrote:\n> Which floor?');
    await eventually(() => expect(seen('my answer')).toEqual([expect.objectContaining({ method: 'PUT', text: 'The third.' })]), WAIT_MS);
  }, 120_000);

  it('an absence is not told of to a machine; a note that comes all the same, from a real address, is not answered', async () => {
    const notes = async (): Promise<string[]> => (await desk.rows<{ reason: string }>('SELECT reason FROM message WHERE organization_id = $1 AND endpoint = \'desk\' AND state = \'FILTERED\'')).map(({ reason }) => reason);
    await desk.say('T-2', { text: 'hello away', to: 'away@itsm.test' }, { endpoint: 'target' });
    await eventually(() => expect(system.mailsOf('away')).toHaveLength(1), WAIT_MS);
    // Parley's mails say that a machine wrote them; this one, in its name, does not.
    await write('away@itsm.test', 'hello again', 'are you there?', { from: 'broker@itsm.test' });
    await eventually(async () => expect(await notes()).toEqual([expect.stringContaining('auto-reply')]), WAIT_MS);
    await desk.untilIdle();
    expect(system.mailsOf('away')).toHaveLength(2);
    report(`vacation: 0 notes to Parley's own mail; ${(await notes()).length} note to a mail in its name, FILTERED, 0 answers`);
  }, 120_000);

  it('a mail that comes back fails its delivery; a refused recipient is refused at once', async () => {
    for (const [ticket, to] of [['T-3', 'full@itsm.test'], ['T-4', 'x@dead.test'], ['T-5', 'nosuch@itsm.test']] as const) await desk.say(ticket, { text: `hello ${to}`, to }, { endpoint: 'target' });
    const errors = async (): Promise<string[]> => (await desk.rows<{ error: string }>('SELECT error FROM delivery WHERE organization_id = $1 AND endpoint = \'desk\' AND state = \'DEAD\' ORDER BY id')).map(({ error }) => error);
    await eventually(async () => expect(await errors()).toEqual([expect.stringMatching(/full@itsm\.test came back: 5\.1\.1/), expect.stringMatching(/x@dead\.test came back/), expect.stringMatching(/refuses the mail: 5/)]), WAIT_MS);
    // Postfix brings the headers back in which the recipient is proved.
    expect(await desk.rows('SELECT address, bounces FROM bounced_address WHERE organization_id = $1 ORDER BY address')).toEqual(expect.arrayContaining([{ address: 'full@itsm.test', bounces: 1 }]));
    // The notifications stand in the conversations of the mails, and nobody answers them.
    const bounced = await desk.rows<{ count: number }>(`SELECT count(DISTINCT m.conversation_id)::int AS count FROM message m JOIN delivery d ON d.conversation_id = m.conversation_id AND d.organization_id = m.organization_id
      WHERE m.organization_id = $1 AND m.endpoint = 'desk' AND m.message_type = 'bounce' AND d.state = 'DEAD'`);
    expect(bounced[0]?.count).toBe(2);
    report(`bounces: ${(await errors()).join(' | ')}`);
  }, 120_000);

  it('POP3 over STARTTLS takes mails and deletes them; Postfix hands mails to the inlet, unknown recipients go back to their sender', async () => {
    await write('pop@itsm.test', 'over pop', 'first');
    await eventually(() => expect(seen('over pop')).toHaveLength(1), WAIT_MS);
    await eventually(() => expect(system.mailsOf('pop')).toHaveLength(0), WAIT_MS);
    await write('desk+x@inlet.test', 'over the inlet', 'second');
    await eventually(() => expect(seen('over the inlet')).toHaveLength(1), WAIT_MS);
    const before = system.mailsOf('anna').length;
    await write('nobody@inlet.test', 'to nobody', 'third');
    await eventually(() => expect(system.mailsOf('anna').length).toBe(before + 1), WAIT_MS);
    expect(system.mailsOf('anna').some((one) => one.includes('5.1.1 no such mailbox here'))).toBe(true);
    await eventually(async () => expect((await states('inlet'))['ROUTED'] ?? (await states('inlet'))['PROCESSED'] ?? Object.values(await states('inlet'))[0]).toBe(1), WAIT_MS);
  }, 120_000);
});
