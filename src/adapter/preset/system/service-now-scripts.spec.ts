import { beforeEach, describe, expect, it } from '@jest/globals';
import { PresetDesk, useDesk } from '../../../../test/support/fakes/preset-desk.js';
import { currentOf, Glide, scriptsOf } from '../../../../test/support/fakes/service-now-glide.js';
import { FakeServiceNow } from '../../../../test/support/fakes/service-now.js';
import { serviceNowSoap } from './service-now-soap.js';
import { serviceNow } from './service-now.js';

const there = new FakeServiceNow();
const AUTH = { auth: { type: 'basic', username: 'parley', password: 'secret' } };
const table = useDesk(new PresetDesk(serviceNow, { ...AUTH, verification: { type: 'sharedToken', header: 'x-parley-token', secret: 'token' } }), (target) => there.attachTo(target));
const soap = useDesk(new PresetDesk(serviceNowSoap, AUTH), (target) => there.attachTo(target));
beforeEach(() => there.clear());

/** An incident that Vera changed, and what the script of a page sends of it. */
function ran(page: string, at: number, said: { readonly comments?: string; readonly work_notes?: string } = {}) {
  const row = there.insert({ short_description: 'VPN <down> & out', state: '3', hold_reason: '4', due_date: '2026-02-01 08:00:00' });
  there.write(row, {}, 'vera');
  const glide = new Glide(there);
  glide.run(scriptsOf(page)[at]!, { current: currentOf(row, said) });
  return { row, sent: glide.sent };
}

describe('the business rule of the page', () => {
  it.each([[{}, [[undefined, undefined]]], [{ comments: 'for all' }, [['for all', 'public']]], [{ work_notes: 'for us' }, [['for us', 'internal']]], [{ comments: 'a <b> & c', work_notes: 'for us' }, [['a <b> & c', 'public'], ['for us', 'internal']]]])('sends what the preset reads: %j', (said, expected) => {
    for (const [page, desk] of [['servicenow', table], ['servicenow-soap', soap]] as const) {
      const { row, sent } = ran(page, 0, said);
      const messages = sent.flatMap(({ body, headers }) => desk.receive(body, headers));
      expect(messages.map(({ attributes }) => [attributes['comment.text'], attributes['comment.visibility']])).toEqual(expected);
      for (const message of messages) expect(message).toMatchObject({ ticketId: row['sys_id'], sender: { id: 'vera' }, occurredAt: '2026-01-31T10:05:00.000Z', attributes: { title: 'VPN <down> & out', status: 'onHold', statusReason: 'waitingSupplier', dueAt: '2026-02-01T08:00:00.000Z' } });
    }
  });

  it('carries both credentials in headers', () => {
    expect(ran('servicenow', 0).sent).toEqual([expect.objectContaining({ url: 'https://parley.example/api/v1/inbound/servicenow/Incident', headers: { 'content-type': 'application/json', authorization: 'Bearer credential', 'x-parley-token': 'token' } })]);
  });

  it('for files names the file and its incident, and Parley fetches it', async () => {
    const { sys_id: id } = there.insert({ short_description: 'VPN' });
    const { text: _, ...file } = there.keep(id!, 'a b.txt', { type: 'text/plain', text: 'hello', by: 'vera' });
    const glide = new Glide(there);
    glide.run(scriptsOf('servicenow')[1]!, { current: currentOf(file) });
    const { body, headers } = glide.sent[0]!;
    expect(await table.receiveWhole(body, headers)).toEqual([expect.objectContaining({ ticketId: id, sender: { id: 'vera' }, eventId: `file:${file.sys_id}`, attachments: [expect.objectContaining({ name: 'a b.txt', content: Buffer.from('hello') })] })]);
  });
});
