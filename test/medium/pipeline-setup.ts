import { randomUUID } from 'node:crypto';
import { Database } from '../../src/store/database.js';
import { organizationId, type OrganizationId } from '../../src/store/organization.js';
import { acceptMessages, type AcceptedMessage, type Placed } from '../../src/store/pipeline/accept.js';
import type { DeliveryResult } from '../../src/store/pipeline/delivery-result.js';
import { registerInstance } from '../../src/store/pipeline/instances.js';
import { claimOf, KIND, type Claim, type RouteLane } from '../../src/store/pipeline/lane.js';
import { commitRoutes, type NewDelivery, type RouteResult } from '../../src/store/pipeline/route-commit.js';
import { newId } from '../../src/store/pipeline/uuid.js';
import { createDatabase } from '../support/database.js';

/** The store of the pipeline alone: what statements promise, without stages. */
export async function openStore(): Promise<{ database: Database; url: string; close(): Promise<void> }> {
  const made = await createDatabase();
  const database = await Database.open(made.url, () => undefined);
  return {
    database, url: made.url,
    close: async () => {
      await database.close();
      await made.drop();
    },
  };
}

/** An organization whose rows a test looks at, worked on by one instance. */
export class Books {
  readonly organization: OrganizationId = organizationId(randomUUID());
  private counter = 0;

  private constructor(readonly database: Database, readonly instance: number) {}

  static async open(database: Database): Promise<Books> {
    const { id } = await registerInstance(database.worker, { host: 'here', pid: 1, dataDir: randomUUID(), version: '0' });
    return new Books(database, id);
  }

  nextClaim(): Claim {
    return claimOf(this.instance, ++this.counter);
  }

  message(ticketId: string | null, changes: Partial<AcceptedMessage> = {}): AcceptedMessage {
    const id = newId();
    return {
      id, organization: this.organization, endpoint: 'source', entityType: 'Incident', entityKey: 'incident', messageType: '', ticketId, proposed: newId(), known: null, kind: KIND.normal,
      deliveryId: null, depth: 0, rawId: null, body: Buffer.from('{}'), references: [], ...changes,
    };
  }

  accept(...messages: readonly AcceptedMessage[]): Promise<Placed[]> {
    return acceptMessages(this.database.worker, messages, this.nextClaim());
  }

  async rows<T extends Readonly<Record<string, unknown>> = Readonly<Record<string, unknown>>>(sql: string, ...values: readonly unknown[]): Promise<T[]> {
    return (await this.database.worker.query<T>(sql, [this.organization, ...values])).rows;
  }

  async count(table: string): Promise<number> {
    return (await this.rows<{ count: number }>(`SELECT count(*)::int AS count FROM ${table} WHERE organization_id = $1`))[0]!.count;
  }

  async conversation(id: string): Promise<Readonly<Record<string, unknown>>> {
    return (await this.rows(`SELECT last_seq::int, done_seq::int, claim, blocked, poked, ready_at < 'infinity' AS ready FROM conversation WHERE organization_id = $1 AND id = $2`, id))[0]!;
  }

  async link(conversation: string, endpoint = 'target'): Promise<Readonly<Record<string, unknown>>> {
    return (await this.rows(
      `SELECT last_seq::int, done_seq::int, claim, blocked, in_doubt, ticket_id, create_delivery_id, crash_count, ready_at < 'infinity' AS ready, CASE WHEN ready_at < 'infinity' THEN extract(epoch FROM ready_at - now())::float8 END AS in_s
       FROM ticket_link WHERE organization_id = $1 AND conversation_id = $2 AND endpoint = $3`, conversation, endpoint))[0]!;
  }

  /** A conversation that a message has just begun and whose route lane is claimed. */
  async claimed(ticketId = 'INC1'): Promise<{ lane: Pick<RouteLane, 'conversation' | 'claim'>; message: AcceptedMessage }> {
    const message = this.message(ticketId);
    const claim = this.nextClaim();
    const [placed] = await acceptMessages(this.database.worker, [message], claim);
    return { lane: { conversation: placed!.conversation, claim }, message };
  }

  /** What routing decided: nothing, unless `changes` says more. */
  routed(lane: Pick<RouteLane, 'conversation' | 'claim'>, changes: Partial<RouteResult> = {}): RouteResult {
    return {
      organization: this.organization, conversation: lane.conversation, claim: lane.claim, doneSeq: 1, messages: [], links: [], deliveries: [], memory: null, kept: null, delayed: [], ended: [],
      snapshots: [], blocked: null, ...changes,
    };
  }

  /** What is written of one delivery to `target`, at this place of its lane. */
  sends(messageId: string, seq: number, { operation = 'CREATE', take = true }: { operation?: 'CREATE' | 'UPDATE'; take?: boolean } = {}): Pick<RouteResult, 'links' | 'deliveries'> & { delivery: NewDelivery } {
    const delivery: NewDelivery = {
      id: newId(), messageId, source: 'source', endpoint: 'target', entityType: 'Incident', entityKey: 'incident', seq, operation, ruleId: 'r', ruleVersion: 1, depth: 0,
      body: Buffer.from(JSON.stringify({ messageType: '', attributes: {}, attachments: [] })),
    };
    const link = { endpoint: 'target', entityKey: 'incident', createDeliveryId: operation === 'CREATE' ? delivery.id : null, previousSeq: seq - 1, lastSeq: seq, take, firstDelivery: delivery.id };
    return { links: [link], deliveries: [delivery], delivery };
  }

  /** A conversation whose create is in hand under `claim`. */
  async sending(ticketId = 'INC1'): Promise<{ conversation: string; claim: Claim; delivery: NewDelivery; message: AcceptedMessage }> {
    const { lane, message } = await this.claimed(ticketId);
    const { delivery, ...sends } = this.sends(message.id, 1);
    const claim = this.nextClaim();
    await commitRoutes(this.database, [this.routed(lane, sends)], claim);
    return { conversation: lane.conversation, claim, delivery, message };
  }

  /** What became of the attempt at a delivery in hand: sent, unless `changes` says something else. */
  result(sending: { conversation: string; claim: Claim; delivery: NewDelivery }, changes: Partial<DeliveryResult> = {}, state: NonNullable<DeliveryResult['delivery']>['state'] = 'SENT'): DeliveryResult {
    const { conversation, claim, delivery } = sending;
    return {
      organization: this.organization, conversation, endpoint: 'target', entityKey: 'incident', claim, doneSeq: delivery.seq, release: true, delayMs: null, blocked: null,
      ticketId: state === 'SENT' ? `T-${conversation.slice(-6)}` : null,
      delivery: { id: delivery.id, seq: delivery.seq, state, attempts: 1, httpStatus: 201, error: null, final: state === 'SENT' || state === 'DEAD' },
      attempt: { deliveryId: delivery.id, number: 1, outcome: state === 'SENT' ? 'success' : 'retryable', httpStatus: 201, error: null, durationMs: 5, answer: null },
      next: null, response: null, ...changes,
    };
  }
}
