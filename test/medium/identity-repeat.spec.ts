import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BOOTSTRAP_KEY, startIdentity, type Answer, type Running } from './identity-setup.js';

let parley: Running;
beforeAll(async () => { parley = await startIdentity(); });
afterAll(() => parley.stop());

const makeKey = (idempotencyKey: string, name: string, from: { key?: string; cookie?: string } = { key: BOOTSTRAP_KEY }): Promise<Answer> =>
  parley.call('POST', '/api/v1/api-keys', { ...from, headers: { 'idempotency-key': idempotencyKey }, body: { name, permissions: ['audit:read'] } });

const named = async (name: string): Promise<number> => {
  const { body } = await parley.call('GET', '/api/v1/api-keys?limit=200', { key: BOOTSTRAP_KEY });
  return (body['items'] as { name: string }[]).filter((one) => one.name === name).length;
};

describe('a write with an Idempotency-Key', () => {
  it('is done once; the repeat gets the same answer and is told so', async () => {
    const first = await makeKey('one', 'once');
    const again = await makeKey('one', 'once');
    expect(first.headers['idempotency-replayed']).toBeUndefined();
    expect(again).toMatchObject({ status: 201, body: first.body, headers: { 'idempotency-replayed': 'true', 'content-type': first.headers['content-type'] } });
    expect(await named('once')).toBe(1);
  });

  it('with another body is refused', async () => {
    await makeKey('two', 'first body');
    expect(await makeKey('two', 'second body')).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect(await named('second body')).toBe(0);
  });

  it('that comes many times at once is done once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => makeKey('three', 'at once')));
    expect(new Set(answers.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ headers }) => headers['idempotency-replayed'] === 'true')).toHaveLength(7);
    expect(await named('at once')).toBe(1);
  });

  it('that was refused has done nothing, so that its key is free', async () => {
    expect(await makeKey('four', '')).toMatchObject({ status: 422 });
    expect(await makeKey('four', 'corrected')).toMatchObject({ status: 201 });
  });

  it('is its caller\'s and its route\'s own', async () => {
    await makeKey('five', 'mine');
    const cookie = await parley.signIn();
    const other = await makeKey('five', 'mine', { cookie });
    expect(other.headers['idempotency-replayed']).toBeUndefined();
    expect(await parley.call('POST', '/api/v1/users', { cookie, headers: { 'idempotency-key': 'five' }, body: { email: 'five@example.org', role: 'viewer' } })).toMatchObject({ status: 201 });
  });

  it('may have no body: deleting twice is answered twice', async () => {
    const { body } = await makeKey('six', 'to revoke');
    const revoke = (): Promise<Answer> => parley.call('DELETE', `/api/v1/api-keys/${String(body['id'])}`, { key: BOOTSTRAP_KEY, headers: { 'idempotency-key': 'seven' } });
    expect(await revoke()).toMatchObject({ status: 204 });
    expect(await revoke()).toMatchObject({ status: 204, headers: { 'idempotency-replayed': 'true' } });
  });

  it('keeps its answer sealed: a new API key cannot be read in the database', async () => {
    const { body } = await makeKey('eight', 'sealed');
    const [organization] = await parley.database.app.query<{ id: string }[]>(`SELECT id FROM organization`);
    const stored = await parley.database.inOrganization(organization!.id as never, (manager) => manager.query<{ answer: Buffer }[]>(`SELECT answer FROM api_idempotency WHERE key = 'eight'`));
    expect(stored).toHaveLength(1);
    expect(stored[0]!.answer.includes(String(body['key']))).toBe(false);
    expect(stored[0]!.answer.includes('sealed')).toBe(false);
  });

  it('whose key is no plain text is refused', async () => {
    expect(await makeKey('with blanks in it', 'x')).toMatchObject({ status: 422, body: { errors: [{ parameter: 'Idempotency-Key' }] } });
    expect(await makeKey('x'.repeat(256), 'x')).toMatchObject({ status: 422 });
  });
});
