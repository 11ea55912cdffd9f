import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Answer } from '../support/api-client.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { LedgerRun, untilIdle } from '../support/ledger-run.js';

describe.each([['canonical', false], ['mapped', true]] as const)('a %s message that is sent again', (_form, isMapped) => {
  let own: TestDatabase;
  let run: LedgerRun;
  beforeAll(async () => {
    own = await createDatabase();
    run = await LedgerRun.open({ application: { databaseUrl: own.url }, isMapped });
  });
  afterAll(async () => {
    await run.close();
    await own.drop();
  });
  const post = (ticket: string, step: number, headers: Readonly<Record<string, string>>): Promise<Answer> =>
    run.application.api.send('POST', '/api/v1/inbound/source/incident', { ticketId: ticket, attributes: { ticket, step } }, headers);
  const seen = async (ticket: string): Promise<unknown[]> => {
    await untilIdle(own.url, 60_000);
    // One that was cut short by a kill is sent again with the same key.
    return [...new Set(run.target.requests.filter(({ body }) => body['ticket'] === ticket).map(({ key }) => key))];
  };

  it.each(['idempotency-key', 'webhook-id'])('under the same %s is answered like the first and processed once', async (header) => {
    const ticket = `SAME-${header}`;
    const first = await post(ticket, 0, { [header]: ticket });
    const second = await post(ticket, 0, { [header]: ticket });
    expect(first.status).toBe(202);
    expect(first.headers.get('idempotency-replayed')).toBeNull();
    expect(second).toMatchObject({ status: 202, body: first.body });
    expect(second.headers.get('idempotency-replayed')).toBe('true');
    expect(await seen(ticket)).toHaveLength(1);
  });

  it('by many at once waits for the first and is processed once', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => post('MANY', 0, { 'idempotency-key': 'many' })));
    expect(new Set(answers.map(({ status, body }) => `${status} ${body.messageId as string}`)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(19);
    expect(await seen('MANY')).toHaveLength(1);
  });

  it('with another body is refused and changes nothing', async () => {
    await post('OTHER', 0, { 'idempotency-key': 'other' });
    expect(await post('OTHER', 1, { 'idempotency-key': 'other' })).toMatchObject({ status: 422, body: { status: 422, code: 'idempotency-key-reused' } });
    expect(await seen('OTHER')).toHaveLength(1);
  });

  it('without a key is another message, however alike', async () => {
    expect((await post('ALIKE', 0, {})).body.messageId).not.toBe((await post('ALIKE', 0, {})).body.messageId);
    expect(await seen('ALIKE')).toHaveLength(2);
  });

  it('after the process was killed is still known', async () => {
    const first = await post('KILLED', 0, { 'idempotency-key': 'killed' });
    await run.application.kill('SIGKILL');
    await run.restart();
    const second = await post('KILLED', 0, { 'idempotency-key': 'killed' });
    expect(second).toMatchObject({ status: 202, body: first.body });
    expect(await seen('KILLED')).toHaveLength(1);
  });
});
