import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Database } from '../../src/store/database.js';
import { organizationId } from '../../src/store/organization.js';
import { forgetAudit } from '../../src/store/retention/old-audit.js';
import { BOOTSTRAP_KEY, startIdentity, type Running } from './identity-setup.js';

const LOG = ['audit_entry', 'audit_head'];

let parley: Running;
/** Someone with the database itself in their hands, past all of Parley's own rules. */
let intruder: pg.Client;
beforeAll(async () => {
  parley = await startIdentity();
  for (const name of ['a', 'b', 'c']) await parley.call('POST', '/api/v1/api-keys', { key: BOOTSTRAP_KEY, body: { name, permissions: ['audit:read'] } });
  intruder = new pg.Client({ connectionString: parley.url });
  await intruder.connect();
  for (const table of LOG) await intruder.query(`ALTER TABLE ${table} NO FORCE ROW LEVEL SECURITY; CREATE TABLE first_${table} AS TABLE ${table}`);
});
/** Each test finds the log as the three keys left it, whatever was done to it before. */
beforeEach(async () => {
  for (const table of LOG) await intruder.query(`DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM first_${table}`);
});
afterAll(async () => {
  await intruder.end();
  await parley.stop();
});

const check = async (): Promise<unknown> => (await parley.call('GET', '/api/v1/audit/check', { key: BOOTSTRAP_KEY })).body;

describe('the audit log', () => {
  it('tells who did what, newest first, without secrets', async () => {
    const { body, text } = await parley.call('GET', '/api/v1/audit?limit=2', { key: BOOTSTRAP_KEY });
    expect(body['items']).toMatchObject([
      { seq: '6', actorKind: 'api-key', actorName: 'bootstrap', action: 'api-key.create', details: { name: 'c', permissions: ['audit:read'] } },
      { seq: '5', details: { name: 'b' } },
    ]);
    expect(text).not.toContain('parley_');
    const next = await parley.call('GET', `/api/v1/audit?limit=2&cursor=${String(body['nextCursor'])}`, { key: BOOTSTRAP_KEY });
    expect(next.body['items']).toMatchObject([{ seq: '4' }, { seq: '3' }]);
  });

  it.each([
    ['actor=BOOT&action=api-key', ['6', '5', '4']], ['action=api-key.create&limit=1', ['6']], ['action=api', []], ['action=organization', ['1']], ['actor=nobody', []], ['subject=api-key:', ['6', '5', '4', '3']], ['from=2099-01-01T00:00:00Z', []], ['to=2000-01-01T00:00:00Z', []], ['actor=%25', []],
  ])('finds what fits: %s', async (query, expected) => {
    const { body } = await parley.call('GET', `/api/v1/audit?${query}`, { key: BOOTSTRAP_KEY });
    const found = (body['items'] as { seq: string }[]).map(({ seq }) => seq);
    expect(query.startsWith('subject') || query.startsWith('action=organization') ? found.filter((seq) => expected.includes(seq)) : found).toEqual(expected);
  });

  it('is taken along as lines of JSON that hold the whole chain', async () => {
    const { text } = await parley.call('GET', '/api/v1/audit/export', { key: BOOTSTRAP_KEY });
    const entries = text.trimEnd().split('\n').map((line) => JSON.parse(line) as { seq: string; hash: string; previousHash: string });
    expect(entries.map(({ seq }) => seq)).toEqual(['1', '2', '3', '4', '5', '6']);
    expect(entries.slice(1).map(({ previousHash }) => previousHash)).toEqual(entries.slice(0, -1).map(({ hash }) => hash));
  });

  it('is taken along for a spreadsheet, which finds no formula in it', async () => {
    await parley.call('POST', '/api/v1/api-keys', { key: BOOTSTRAP_KEY, body: { name: '=1+1', permissions: ['audit:read'] } });
    await intruder.query(`UPDATE audit_entry SET actor_name = '=cmd', subject = 'a "b", c' WHERE seq = 7`);
    const { text } = await parley.call('GET', '/api/v1/audit/export?format=csv&actor=cmd', { key: BOOTSTRAP_KEY });
    const [head, line, ...rest] = text.split('\r\n');
    expect(head).toBe('seq,at,actorKind,actorId,actorName,action,subject,details,previousHash,hash');
    expect(line).toMatch(/^7,.*,'=cmd,api-key\.create,"a ""b"", c","\{""name"":""=1\+1"".*,[0-9a-f]{64},[0-9a-f]{64}$/);
    expect(rest).toEqual(['']);
  });

  it('is whole', async () => {
    expect(await check()).toEqual({ intact: true, entries: 6, forgotten: 0, brokenAt: null, reason: null });
  });

  it('is whole when its oldest entries were forgotten by age, and shows what is taken out after them', async () => {
    const { rows } = await intruder.query<{ at: Date; organization: string }>('SELECT at, organization_id AS organization FROM audit_entry WHERE seq = 4');
    const { at, organization } = rows[0]!;
    const database = await Database.open(parley.url, () => undefined);
    const forget = (): Promise<number> => database.asWorker((client) => forgetAudit(client, organizationId(organization), at));
    try {
      expect([await forget(), await forget()]).toEqual([3, 0]);
    } finally {
      await database.close();
    }
    expect(await check()).toEqual({ intact: true, entries: 3, forgotten: 3, brokenAt: null, reason: null });
    await parley.call('POST', '/api/v1/api-keys', { key: BOOTSTRAP_KEY, body: { name: 'd', permissions: ['audit:read'] } });
    expect(await check()).toMatchObject({ intact: true, entries: 4 });
    await intruder.query('DELETE FROM audit_entry WHERE seq = 4');
    expect(await check()).toMatchObject({ intact: false, brokenAt: '4' });
  });

  it.each<[string, string, unknown]>([
    ['was changed', `UPDATE audit_entry SET details = '{"name":"z"}' WHERE seq = 5`, { intact: false, brokenAt: '5', reason: 'the entry was changed' }],
    ['got another author', `UPDATE audit_entry SET actor_name = 'someone else' WHERE seq = 2`, { intact: false, brokenAt: '2', reason: 'the entry was changed' }],
    ['was taken out', `DELETE FROM audit_entry WHERE seq = 4`, { intact: false, brokenAt: '4', reason: 'entries are missing' }],
    ['was cut off', `DELETE FROM audit_entry WHERE seq > 5`, { intact: false, brokenAt: '6', reason: 'the newest entries were cut off' }],
    ['was swapped', `UPDATE audit_entry SET seq = CASE seq WHEN 4 THEN -5 ELSE -4 END WHERE seq IN (4, 5); UPDATE audit_entry SET seq = -seq WHERE seq < 0`, { intact: false, brokenAt: '4', reason: 'the entry does not follow the one before' }],
  ])('shows where an entry %s', async (_, statement, found) => {
    await intruder.query(statement);
    expect(await check()).toMatchObject(found as object);
  });

  it('counts without gaps when many write at once', async () => {
    await Promise.all(Array.from({ length: 10 }, (_, at) => parley.call('POST', '/api/v1/api-keys', { key: BOOTSTRAP_KEY, body: { name: `n${at}`, permissions: ['audit:read'] } })));
    expect(await check()).toMatchObject({ intact: true, entries: 16 });
  });
});
