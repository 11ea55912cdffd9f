import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { freePort } from '../../../scripts/embedded-postgres.mjs';
import { openBroker, type Desk } from '../../medium/broker-setup.js';
import { json } from '../../support/fake-target.js';
import { MailTaker } from '../../support/mail-server.js';
import { liveFolder } from '../live-folder.js';
import { LiveRequestTracker } from './live-request-tracker.js';
import { untilTrue, whatIsMissing } from './live-system.js';

const missing = whatIsMissing();
const live = missing === null ? describe : describe.skip;
if (missing !== null) process.stderr.write(`rt-mailgate, live: skipped: ${missing}\n`);

const TICKETS = 20;
const WAIT_MS = 300_000;
const numbers = Array.from({ length: TICKETS }, (_, at) => at + 1);

live('the mail gateway of Request Tracker', () => {
  const folder = liveFolder('rtmail');
  let rt: LiveRequestTracker;
  let gateway: MailTaker;
  let broker: Awaited<ReturnType<typeof openBroker>>;
  let desk: Desk;

  beforeAll(async () => {
    const inletPort = await freePort();
    rt = await LiveRequestTracker.start(folder, inletPort);
    broker = await openBroker({ inletPort });
    desk = await broker.desk();
    desk.target.always(() => json(200, {}));
    // What Parley sends is piped into RT's program, as a mail server would.
    gateway = await MailTaker.start({
      onData: (stream, _session, callback) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => { void rt.gateway(Buffer.concat(chunks).toString()).then((code) => callback(code === 0 ? null : Object.assign(new Error('later'), { responseCode: 451 }), 'filed')); });
      },
    });
    await desk.must('PUT', '/api/v1/endpoints/rt', {
      name: 'RT by mail', adapter: 'mail', entityTypes: [{ name: 'mail', create: { to: 'rt@rt.test' } }],
      settings: { address: 'parley@broker.test', incoming: { type: 'inlet' }, outgoing: { type: 'smtp', host: '127.0.0.1', port: gateway.port, security: 'none' }, numbers: ['\\[rt\\.test #(\\d+)\\]'], retry: { firstMs: 200, mostMs: 2_000 } },
    });
    await desk.rule('source to rt', { targetSystemId: 'rt', targetEntityType: 'mail', mappings: [{ type: 'Single', template: '${text}', targetAttribute: 'comment' }, { type: 'Single', template: '${title}', targetAttribute: 'title' }], attachmentMapping: { mapAttachmentsFromSourceMessage: true } });
    await desk.rule('rt to source', { sourceSystemId: 'rt', sourceEntityType: 'mail', targetSystemId: 'source', targetCondition: 'UPDATE', mappings: [{ type: 'Single', template: '${comment}', targetAttribute: 'text' }] });
  }, 180_000);
  afterAll(async () => {
    await broker?.close();
    await gateway?.stop();
    await rt?.daemon.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  const of = (type: string): string[] => rt.texts().filter((one) => one.type === type).map(({ text }) => text.trim());

  it(`makes ${TICKETS} tickets of what Parley mails, each once, with the file`, async () => {
    for (const number of numbers) {
      const attachments = number === 1 ? [{ name: 'a.bin', contentType: 'application/octet-stream', contentBase64: Buffer.from([0, 1, 255]).toString('base64') }] : [];
      await desk.say(`INC${number}`, { title: `VPN ${number}`, text: `opened: ${number}` }, { attachments });
    }
    await untilTrue(() => expect(rt.tickets()).toHaveLength(TICKETS), WAIT_MS);
    await desk.untilIdle();
    expect(of('Create').sort()).toEqual(numbers.map((number) => `opened: ${number}`).sort());
    expect(rt.tickets().every(({ subject }) => /^VPN \d+ \[#/.test(subject))).toBe(true);
    expect(rt.attachmentNames()).toEqual(['a.bin']);
  }, 400_000);

  it('brings what an agent answers there back into its ticket, and what is said to that into the same ticket there', async () => {
    for (const { id, subject } of rt.tickets()) await rt.call('POST', `/ticket/${id}/correspond`, { Content: `asked: ${/VPN (\d+)/.exec(subject)![1]}`, ContentType: 'text/plain' });
    await untilTrue(() => expect(desk.seen().filter((line) => line.includes('asked: '))).toHaveLength(TICKETS), WAIT_MS);
    for (const number of numbers) expect(desk.seen().some((line) => line.startsWith(`PUT /source/incidents/INC${number} `) && new RegExp(`asked: ${number}$`).test(line))).toBe(true);
    for (const number of numbers) await desk.say(`INC${number}`, { text: `said: ${number}` });
    await untilTrue(() => expect(of('Correspond').filter((text) => text.startsWith('said: '))).toHaveLength(TICKETS), WAIT_MS);
    await desk.untilIdle();
    expect(rt.tickets()).toHaveLength(TICKETS);
    const places = new Map(rt.texts().map(({ ticket, text }) => [text.trim(), ticket]));
    for (const number of numbers) expect(places.get(`said: ${number}`)).toBe(places.get(`opened: ${number}`));
    expect(desk.seen().filter((line) => line.includes('asked: '))).toHaveLength(TICKETS);
    expect((await desk.deliveries('rt')).filter(({ state }) => state !== 'SENT')).toEqual([]);
    const states = await desk.rows<{ state: string; count: number }>("SELECT state, count(*)::int AS count FROM message WHERE organization_id = $1 AND endpoint = 'rt' GROUP BY state ORDER BY state");
    process.stdout.write(`rt-mailgate, live: ${TICKETS} tickets, ${TICKETS} answers, ${TICKETS} replies; mails of RT: ${states.map(({ state, count }) => `${count} ${state}`).join(', ')}\n`);
  }, 400_000);
});
