import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { InboundGate, makeInboundSecret, type InboundKnock } from '../../src/identity/index.js';
import { GateStore } from '../../src/store/identity/gate.store.js';
import { InboundCredentialStore } from '../../src/store/identity/inbound-credential.store.js';
import { OrganizationStore } from '../../src/store/identity/organization.store.js';
import type { OrganizationId } from '../../src/store/organization.js';
import { BOOTSTRAP_KEY, startIdentity, type Running } from './identity-setup.js';

let parley: Running;
let gate: InboundGate;
let organization: OrganizationId;
let acme: OrganizationId;
const password = makeInboundSecret();
const urlToken = makeInboundSecret();

beforeAll(async () => {
  parley = await startIdentity();
  gate = parley.app.get(InboundGate);
  await parley.call('POST', '/api/v1/organizations', { cookie: await parley.signIn(), body: { slug: 'acme', name: 'Acme' } });
  const organizations = new OrganizationStore(parley.database.app.manager);
  organization = (await organizations.bySlug('default'))!;
  acme = (await organizations.bySlug('acme'))!;
  for (const [owner, secret] of [[organization, password], [acme, 'acme\'s own password']] as const) {
    await parley.database.inOrganization(owner, (manager) => new InboundCredentialStore(owner, manager).add('jira', 'basic', 'first', gate.hashOf(secret)));
  }
  await parley.database.inOrganization(organization, (manager) => new InboundCredentialStore(organization, manager).add('jira', 'url', 'webhook', gate.hashOf(urlToken)));
});
afterAll(() => parley.stop());

const knock = (given: Partial<InboundKnock>): InboundKnock => ({ organizationSlug: null, endpoint: 'jira', authorization: undefined, token: undefined, ...given });
const basic = (user: string, secret: string): string => `Basic ${Buffer.from(`${user}:${secret}`).toString('base64')}`;

describe('an inbound address', () => {
  it('opens for its endpoint\'s credentials, in the default organization where the path names none', async () => {
    const admitted = { organization, by: 'credential' };
    expect(await gate.admit(knock({ authorization: basic('jira', password) }))).toEqual(admitted);
    expect(await gate.admit(knock({ authorization: `Bearer ${password}` }))).toEqual(admitted);
    expect(await gate.admit(knock({ token: urlToken }))).toEqual(admitted);
    expect(await gate.admit(knock({ organizationSlug: 'default', authorization: basic('jira', password) }))).toEqual(admitted);
    expect(await gate.admit(knock({ organizationSlug: 'acme', authorization: basic('jira', 'acme\'s own password') }))).toEqual({ organization: acme, by: 'credential' });
  });

  it.each<[string, () => Partial<InboundKnock>]>([
    ['nothing', () => ({})],
    ['a wrong password', () => ({ authorization: basic('jira', 'wrong') })],
    ['the user of another endpoint', () => ({ authorization: basic('other', password) })],
    ['the credential of another endpoint', () => ({ endpoint: 'other', authorization: basic('other', password) })],
    ['the credential of another organization', () => ({ organizationSlug: 'acme', authorization: basic('jira', password) })],
    ['acme\'s credential without naming acme', () => ({ authorization: basic('jira', 'acme\'s own password') })],
    ['a password in the address, where logs would keep it', () => ({ token: password })],
    ['an empty token', () => ({ token: '' })],
    ['the API key of another organization', () => ({ organizationSlug: 'acme', authorization: `Bearer ${BOOTSTRAP_KEY}` })],
    ['an API key as Basic password', () => ({ authorization: basic('jira', BOOTSTRAP_KEY) })],
  ])('stays shut for %s', async (_, given) => {
    expect(await gate.admit(knock(given()))).toBeNull();
  });

  it('opens for an API key with the right, also where the endpoint does not exist', async () => {
    expect(await gate.admit(knock({ endpoint: 'nowhere', authorization: `Bearer ${BOOTSTRAP_KEY}` }))).toEqual({ organization, by: 'api-key' });
    const { body } = await parley.call('POST', '/api/v1/api-keys', { key: BOOTSTRAP_KEY, body: { name: 'reader', permissions: ['messages:read'] } });
    expect(await gate.admit(knock({ authorization: `Bearer ${String(body['key'])}` }))).toBeNull();
  });

  it('shuts at once here when the credential or the key is taken away', async () => {
    const secret = makeInboundSecret();
    await parley.database.inOrganization(organization, (manager) => new InboundCredentialStore(organization, manager).add('snow', 'bearer', 'x', gate.hashOf(secret)));
    expect(await gate.admit(knock({ endpoint: 'snow', authorization: `Bearer ${secret}` }))).not.toBeNull();
    await parley.database.inOrganization(organization, (manager) => new InboundCredentialStore(organization, manager).removeAll('snow'));
    gate.forget();
    expect(await gate.admit(knock({ endpoint: 'snow', authorization: `Bearer ${secret}` }))).toBeNull();
    const { body } = await parley.call('POST', '/api/v1/api-keys', { key: BOOTSTRAP_KEY, body: { name: 'sender', permissions: ['inbound:write'] } });
    const authorization = `Bearer ${String(body['key'])}`;
    expect(await gate.admit(knock({ authorization }))).not.toBeNull();
    await parley.call('DELETE', `/api/v1/api-keys/${String(body['id'])}`, { key: BOOTSTRAP_KEY });
    expect(await gate.admit(knock({ authorization }))).toBeNull();
  });

  it('keeps secrets as hashes under the installation key', async () => {
    const found = await parley.database.inOrganization(organization, (manager) => new InboundCredentialStore(organization, manager).list('jira'));
    expect(found.map(({ kind, label }) => [kind, label])).toEqual(expect.arrayContaining([['basic', 'first'], ['url', 'webhook']]));
    expect(found.find(({ kind }) => kind === 'basic')!.hash).toEqual(gate.hashOf(password));
  });

  it('asks the database once for a credential that is used all the time', async () => {
    gate.forget();
    const asked = jest.spyOn(GateStore.prototype, 'inbound');
    await Promise.all(Array.from({ length: 50 }, () => gate.admit(knock({ authorization: basic('jira', password) }))));
    for (let at = 0; at < 1_000; at += 1) await gate.admit(knock({ authorization: basic('jira', password) }));
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockRestore();
  });
});
