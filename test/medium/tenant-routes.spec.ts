import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { INBOUND_API } from '../../src/adapter/index.js';
import { ConfigurationModule } from '../../src/configuration/index.js';
import { MonitoringModule } from '../../src/monitoring/index.js';
import { GuidedModule, SandboxModule } from '../../src/sandbox/index.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { openApiDocument } from '../../src/web/open-api.js';
import { openApi, type Api, type ApiUser } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { json } from '../support/fake-target.js';
import { Desk, MODULES } from './broker-setup.js';

/** Stands in everything that the first organization writes, and in none of its ids. */
const MARK = 'zebra';
/** Routes that ask nothing of an organization's, or are shown elsewhere: signing in and one's own session, the stream of events, what Parley itself brings along. */
const ELSEWHERE = /^\/api\/v1\/(?:session|sessions|sign-in|events|adapters|presets|templates|organizations)(?:\/|$)/;
/** Endpoint ids are each organization's own: the same id is another endpoint there. */
const MAKES_ITS_OWN = ['PUT /api/v1/endpoints/{id}'];
/** Refused to every API key before anything is looked for. */
const NEEDS_A_PERSON = ['POST /api/v1/endpoints/{id}/connection'];

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
interface Route { readonly method: Method; readonly path: string }

let api: Api;
let theirs: Desk;
let stranger: ApiUser;
/** What a parameter of a path stands for, by what comes before it. */
let places: Readonly<Record<string, string>>;
let bodies: Readonly<Record<string, unknown>>;
let routes: readonly Route[];

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const placeOf = (path: string, parameter: string): string => `${path.slice(0, path.indexOf(`/{${parameter}}`)).replaceAll(/\{[^}]+\}/g, '*').replace('/api/v1/', '')}/${parameter}`;
const addressOf = ({ path }: Route): string => path.replaceAll(/\{([^}]+)\}/g, (_, parameter: string) => encodeURIComponent(places[placeOf(path, parameter)] ?? `no place for ${placeOf(path, parameter)}`));

beforeAll(async () => {
  api = await openApi([...MODULES, ConfigurationModule, MonitoringModule, SandboxModule, GuidedModule]);
  theirs = await Desk.open(api, 'theirs');
  stranger = await api.organization('ours');
  await fill();
  routes = Object.entries(openApiDocument(api.app, [INBOUND_API]).paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => ({ method: method.toUpperCase() as Method, path }))).filter(({ path }) => !ELSEWHERE.test(path));
});
afterAll(async () => {
  await theirs.target.stop();
  await api.close();
});

/** Something of every kind that has an address. */
async function fill(): Promise<void> {
  const { user } = theirs;
  theirs.target.always(json(400, { error: MARK }));
  const rule = await theirs.rule(`${MARK} rule`);
  await theirs.rule(`${MARK} later`, { targetSystemId: 'source', delayConditions: [{ type: 'Time', seconds: 3_600 }] });
  const message = await theirs.say('INC1', { text: MARK });
  await theirs.untilDeliveries(['DEAD']);
  await theirs.untilIdle();
  const made = async (path: string, body: unknown, id = 'id'): Promise<string> => (await theirs.must('POST', path, body)).body[id] as string;
  const conversation = await theirs.conversationOf(message);
  const [{ id: delayed }] = await theirs.rows<{ id: string }>('SELECT id FROM delayed_execution WHERE organization_id = $1') as [{ id: string }];
  const event = newId();
  await theirs.rows(`INSERT INTO conversation_event (organization_id, id, conversation_id, kind, details, attention) VALUES ($1, $2, $3, 'REFERENCE_CONFLICT', '{"note":"${MARK}"}', true)`, event, conversation);
  const bulk = await made('/api/v1/bulk-operations', { action: 'delivery.retry', ids: [(await theirs.deliveries())[0]!.id] });
  await eventually(async () => expect((await user.get(`/api/v1/bulk-operations/${bulk}`)).body).toMatchObject({ state: 'PLANNED' }));
  const channel = 'tickets';
  await theirs.rows(`INSERT INTO poll_lane (organization_id, endpoint, channel, ready_at) VALUES ($1, 'source', $2, 'infinity')`, channel);
  const address = `anna@${MARK}.example`;
  await theirs.rows(`INSERT INTO bounced_address (organization_id, endpoint, address, bounces, reason, delivery_id, suppressed_at) VALUES ($1, 'source', $2, 3, '${MARK}', $3, now())`, address, newId());
  const refused = newId();
  await theirs.rows(`INSERT INTO rejected_request (organization_id, id, endpoint, entity_type, status, reason, content_type, body) VALUES ($1, $2, 'source', 'incident', 400, '${MARK}', '', '')`, refused);
  await theirs.must('POST', '/api/v1/sandboxes', { name: 'theirbox', title: MARK });
  places = {
    'rules/ruleId': rule, 'rules/*/versions/version': '1', 'endpoints/id': 'source', 'endpoints/*/polls/channel': channel, 'endpoints/*/suppressed-addresses/address': address, 'endpoints/*/samples/sample': await made('/api/v1/endpoints/source/samples', { name: MARK, request: { entityType: 'incident', body: `{"ticketId":"${MARK}"}` } }), 'endpoints/*/credentials/credential': await made('/api/v1/endpoints/source/credentials', { kind: 'bearer', label: MARK }),
    'messages/id': message, 'deliveries/id': (await theirs.deliveries())[0]!.id, 'conversations/id': conversation, 'conversations/*/lanes/endpoint': 'target', 'conversations/*/lanes/*/entityType': 'incident',
    'conversation-events/id': event, 'delayed-executions/id': delayed, 'bulk-operations/id': bulk, 'refused-requests/id': refused, 'sandboxes/name': 'theirbox', 'inbound/endpoint': 'source', 'inbound/*/entityType': 'incident',
    'alert-routes/id': await made('/api/v1/alert-routes', { name: MARK, kind: 'webhook', target: { url: `${theirs.target.url}/alerts`, secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw' } }),
    'sign-in-providers/id': await made('/api/v1/sign-in-providers', { name: MARK, issuer: 'https://login.example', clientId: 'parley', clientSecret: 'a secret' }),
    'api-keys/id': await made('/api/v1/api-keys', { name: MARK, permissions: ['messages:read'] }), 'users/id': await made('/api/v1/users', { email: `${MARK}@theirs.example`, role: 'viewer', password: 'a good password' }),
  };
  const { body: document } = await user.get(`/api/v1/rules/${rule}`);
  // Of what passes every check, so that nothing but the organization is refused.
  bodies = {
    'PUT /api/v1/sign-in-providers/{id}': { name: 'ours', issuer: 'https://login.example', clientId: 'parley' }, 'PATCH /api/v1/users/{id}': { role: 'viewer' },
    'PUT /api/v1/alert-routes/{id}': { name: 'ours', kind: 'webhook' }, 'POST /api/v1/alert-routes/{id}/confirm': { code: '123456' },
    'POST /api/v1/rules/{ruleId}/test': document, 'POST /api/v1/rules/{ruleId}/versions': { ...document, changeDescription: 'ours' }, 'POST /api/v1/rules/{ruleId}/import': document,
    'POST /api/v1/endpoints/{id}/credentials': { kind: 'bearer' }, 'PUT /api/v1/endpoints/{id}/maintenance': { windows: [] }, 'PUT /api/v1/endpoints/{id}/polls/{channel}/cursor': { cursor: null },
    'POST /api/v1/endpoints/{id}/try-answer': { entityType: 'incident', operation: 'CREATE', status: 200, body: '{}' }, 'POST /api/v1/endpoints/{id}/try-request': { entityType: 'incident', body: '{}' },
    'POST /api/v1/endpoints/{id}/proposed-operations': { document: '<definitions/>' }, 'POST /api/v1/endpoints/{id}/samples': { name: 'ours', request: { entityType: 'incident', body: '{}' } }, 'POST /api/v1/endpoints/{id}/samples/run': {}, 'POST /api/v1/endpoints/{id}/preset/move': {},
    'POST /api/v1/endpoints/{id}/preview': { entityType: 'incident', operation: 'CREATE', attributes: {} }, 'POST /api/v1/sandboxes/{name}/tickets': { title: 'ours' }, 'PATCH /api/v1/sandboxes/{name}': { title: 'ours' },
    'POST /api/v1/conversations/{id}/merge': { into: newId() }, 'POST /api/v1/conversations/{id}/split': { endpoint: 'source', entityType: 'incident', ticketId: 'INC1' },
    'POST /api/v1/deliveries/{id}/edit': { attributes: { text: 'ours' } }, 'POST /api/v1/deliveries/{id}/link': { ticketId: 'T-1' },
    'POST /api/v1/bulk-operations/{id}/start': {}, 'POST /api/v1/inbound/{endpoint}/{entityType}': { ticketId: 'X', attributes: {} },
  };
}

/** Rows of the organization that only somebody's act changes, table by table. */
async function everything(): Promise<Record<string, string>> {
  return api.database.inOrganization(theirs.user.organization, async (manager) => {
    const tables = await manager.query<{ name: string }[]>(
      `SELECT c.relname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'organization_id' WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND has_table_privilege(c.oid, 'SELECT')
         AND c.relname NOT IN ('endpoint_runtime', 'poll_lane') AND c.relname NOT LIKE 'traffic%' AND c.relname NOT LIKE 'report%' AND c.relname NOT IN ('alert', 'alert_notice') ORDER BY 1`);
    const seen: Record<string, string> = {};
    for (const { name } of tables) seen[name] = (await manager.query<[{ rows: string }]>(`SELECT coalesce(string_agg(t::text, E'\\n' ORDER BY t::text), '') AS rows FROM ${name} t`))[0].rows;
    return seen;
  });
}

describe('somebody of another organization, with every right in it', () => {
  it('finds nothing under an id of this one, at any address, and changes nothing', async () => {
    const before = await everything();
    expect(Object.values(before).filter((rows) => rows.includes(MARK)).length).toBeGreaterThan(5);
    const found: string[] = [];
    for (const route of routes.filter(({ path, method }) => path.includes('{') && ![...MAKES_ITS_OWN, ...NEEDS_A_PERSON].includes(`${method} ${path}`))) {
      const { status, body } = await stranger.send(route.method as 'POST', addressOf(route), bodies[nameOf(route)]);
      if (status !== 404 || JSON.stringify(body).includes(MARK)) found.push(`${nameOf(route)} (${addressOf(route)}): ${status} ${JSON.stringify(body).slice(0, 300)}`);
    }
    expect(found).toEqual([]);
    expect(await everything()).toEqual(before);
  });

  it('reads nothing of this one in any list', async () => {
    const told: string[] = [];
    for (const { path } of routes.filter((route) => route.method === 'GET' && !route.path.includes('{'))) {
      const { status, body } = await stranger.get(path);
      if (status >= 500 || JSON.stringify(body).includes(MARK)) told.push(`${path}: ${status} ${JSON.stringify(body).slice(0, 300)}`);
    }
    expect(told).toEqual([]);
  });

  it('does nothing to it by ids in a body', async () => {
    const before = await everything();
    const { messages, deliveries, rule } = { messages: places['messages/id']!, deliveries: places['deliveries/id']!, rule: places['rules/ruleId']! };
    const refused = await Promise.all([
      stranger.send('POST', '/api/v1/bulk-operations', { action: 'delivery.retry', ids: [deliveries] }), stranger.send('POST', '/api/v1/bulk-operations', { action: 'message.retry', ids: [messages] }),
      stranger.send('POST', '/api/v1/rules/bulk', { ruleIds: [rule], action: 'disable' }), stranger.send('POST', '/api/v1/rules/export', { ruleIds: [rule] }),
      stranger.send('POST', '/api/v1/simulate', { messageId: messages }), stranger.send('POST', '/api/v1/conversations/' + newId() + '/merge', { into: places['conversations/id'] }),
      stranger.send('POST', '/api/v1/unmapped-values/seen', { ids: [messages] }),
    ]);
    expect(refused.filter(({ body }) => JSON.stringify(body).includes(MARK))).toEqual([]);
    expect(await everything()).toEqual(before);
  });
});
