import type { Database } from '../../src/store/database.js';
import type { OrganizationId } from '../../src/store/organization.js';
import { newId, uuidTimeMs } from '../../src/store/pipeline/uuid.js';

/** Ids of what a told story consists of. */
export interface Told {
  readonly conversation: string;
  readonly message: string;
  readonly response: string;
  readonly delivery: string;
}

export interface StoryOptions {
  readonly ticketId: string;
  readonly ruleId: string;
  /** Id of the rules that decided. */
  readonly ruleSet?: string;
  readonly deliveryState?: string;
}

/** Writes the rows that the pipeline leaves of one ticket that was created in `target`, and answered. */
export async function tellStory(database: Database, organization: OrganizationId, { ticketId, ruleId, ruleSet = 'long gone', deliveryState = 'SENT' }: StoryOptions): Promise<Told> {
  const told = { conversation: newId(), message: newId(), delivery: newId(), response: newId() };
  const body = Buffer.from(JSON.stringify({ ticketId, attributes: { short_description: 'Printer', password: 'hunter2' }, sender: { id: 'jane' } }));
  const at = new Date(uuidTimeMs(told.message));
  const trace = { executed: [{ ruleId, rule: 'source to target', ruleVersion: 1 }], delayed: [], failed: [], dropped: [], misses: [], missCounts: {}, ruleSet };
  const isDone = deliveryState === 'SENT';
  await database.asWorker(async (client) => {
    const write = (table: string, row: Readonly<Record<string, unknown>>): Promise<unknown> => {
      const names = ['organization_id', ...Object.keys(row)];
      return client.query(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, place) => `$${place + 1}`).join(', ')})`, [organization, ...Object.values(row)]);
    };
    await write('conversation', { id: told.conversation, last_seq: 2, done_seq: 2 });
    await write('conversation_key', { endpoint: 'source', entity_type: 'incident', ticket_id: ticketId, conversation_id: told.conversation });
    await write('raw_request', { id: told.message, endpoint: 'source', entity_type: 'Incident', content_type: 'application/json', headers: { authorization: 'Basic abc' }, query: 'a=1', body });
    await write('message', { id: told.message, raw_id: told.message, endpoint: 'source', entity_type: 'Incident', ticket_id: ticketId, conversation_id: told.conversation, seq: 1, state: 'ROUTED', received_at: at, finished_at: at, trace });
    await write('attachment', { id: newId(), message_id: told.message, name: 'a.png', content_type: 'image/png', size: 3, content: Buffer.from('abc') });
    await write('delivery', { id: told.delivery, conversation_id: told.conversation, message_id: told.message, endpoint: 'target', entity_type: 'Incident', entity_key: 'incident', seq: 1, operation: 'CREATE', rule_id: ruleId, rule_version: 1,
      state: deliveryState, attempts: 1, ticket_id: isDone ? 'T1' : null, error: isDone ? null : 'refused', created_at: at, finished_at: isDone ? new Date(at.getTime() + 5) : null });
    await write('delivery_body', { id: told.delivery, body: Buffer.from(JSON.stringify({ messageType: '', attributes: { title: 'Printer' }, attachments: [] })) });
    await write('attempt', { delivery_id: told.delivery, number: 1, claim: 1, outcome: isDone ? 'success' : 'rejected', http_status: isDone ? 201 : 400, duration_ms: 12, finished_at: at, answer: Buffer.from('{"id":"T1","token":"x"}') });
    if (!isDone) await write('troubled_delivery', { delivery_id: told.delivery, conversation_id: told.conversation, endpoint: 'target', entity_type: 'Incident', state: deliveryState, reason: 'refused by the target' });
    await write('ticket_link', { conversation_id: told.conversation, endpoint: 'source', entity_type: 'incident', ticket_id: ticketId });
    await write('ticket_link', { conversation_id: told.conversation, endpoint: 'target', entity_type: 'incident', ticket_id: isDone ? 'T1' : null, create_delivery_id: told.delivery, last_seq: 1, done_seq: isDone ? 1 : 0, blocked: isDone ? null : 'DEAD_CREATE' });
    await write('conversation_memory', { conversation_id: told.conversation, attributes: { group: 'second line' }, counters: { retries: 2 } });
    const change = { conversation_id: told.conversation, message_id: told.response, rule_id: ruleId, rule_version: 1, changed_at: new Date(at.getTime() + 10) };
    await write('memory_change', { id: newId(), ...change, kind: 'attribute', name: 'group', before: '"first line"', after: '"second line"' });
    await write('message', { id: told.response, endpoint: 'target', entity_type: 'Incident', ticket_id: 'T1', kind: 1, conversation_id: told.conversation, seq: 2, state: 'NO_ROUTE', delivery_id: told.delivery, received_at: at, finished_at: new Date(at.getTime() + 10),
      body: Buffer.from(JSON.stringify({ attributes: { id: 'T1' }, response: { operation: 'CREATE', status: 'SUCCESS', httpStatus: 201, error: null, ticketId: 'T1' } })) });
  });
  return told;
}
