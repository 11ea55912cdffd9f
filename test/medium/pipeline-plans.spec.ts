import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { Database } from '../../src/store/database.js';
import { organizationId, type OrganizationId } from '../../src/store/organization.js';
import { takeBack } from '../../src/store/pipeline/acknowledged.js';
import { acceptMessages, type AcceptedMessage } from '../../src/store/pipeline/accept.js';
import { commitDeliveries } from '../../src/store/pipeline/delivery-commit.js';
import type { DeliveryResult } from '../../src/store/pipeline/delivery-result.js';
import { claimDeliveryLanes } from '../../src/store/pipeline/delivery-lanes.js';
import { registerInstance } from '../../src/store/pipeline/instances.js';
import { claimOf, type Claim } from '../../src/store/pipeline/lane.js';
import { claimReceiveLanes, commitNormalized, receiveRequests } from '../../src/store/pipeline/receive-lanes.js';
import { findFirstRequests, forgetRequests } from '../../src/store/pipeline/repeat.js';
import { commitRoutes, type RouteResult } from '../../src/store/pipeline/route-commit.js';
import { claimRouteLanes, readConversations } from '../../src/store/pipeline/route-lanes.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { createDatabase, type TestDatabase } from '../support/database.js';

/** As many as one write holds at most. */
const BATCH = 128;
/** Batches in the tables when the plans are looked at. */
const FILLING = 24;

let made: TestDatabase;
let database: Database;
let organization: OrganizationId;
let instance: number;
let claims = 0;
/** Every named statement that ran so far, with its last values. */
const seen = new Map<string, { readonly text: string; readonly values: readonly unknown[] }>();

const nextClaim = (): Claim => claimOf(instance, ++claims);

beforeAll(async () => {
  made = await createDatabase();
  database = await Database.open(made.url, () => undefined);
  organization = organizationId(newId());
  instance = (await registerInstance(database.worker, { host: 'here', pid: 1, dataDir: 'here', version: '0' })).id;
}, 60_000); // makes the run's database
afterAll(async () => {
  await database.close();
  await made.drop();
});

/** Notes the named statements of every connection; what they do is unchanged. */
const originalQuery = pg.Client.prototype.query as unknown as (this: pg.Client, ...given: unknown[]) => unknown;
pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
  const first = given[0] as { name?: string; text: string; values?: unknown[] } | string;
  if (typeof first === 'object' && first.name !== undefined) seen.set(first.name, { text: first.text, values: first.values ?? [] });
  return originalQuery.apply(this, given);
} as typeof pg.Client.prototype.query;

function message(ticketId: string, references: AcceptedMessage['references'] = []): AcceptedMessage {
  const id = newId();
  return {
    id, organization, endpoint: 'source', entityType: 'incident', entityKey: 'incident', messageType: '', ticketId, proposed: newId(), known: null,
    kind: 0, deliveryId: null, depth: 0, rawId: id, body: null, references,
  };
}

const raw = (key: string | null) => ({ contentType: 'application/json', body: Buffer.from('{"ticketId":"1","attributes":{}}'), key: key === null ? null : { key, bodyHash: Buffer.alloc(32) } });

function routed(conversation: string, messageId: string, claim: Claim, seq: number): RouteResult {
  const delivery = newId();
  return {
    organization, conversation, claim, doneSeq: seq, messages: [{ id: messageId, state: 'ROUTED', reason: null, trace: '{}', receipt: null }],
    links: [{ endpoint: 'target', entityKey: 'issue', createDeliveryId: delivery, previousSeq: 0, lastSeq: 1, take: true, firstDelivery: delivery }],
    deliveries: [{ id: delivery, messageId, source: 'source', endpoint: 'target', entityType: 'Issue', entityKey: 'issue', seq: 1, operation: 'CREATE', ruleId: 'r', ruleVersion: 1, depth: 0, body: Buffer.from('{}') }],
    memory: { attributes: '{"a":1}', counters: '{}', changes: [] }, kept: null, delayed: [], ended: [], snapshots: [], blocked: null,
  };
}

function delivered(result: RouteResult, claim: Claim): DeliveryResult {
  const id = result.deliveries[0]!.id;
  return {
    organization, conversation: result.conversation, endpoint: 'target', entityKey: 'issue', claim, doneSeq: 1, release: true, delayMs: null, blocked: null, ticketId: `T-${id}`,
    delivery: { id, seq: 1, state: 'SENT', attempts: 1, httpStatus: 201, error: null, final: true },
    attempt: { deliveryId: id, number: 1, outcome: 'success', httpStatus: 201, error: null, durationMs: 1, answer: null }, next: null, response: null,
  };
}

/** A batch of new tickets all the way; `leaves` says how far: accepted lanes and routed ones stay ready for a claim. */
async function tell(round: number, leaves: 'nothing' | 'accepted' | 'routed' = 'nothing'): Promise<void> {
  const claim = nextClaim();
  const messages = Array.from({ length: BATCH }, (_, at) => message(`INC${round}-${at}`, round % 8 === 7 ? [{ endpoint: 'source', entityKey: 'incident', ticketId: `INC0-${at}` }] : []));
  const placed = await acceptMessages(database.worker, messages, leaves === 'accepted' ? null : claim, messages.map((_, at) => raw(round % 8 === 3 ? `${round}-${at}` : null)));
  if (leaves === 'accepted') return;
  const results = placed.filter((place) => place.mine && place.fresh).map((place) => routed(place.conversation, place.id, claim, place.seq));
  if (results.length === 0) return;
  const lanes = nextClaim();
  await commitRoutes(database, leaves === 'routed' ? results.map((result) => ({ ...result, links: result.links.map((link) => ({ ...link, take: false })) })) : results, lanes);
  if (leaves === 'nothing') await commitDeliveries(database, results.map((result) => delivered(result, lanes)), nextClaim());
}

async function tellRaw(): Promise<void> {
  await receiveRequests(database.worker, Array.from({ length: BATCH }, () => ({ id: newId(), organization, endpoint: 'mapped', entityType: 'incident', contentType: 'a/b', headers: '{}', query: '', body: Buffer.from('x'), key: null })));
  for (const lane of await claimReceiveLanes(database.worker, nextClaim())) {
    await commitNormalized(database, {
      organization, endpoint: lane.endpoint, claim: lane.claim, doneSeq: lane.requests.at(-1)?.seq ?? 0, ended: [],
      items: lane.requests.map((request) => ({ accepted: { ...message(`RAW-${request.id}`), endpoint: 'mapped', rawId: request.id, body: Buffer.from('{}') }, eventKey: request.id, attachments: [] })),
    }, nextClaim());
  }
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly 'Parent Relationship'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** What is wrong with a plan: everything that grows with the tables, or with the square of the batch. */
function faultsOf(node: PlanNode): string[] {
  const inner = (node.Plans ?? []).flatMap(faultsOf);
  const type = node['Node Type'];
  const relation = node['Relation Name'] ?? '';
  if (relation === 'receive_lane') return []; // a row per endpoint: it does not grow with traffic
  if (type === 'Seq Scan') inner.push(`walks ${relation}`);
  if (/^(Index|Index Only) Scan$/.test(type) && node['Index Cond'] === undefined) inner.push(`walks an index of ${relation}`);
  if (type === 'Nested Loop') {
    const [outer, repeated] = (node.Plans ?? []).filter((plan) => /^(Outer|Inner)$/.test(plan['Parent Relationship'] ?? ''));
    if (outer !== undefined && repeated !== undefined && isWalkedEachTime(repeated) && !isFew(outer)) inner.push('compares each with each');
  }
  return inner;
}

/** Parts of a batch that a nested loop would go through anew for each row. */
const isWalkedEachTime = (node: PlanNode): boolean => /^(CTE Scan|Function Scan)$/.test(node['Node Type']) || (node['Node Type'] === 'Materialize' && (node.Plans ?? []).some(isWalkedEachTime));

/** One row of a guard, or the few receive lanes of a claim. */
const isFew = (node: PlanNode): boolean => node['Node Type'] === 'Aggregate' || node['Relation Name'] === 'receive_lane';

const quoted = (text: string | null): string => (text === null ? 'NULL' : `'${text.replaceAll("'", "''")}'`);

/** The generic plan of a statement as the pipeline's own connection makes and keeps it. */
async function planOf(client: pg.PoolClient, name: string): Promise<PlanNode> {
  const { text, values } = seen.get(name)!;
  const types = values.map((_, at) => new RegExp(`\\$${at + 1}::(\\w+(?:\\[\\])?)`).exec(text)?.[1] ?? 'text');
  const { rows: [literals] } = await client.query<(string | null)[]>({ text: `SELECT ${types.map((type, at) => `$${at + 1}::${type}::text`).join(', ') || '1'}`, values: [...values], rowMode: 'array' } as never);
  const prepared = `plan_${name.replaceAll('-', '_')}`;
  const { rows: known } = await client.query('SELECT 1 FROM pg_prepared_statements WHERE name = $1', [prepared]);
  if (known.length === 0) await client.query(`PREPARE ${prepared} ${types.length > 0 ? `(${types.join(', ')})` : ''} AS ${text}`);
  const given = types.length === 0 ? '' : `(${types.map((type, at) => `${quoted(literals![at] ?? null)}::${type}`).join(', ')})`;
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(`EXPLAIN (FORMAT JSON) EXECUTE ${prepared}${given}`);
  return rows[0]!['QUERY PLAN'][0].Plan;
}

const HOT = [
  'accept-0', 'accept-2', 'accept-3', 'claim-route', 'read-conversations', 'commit-route', 'write-memory', 'claim-delivery', 'commit-delivery',
  'receive', 'claim-receive', 'take-event-ids', 'advance-receive', 'find-repeats',
  'forget-requests', 'undone-dead',
];

describe('the statements of the pipeline', () => {
  let client: pg.PoolClient;
  let early: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    // One connection keeps its plans from when the tables were as good as empty: that is how a new installation begins.
    await tell(0);
    await tell(3);
    await tell(7);
    await tellRaw();
    await tell(1_000, 'accepted');
    const lanes = await claimRouteLanes(database.worker, nextClaim());
    await readConversations(database.worker, lanes.map((lane) => lane.conversation));
    await tell(1_001, 'routed');
    await claimDeliveryLanes(database.worker, [{ organization, endpoint: 'target' }], nextClaim());
    await findFirstRequests(database.worker, [{ organization, endpoint: 'source', key: '3-1' }]);
    await forgetRequests(database.worker, [{ organization, endpoint: 'source', key: 'none', messageId: newId() }]);
    await database.asWorker((given) => takeBack(given, [{ organization, endpoint: 'target', id: newId(), reason: 'no', again: { tries: 1, pauseMs: 0 } }]));
    client = await database.worker.connect();
    for (const name of HOT) await planOf(client, name);
    for (let round = 10; round < 10 + FILLING; round++) await tell(round, round % 6 === 5 ? 'routed' : 'nothing');
    const plans = new Map<string, readonly string[]>();
    for (const name of HOT) plans.set(name, faultsOf(await planOf(client, name)));
    early = plans;
    const owner = new pg.Client({ connectionString: made.url });
    await owner.connect();
    await owner.query('ANALYZE');
    await owner.end();
  });
  afterAll(() => client.release());

  it.each(HOT)('%s never walks a table, nor compares each row of its batch with each, by the plan that it got on empty tables', (name) => {
    expect(early.get(name)).toEqual([]);
  });

  it.each(HOT)('%s does not either by the plan that it gets on filled and analyzed tables', async (name) => {
    expect(faultsOf(await planOf(client, name))).toEqual([]);
  });

  it('all run with the settings and the role that plans are made for', async () => {
    const { rows } = await client.query<{ role: string; mode: string; seqscan: string }>(`SELECT current_user AS role, current_setting('plan_cache_mode') AS mode, current_setting('enable_seqscan') AS seqscan`);
    expect(rows[0]).toEqual({ role: 'parley_worker', mode: 'force_generic_plan', seqscan: 'off' });
  });
});
