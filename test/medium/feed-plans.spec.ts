import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { EntityManager } from '../../src/store/data-source.js';
import { Database } from '../../src/store/database.js';
import { ConversationFeed } from '../../src/store/feed/conversation-feed.js';
import { ConversationEvents } from '../../src/store/feed/conversation-event.store.js';
import { DelayedFeed } from '../../src/store/feed/delayed-feed.js';
import { DeliveryFeed } from '../../src/store/feed/delivery-feed.js';
import { MessageFeed } from '../../src/store/feed/message-feed.js';
import { idRange } from '../../src/store/feed/scan.js';
import { organizationId, type OrganizationId } from '../../src/store/organization.js';
import { memoryTerm } from '../../src/store/pipeline/memory-term.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { readRuleHistory } from '../../src/store/rule/rule-history.js';
import { createDatabase, type TestDatabase } from '../support/database.js';
import { tellStory } from '../support/story.js';

/** What grows with traffic: a read that walks it from end to end would be slow one day. */
const GROWING = /^(message|delivery|delivery_body|attempt|raw_request|conversation|conversation_key|conversation_memory|conversation_term|memory_change|ticket_link|troubled_delivery|delayed_execution|attachment|kept_attachment|conversation_event|conversation_alias|audit_entry|rule_version)(_\d+)?$/;

let made: TestDatabase;
let database: Database;
let organization: OrganizationId;
let conversation: string;

beforeAll(async () => {
  made = await createDatabase();
  database = await Database.open(made.url, () => undefined);
  organization = organizationId(newId());
  for (let count = 0; count < 20; count += 1) {
    ({ conversation } = await tellStory(database, organization, { ticketId: `INC${count}`, ruleId: 'r', deliveryState: count % 2 === 0 ? 'SENT' : 'DEAD' }));
  }
}, 60_000); // makes the run's database
afterAll(async () => {
  await database.close();
  await made.drop();
});

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly PlanNode[];
}

/** The growing tables that a read walks from end to end though it was told to avoid it: no index fits, or the row policy forbids it. */
async function walkedBy(read: (manager: EntityManager) => Promise<unknown>): Promise<string[]> {
  const walked: string[] = [];
  let statements = 0;
  await database.inOrganization(organization, async (manager) => {
    await manager.query('SET LOCAL enable_seqscan = off');
    const watched = new Proxy(manager, {
      get: (target, name) => name !== 'query' ? Reflect.get(target, name, target) as unknown : async (sql: string, values: unknown[]) => {
        statements += 1;
        const [row] = await target.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }[]>(`EXPLAIN (FORMAT JSON) ${sql}`, values);
        walked.push(...scansOf(row!['QUERY PLAN'][0].Plan));
        return target.query(sql, values);
      },
    });
    await read(watched);
  });
  expect(statements).toBeGreaterThan(0);
  return walked;
}

const scansOf = (node: PlanNode): string[] => [
  ...(node['Node Type'] === 'Seq Scan' && GROWING.test(node['Relation Name'] ?? '') ? [node['Relation Name']!] : []),
  ...(node.Plans ?? []).flatMap(scansOf),
];

const everything = idRange(null, null, null);

describe('a read finds its rows by an index, as the role that runs it', () => {
  const messages = (manager: EntityManager): MessageFeed => new MessageFeed(organization, manager);
  const deliveries = (manager: EntityManager): DeliveryFeed => new DeliveryFeed(organization, manager);
  const conversations = (manager: EntityManager): ConversationFeed => new ConversationFeed(organization, manager);
  const reads: Readonly<Record<string, (manager: EntityManager) => Promise<unknown>>> = {
    'newest messages': (manager) => messages(manager).page({}, everything, 50),
    'messages by state': (manager) => messages(manager).page({ states: ['FAILED'], endpoint: 'source', entityType: 'x' }, everything, 50),
    'messages of conversations': (manager) => messages(manager).page({ conversations: [conversation], states: ['ROUTED'] }, everything, 50),
    'messages by what their conversations remember': (manager) => messages(manager).page({ terms: [memoryTerm('group', 'second line'), memoryTerm('impact', '1')] }, everything, 50),
    'messages of a few conversations that remember something': (manager) => messages(manager).page({ conversations: [conversation], terms: [memoryTerm('group', 'second line')] }, everything, 50),
    'conversations by what they remember': (manager) => conversations(manager).withTerm(memoryTerm('group', 'second line'), 500),
    'a message': (manager) => messages(manager).find(newId()),
    'messages of a conversation': (manager) => messages(manager).ofConversation(conversation, 10),
    'attachments': (manager) => messages(manager).attachments([newId()]),
    'newest deliveries': (manager) => deliveries(manager).page({}, everything, 50),
    'deliveries in trouble': (manager) => deliveries(manager).page({ states: ['DEAD'], endpoint: 'target' }, everything, 50),
    'deliveries by state': (manager) => deliveries(manager).page({ states: ['SENT'] }, everything, 50),
    'a delivery': (manager) => deliveries(manager).find(newId()),
    'deliveries of messages': (manager) => deliveries(manager).ofMessages([conversation], [newId()]),
    'deliveries of a message': (manager) => deliveries(manager).ofMessage(conversation, newId()),
    'deliveries of a conversation': (manager) => deliveries(manager).ofConversation(conversation, 10),
    'unfinished deliveries': (manager) => deliveries(manager).unfinished(conversation),
    'attempts': (manager) => deliveries(manager).attempts([newId()]),
    'conversations': (manager) => conversations(manager).byIds([conversation]),
    'conversations of a ticket': (manager) => conversations(manager).withTicket([{ endpoint: 'source', entityType: 'incident' }], 'INC1'),
    'links': (manager) => conversations(manager).links(conversation),
    'tickets': (manager) => conversations(manager).tickets(conversation),
    'memory': (manager) => conversations(manager).memory(conversation),
    'memory changes': (manager) => conversations(manager).memoryChanges(conversation, 10),
    'earlier messages of a ticket': (manager) => messages(manager).bodiesBefore(conversation, { endpoint: 'source', ticketId: 'INC1', seq: 5, id: newId() }, 10),
    'kept files': (manager) => conversations(manager).kept(conversation),
    'what was done to a rule': (manager) => readRuleHistory(manager, organization, 'r', { before: null, limit: 10 }),
    'every delayed execution': (manager) => new DelayedFeed(organization, manager).page({ state: 'WAITING', waitsFor: 'Time' }, everything, 10),
    'delayed executions of a conversation': (manager) => new DelayedFeed(organization, manager).page({ conversation }, everything, 10),
    'what happened to conversations': (manager) => new ConversationEvents(organization, manager).page({ open: true, before: null }, 10),
    'what happened to a conversation': (manager) => new ConversationEvents(organization, manager).of(conversation, 10),
    'delayed executions': (manager) => conversations(manager).delayed(conversation, 10),
  };
  it.each(Object.entries(reads))('%s', async (_name, read) => {
    expect(await walkedBy(read)).toEqual([]);
  });

  it('notices a read that has no index', async () => {
    expect(await walkedBy((manager) => manager.query('SELECT 1 FROM attachment WHERE name = $1', ['a']))).toEqual(['attachment']);
  });
});
