import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import { AdapterModule } from '../../src/adapter/index.js';
import { BrokerModule } from '../../src/broker/index.js';
import type { Settings } from '../../src/config/settings.js';
import { QueueModule } from '../../src/queue/index.js';
import { RuleModule } from '../../src/rule/index.js';
import { openApi, type Api, type ApiAnswer, type ApiUser } from '../support/api.js';
import { eventually } from '../support/eventually.js';
import { FakeTarget } from '../support/fake-target.js';
import { sharedRedis } from '../support/redis.js';

type Row = Readonly<Record<string, unknown>>;
type Document = Readonly<Record<string, unknown>>;

export const MODULES = [QueueModule, RuleModule, AdapterModule, BrokerModule];

/** The whole pipeline in this process, over a database of its own. Each test gets an organization and a target of its own. */
export async function openBroker(settings: Partial<Settings> = {}): Promise<{ api: Api; desk(): Promise<Desk>; close(): Promise<void> }> {
  const redis = await sharedRedis();
  const api = await openApi(MODULES, { settings: { redisUrl: redis?.url, ...settings } });
  const desks: Desk[] = [];
  let made = 0;
  return {
    api,
    desk: async () => {
      const desk = await Desk.open(api, `desk-${++made}`);
      desks.push(desk);
      return desk;
    },
    close: async () => {
      for (const desk of desks) await desk.target.stop(); // no call hangs any more
      await api.close();
    },
  };
}

/** Another instance over the same database; only messages are sent through it. */
export async function openPeer(api: Api): Promise<Api> {
  // A data folder of its own: on the same one it would be the successor of a process that died.
  return openApi(MODULES, { over: api, settings: { redisUrl: api.settings.redisUrl, dataDir: `.data-of-${randomUUID()}` } });
}

const INCIDENT = { name: 'incident', operations: { create: { method: 'POST', path: '/incidents' }, update: { method: 'PUT', path: '/incidents/{{ticketId}}' } }, response: { ticketId: 'id' } };

/** An organization with the endpoints `source` and `target`, both at one scriptable server: below `/source` and `/target`. */
export class Desk {
  private readonly ruleDocuments = new Map<string, Document>();

  private constructor(readonly api: Api, readonly user: ApiUser, readonly target: FakeTarget) {}

  static async open(api: Api, slug: string): Promise<Desk> {
    const desk = new Desk(api, await api.organization(slug), await FakeTarget.start());
    for (const id of ['source', 'target']) await desk.endpoint(id);
    return desk;
  }

  /** Sets an endpoint; retries are quick unless `settings` says something else. */
  async endpoint(id: string, { settings = {}, entityType = {} }: { settings?: Document; entityType?: Document } = {}): Promise<void> {
    await this.must('PUT', `/api/v1/endpoints/${id}`, {
      name: id, adapter: 'rest', settings: { baseUrl: `${this.target.url}/${id}`, retry: { firstMs: 20, mostMs: 100 }, ...settings }, entityTypes: [{ ...INCIDENT, ...entityType }],
    });
  }

  /** Makes a rule from `source` to `target` that copies `text`; answers its id. */
  async rule(name: string, changes: Document = {}): Promise<string> {
    const document = {
      name, sourceSystemId: 'source', sourceEntityType: 'incident', targetSystemId: 'target', targetEntityType: 'incident',
      mappings: [{ type: 'Single', template: '${text}', targetAttribute: 'text' }], ...changes,
    };
    const { body } = await this.must('POST', '/api/v1/rules', { ...document, changeDescription: 'made by a test' });
    this.ruleDocuments.set(body.ruleId as string, document);
    return body.ruleId as string;
  }

  /** Puts a new version of a rule into use. */
  async changeRule(id: string, changes: Document): Promise<void> {
    await this.must('POST', `/api/v1/rules/${id}/versions`, { ...this.ruleDocuments.get(id), ...changes, changeDescription: 'changed by a test' });
  }

  /** Sends a message as `endpoint`; answers its id once it was accepted. */
  async say(ticketId: string, attributes: Document = {}, { endpoint = 'source', query = '', ...more }: Document & { readonly endpoint?: string; readonly query?: string } = {}): Promise<string> {
    const { body } = await this.must('POST', `/api/v1/inbound/${endpoint}/incident${query}`, { ticketId, attributes, ...more });
    return body.messageId as string;
  }

  async must(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown): Promise<ApiAnswer> {
    const answer = await this.user.send(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  act(what: string, id: string, act: string, body?: unknown): Promise<ApiAnswer> {
    return this.user.send('POST', `/api/v1/${what}/${id}/${act}`, body);
  }

  async rows<T extends Row = Row>(sql: string, ...values: readonly unknown[]): Promise<T[]> {
    return (await this.api.database.worker.query<T>(sql, [this.user.organization, ...values])).rows;
  }

  /** The message as it stands in the store. */
  async message(id: string): Promise<{ state: string; reason: string | null; conversation: string; receipt: string | null; kind: number }> {
    const [row] = await this.rows<{ state: string; reason: string | null; conversation: string; receipt: string | null; kind: number }>(
      'SELECT state, reason, conversation_id AS conversation, delivery_id AS receipt, kind FROM message WHERE organization_id = $1 AND id = $2', id);
    if (row === undefined) throw new Error(`there is no message ${id}`);
    return row;
  }

  async conversationOf(messageId: string): Promise<string> {
    return (await this.message(messageId)).conversation;
  }

  /** Deliveries in the order in which they were routed. */
  deliveries(endpoint = 'target'): Promise<{ id: string; operation: string; state: string; attempts: number; error: string | null; seq: number; conversation: string }[]> {
    return this.rows('SELECT id, operation, state, attempts, error, seq::int, conversation_id AS conversation FROM delivery WHERE organization_id = $1 AND endpoint = $2 ORDER BY id', endpoint);
  }

  async link(endpoint = 'target'): Promise<Row | undefined> {
    return (await this.rows('SELECT * FROM ticket_link WHERE organization_id = $1 AND endpoint = $2', endpoint))[0];
  }

  /** Requests as `method path` with what they say in `text`. */
  seen(): string[] {
    return this.target.seen.map(({ method, url, body }) => `${method} ${url} ${(JSON.parse(body.toString() || '{}') as { text?: string }).text ?? ''}`.trim());
  }

  /** Waits until the target has seen exactly these, in this order. */
  untilSeen(expected: readonly string[], withinMs?: number): Promise<void> {
    return eventually(() => expect(this.seen()).toEqual(expected), withinMs);
  }

  untilMessage(id: string, expected: Row): Promise<void> {
    return eventually(async () => expect(await this.message(id)).toMatchObject(expected));
  }

  /** Waits until the target's deliveries are in these states, in the order in which they were routed. */
  untilDeliveries(states: readonly string[], endpoint = 'target'): Promise<void> {
    return eventually(async () => expect((await this.deliveries(endpoint)).map(({ state }) => state)).toEqual(states));
  }

  /** Waits until no lane of the organization is at work or ready. */
  untilIdle(): Promise<void> {
    return eventually(async () => {
      const [open] = await this.rows(`SELECT (SELECT count(*) FROM conversation WHERE organization_id = $1 AND ready_at < 'infinity')::int AS conversations,
        (SELECT count(*) FROM ticket_link WHERE organization_id = $1 AND ready_at < 'infinity')::int AS links, (SELECT count(*) FROM receive_lane WHERE organization_id = $1 AND ready_at < 'infinity')::int AS receive`);
      expect(open).toEqual({ conversations: 0, links: 0, receive: 0 });
    });
  }

  /** What was done to something, by the audit log, oldest first. */
  auditOf(subject: string): Promise<string[]> {
    return this.api.database.inOrganization(this.user.organization, async (manager) => {
      const rows = await manager.query<{ action: string }[]>('SELECT action FROM audit_entry WHERE subject = $1 ORDER BY seq', [subject]);
      return rows.map(({ action }) => action);
    });
  }
}
