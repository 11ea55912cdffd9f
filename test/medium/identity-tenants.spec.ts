import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN, BOOTSTRAP_KEY, startIdentity, type Running } from './identity-setup.js';

let parley: Running;
let admin: string;
/** A key and an administrator of a second organization, `acme`, who know nothing of the first. */
let acmeKey: string;
let acmeAdmin: string;
let acmeAdminId: string;

beforeAll(async () => {
  parley = await startIdentity();
  admin = await parley.signIn();
  await parley.call('POST', '/api/v1/organizations', { cookie: admin, body: { slug: 'acme', name: 'Acme' } });
  const made = await parley.call('POST', '/api/v1/o/acme/users', { cookie: admin, body: { email: 'boss@acme.example', role: 'administrator', password: 'boss password 1' } });
  acmeAdminId = String(made.body['id']);
  acmeAdmin = await parley.signIn('boss@acme.example', 'boss password 1');
  const key = await parley.call('POST', '/api/v1/api-keys', { cookie: acmeAdmin, body: { name: 'integration', permissions: ['users:read', 'users:write', 'api-keys:read', 'api-keys:write', 'audit:read'] } });
  acmeKey = String(key.body['key']);
});
afterAll(() => parley.stop());

const ids = (answer: { readonly body: Readonly<Record<string, unknown>> }): string[] => (answer.body['items'] as { id: string }[]).map(({ id }) => id);

describe('two organizations', () => {
  it('are reached by path by who belongs to them', async () => {
    expect((await parley.call('GET', '/api/v1/o/acme/session', { cookie: admin })).body).toMatchObject({ organization: { slug: 'acme' } });
    expect((await parley.call('GET', '/api/v1/session', { cookie: admin })).body).toMatchObject({ organization: { slug: 'default' } });
    expect((await parley.call('GET', '/api/v1/organizations', { cookie: admin })).body).toMatchObject({ items: [{ slug: 'acme' }, { slug: 'default' }] });
    expect((await parley.call('GET', '/api/v1/organizations', { key: acmeKey })).body).toMatchObject({ items: [{ slug: 'acme' }] });
  });

  it.each([
    ['GET', '/users'], ['POST', '/users'], ['GET', '/api-keys'], ['POST', '/api-keys'], ['GET', '/audit'], ['GET', '/audit/check'], ['GET', '/organizations'], ['GET', '/session'], ['GET', '/sessions'],
  ] as const)('answer a credential of the other one with 401: %s %s', async (method, path) => {
    for (const credential of [{ key: acmeKey }, { cookie: acmeAdmin }]) {
      expect(await parley.call(method, `/api/v1/o/default${path}`, { ...credential, ...(method === 'POST' ? { body: {} } : {}) })).toMatchObject({ status: 401 });
      expect(await parley.call(method, `/api/v1/o/nowhere${path}`, { ...credential, ...(method === 'POST' ? { body: {} } : {}) })).toMatchObject({ status: 401 });
    }
    expect(await parley.call(method, `/api/v1/o/acme${path}`, { key: BOOTSTRAP_KEY })).toMatchObject({ status: 401 });
  });

  it('do not see each other\'s people and keys, nor change them by id', async () => {
    const people = ids(await parley.call('GET', '/api/v1/users', { cookie: admin }));
    const keys = ids(await parley.call('GET', '/api/v1/api-keys', { cookie: admin }));
    expect(people).toHaveLength(1);
    expect(keys).toHaveLength(1);
    expect(ids(await parley.call('GET', '/api/v1/api-keys', { key: acmeKey }))).not.toEqual(expect.arrayContaining(keys));
    expect(await parley.call('DELETE', `/api/v1/api-keys/${keys[0]!}`, { key: acmeKey })).toMatchObject({ status: 404 });
    // A person of the first organization only: unknown in the second.
    const { body } = await parley.call('POST', '/api/v1/users', { cookie: admin, body: { email: 'only@default.example', role: 'viewer', password: 'only password' } });
    const stranger = String(body['id']);
    expect(await parley.call('PATCH', `/api/v1/users/${stranger}`, { cookie: acmeAdmin, body: { role: 'partner' } })).toMatchObject({ status: 404 });
    expect(await parley.call('DELETE', `/api/v1/users/${stranger}`, { cookie: acmeAdmin })).toMatchObject({ status: 404 });
    expect(await parley.call('PATCH', `/api/v1/users/${stranger}`, { cookie: acmeAdmin, body: { password: 'taken over 123' } })).toMatchObject({ status: 403 });
    expect((await parley.call('GET', '/api/v1/session', { cookie: await parley.signIn('only@default.example', 'only password') })).body).toMatchObject({ organization: { role: 'viewer' } });
    expect(await parley.call('GET', '/api/v1/audit', { key: BOOTSTRAP_KEY })).toMatchObject({ status: 200 });
    expect((await parley.call('GET', '/api/v1/audit', { key: acmeKey })).text).not.toContain('only@default.example');
  });

  it('share people, whose password none of them may set', async () => {
    await parley.call('POST', '/api/v1/users', { cookie: admin, body: { email: 'boss@acme.example', role: 'viewer', password: 'another password' } });
    expect(await parley.call('PATCH', `/api/v1/users/${acmeAdminId}`, { cookie: admin, body: { password: 'taken over 123' } })).toMatchObject({ status: 403, body: { code: 'person-of-others' } });
    expect(await parley.signIn('boss@acme.example', 'boss password 1')).toContain('parley_session=');
  });

  it('are switched by the person between their own only', async () => {
    const cookie = await parley.signIn();
    expect(await parley.call('PATCH', '/api/v1/session', { cookie, body: { organization: 'acme' } })).toMatchObject({ status: 204 });
    expect((await parley.call('GET', '/api/v1/session', { cookie })).body).toMatchObject({ organization: { slug: 'acme' } });
    expect(await parley.call('PATCH', '/api/v1/session', { cookie, body: { organization: 'nowhere' } })).toMatchObject({ status: 422 });
  });

  it('have one slug each', async () => {
    expect(await parley.call('POST', '/api/v1/organizations', { cookie: admin, body: { slug: 'acme', name: 'Other' } })).toMatchObject({ status: 409, body: { code: 'organization-exists' } });
    expect(await parley.call('POST', '/api/v1/organizations', { cookie: admin, body: { slug: 'Not A Slug', name: 'Other' } })).toMatchObject({ status: 422 });
  });
});

describe('rights', () => {
  it('end with the membership, at once', async () => {
    const { body } = await parley.call('POST', '/api/v1/users', { cookie: admin, body: { email: 'leaver@example.org', role: 'operator', password: 'leaver password' } });
    const cookie = await parley.signIn('leaver@example.org', 'leaver password');
    expect(await parley.call('DELETE', `/api/v1/users/${String(body['id'])}`, { cookie: admin })).toMatchObject({ status: 204 });
    expect(await parley.call('GET', '/api/v1/session', { cookie })).toMatchObject({ status: 401 });
    expect(await parley.call('POST', '/api/v1/session', { body: { email: 'leaver@example.org', password: 'leaver password' } })).toMatchObject({ status: 403, body: { code: 'no-organization' } });
  });

  it('are those of the role', async () => {
    await parley.call('POST', '/api/v1/users', { cookie: admin, body: { email: 'viewer@example.org', role: 'viewer', password: 'viewer password' } });
    const cookie = await parley.signIn('viewer@example.org', 'viewer password');
    expect(await parley.call('GET', '/api/v1/users', { cookie })).toMatchObject({ status: 403, body: { code: 'not-allowed', detail: 'This needs the permission users:read.' } });
    expect(await parley.call('POST', '/api/v1/organizations', { cookie, body: { slug: 'mine', name: 'Mine' } })).toMatchObject({ status: 403 });
  });

  it('are never handed out beyond the own ones', async () => {
    expect(await parley.call('POST', '/api/v1/api-keys', { key: acmeKey, body: { name: 'more', permissions: ['api-keys:read', 'rules:write'] } })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/permissions/1' }] } });
    expect(await parley.call('POST', '/api/v1/users', { key: acmeKey, body: { email: 'made@acme.example', role: 'administrator' } })).toMatchObject({ status: 403, body: { code: 'role-too-high' } });
    expect(await parley.call('PATCH', `/api/v1/users/${acmeAdminId}`, { key: acmeKey, body: { role: 'viewer' } })).toMatchObject({ status: 403 });
  });

  it('leave an organization at least one administrator', async () => {
    const { body } = await parley.call('GET', '/api/v1/session', { cookie: admin });
    const { id } = body['person'] as { id: string };
    expect(await parley.call('DELETE', `/api/v1/users/${id}`, { cookie: admin })).toMatchObject({ status: 409, body: { code: 'last-administrator' } });
    expect(await parley.call('PATCH', `/api/v1/users/${id}`, { cookie: admin, body: { role: 'viewer' } })).toMatchObject({ status: 409 });
    expect(ADMIN.email).toBe((body['person'] as { email: string }).email);
  });

  it('of a key end when it is revoked or runs out', async () => {
    const make = (given: Record<string, unknown> = {}): ReturnType<Running['call']> => parley.call('POST', '/api/v1/api-keys', { cookie: admin, body: { name: 'short', permissions: ['audit:read'], ...given } });
    const { body } = await make();
    expect(await parley.call('GET', '/api/v1/audit', { key: String(body['key']) })).toMatchObject({ status: 200 });
    expect(await parley.call('DELETE', `/api/v1/api-keys/${String(body['id'])}`, { cookie: admin })).toMatchObject({ status: 204 });
    expect(await parley.call('GET', '/api/v1/audit', { key: String(body['key']) })).toMatchObject({ status: 401 });
    expect(await make({ expiresAt: '2020-01-01T00:00:00Z' })).toMatchObject({ status: 422, body: { errors: [{ pointer: '/expiresAt' }] } });
    const brief = await make({ expiresAt: new Date(Date.now() + 300).toISOString() });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await parley.call('GET', '/api/v1/audit', { key: String(brief.body['key']) })).toMatchObject({ status: 401 });
  });

  it('of a key are shown without the key', async () => {
    const list = await parley.call('GET', '/api/v1/api-keys', { cookie: admin });
    expect(list.text).not.toMatch(/parley_[0-9A-Za-z]{20}/);
    expect(list.text).not.toContain('"hash"');
  });
});
