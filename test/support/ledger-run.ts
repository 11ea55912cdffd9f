import pg from 'pg';
import { API_KEY, launchApplication, startApplication, untilReady, type Application, type ApplicationOptions } from './application.js';
import { Ledger } from './ledger.js';
import { LedgerSource, type LedgerSourceOptions } from './ledger-source.js';
import { LedgerTarget, type LedgerTargetOptions } from './ledger-target.js';
import type { ApiClient } from './api-client.js';

/** How the target treats what nobody knows the end of. */
export type Unknowns = 'idempotent' | 'lookup' | 'neither';

export interface LedgerSettings {
  readonly unknowns?: Unknowns | undefined;
  /** Of the target's endpoint. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
  /** Whether the source's messages are mapped after they were accepted, instead of being canonical. */
  readonly isMapped?: boolean | undefined;
}

const MAPPING = { ticketId: 'ticketId', attributes: { ticket: 'attributes.ticket', step: 'attributes.step', text: 'attributes.text' } };

/** The configuration of a ledger run: `source` sends, `target` gets everything, and each new ticket's id is written back to the source. */
export function ledgerConfiguration(target: LedgerTarget, writeBack: LedgerTarget, { unknowns = 'idempotent', settings = {}, isMapped = false }: LedgerSettings = {}): { endpoints: readonly object[]; rules: readonly object[] } {
  const create = { method: 'POST', path: '/tickets', ...(unknowns === 'idempotent' ? { idempotent: true } : {}) };
  const retry = { firstMs: 50, mostMs: 500 };
  return {
    endpoints: [
      {
        id: 'source', name: 'Source', adapter: 'rest', settings: { baseUrl: writeBack.url, retry },
        entityTypes: [{ name: 'incident', operations: { update: { method: 'PUT', path: '/tickets/{{ticketId}}' } }, response: {}, ...(isMapped ? { inbound: MAPPING } : {}) }],
      },
      {
        id: 'target', name: 'Target', adapter: 'rest', settings: { baseUrl: target.url, retry, ...settings },
        entityTypes: [{
          name: 'ticket', operations: { create, update: { method: 'PUT', path: '/tickets/{{ticketId}}' } }, response: { ticketId: 'id' },
          ...(unknowns === 'lookup' ? { lookup: { method: 'GET', path: '/tickets?key={{correlationKey}}', ticketId: '[0].id' } } : {}),
        }],
      },
    ],
    rules: [
      {
        name: 'source to target', changeDescription: 'ledger', sourceSystemId: 'source', sourceEntityType: 'incident', targetSystemId: 'target', targetEntityType: 'ticket',
        mappings: ['ticket', 'step', 'text'].map((name) => ({ type: 'Single', template: `\${${name}}`, targetAttribute: name })),
      },
      {
        name: 'write the id back', changeDescription: 'ledger', sourceSystemId: 'target', sourceEntityType: 'ticket', targetSystemId: 'source', targetEntityType: 'incident',
        targetCondition: 'RESPONSE_TO_CREATE', responseStatus: 'SUCCESS',
        mappings: [{ type: 'Single', template: '${sf:response:ticketId}', targetAttribute: 'correlation_id' }],
      },
    ],
  };
}

/** Endpoints and rules, each by its own call. */
export async function configure(api: ApiClient, { endpoints, rules }: { endpoints: readonly object[]; rules: readonly object[] }): Promise<void> {
  for (const endpoint of endpoints) await api.must('POST', '/api/v1/endpoints', endpoint as Record<string, unknown>);
  for (const rule of rules) await api.must('POST', '/api/v1/rules', rule as Record<string, unknown>);
}

export interface LedgerRunOptions extends LedgerSettings {
  readonly application: ApplicationOptions;
  readonly target?: LedgerTargetOptions;
  readonly source?: Pick<LedgerSourceOptions, 'concurrency' | 'attributes'>;
}

/** One application between a ledger's source and targets. The application may end and come back; the others stay. */
export class LedgerRun {
  readonly ledger = new Ledger();
  /** What is written back to the source: each ticket's id in the target. */
  readonly writeBacks = new Ledger();
  application!: Application;
  target!: LedgerTarget;
  writeBack!: LedgerTarget;
  source!: LedgerSource;

  private constructor(private readonly options: LedgerRunOptions) {}

  static async open(options: LedgerRunOptions): Promise<LedgerRun> {
    const run = new LedgerRun(options);
    run.target = await LedgerTarget.start(run.ledger, { honoursKeys: (options.unknowns ?? 'idempotent') === 'idempotent', ...options.target });
    run.writeBack = await LedgerTarget.start(run.writeBacks);
    run.application = await launchApplication(options.application);
    try {
      await untilReady(run.application);
      await run.prepare();
    } catch (error) {
      await run.close();
      throw error;
    }
    return run;
  }

  private async prepare(): Promise<void> {
    await configure(this.application.api, ledgerConfiguration(this.target, this.writeBack, this.options));
    this.source = new LedgerSource(this.ledger, { address: () => `${this.application.url}/api/v1/inbound/source/incident`, authorization: `Bearer ${API_KEY}`, ...this.options.source });
  }

  /** Starts the application again on the same data and the same port. */
  async restart(env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { dataDir, port } = this.application;
    this.application = await startApplication({ ...this.options.application, dataDir, port, env: { ...this.options.application.env, ...env } });
  }

  /** Changes the settings of the target's endpoint. */
  async changeTarget(settings: Readonly<Record<string, unknown>>): Promise<void> {
    const { endpoints } = ledgerConfiguration(this.target, this.writeBack, { ...this.options, settings: { ...this.options.settings, ...settings } });
    await this.application.api.must('PUT', '/api/v1/endpoints/target', endpoints[1] as Record<string, unknown>);
  }

  /** Starts the application again, told to end somewhere; resolves when it listens or has ended already. */
  async restartDoomed(failpoint: string): Promise<void> {
    const { dataDir, port } = this.application;
    this.application = await launchApplication({ ...this.options.application, dataDir, port, env: { ...this.options.application.env, PARLEY_FAILPOINT: failpoint } });
    await Promise.race([this.application.ready, this.application.exited]);
  }

  /** Waits until everything has arrived and the store has nothing left to do. */
  async untilQuiet(limitMs: number): Promise<void> {
    const end = Date.now() + limitMs;
    await this.ledger.untilDelivered(limitMs);
    await untilIdle(this.options.application.databaseUrl, Math.max(2_000, end - Date.now()));
  }

  async close(): Promise<void> {
    this.source?.stop();
    await this.application.kill('SIGKILL');
    await Promise.all([this.target.stop(), this.writeBack.stop()]);
  }
}

const OPEN_WORK = `SELECT
  (SELECT count(*) FROM conversation WHERE ready_at < 'infinity')::int AS "conversations ready",
  (SELECT count(*) FROM ticket_link WHERE ready_at < 'infinity')::int AS "lanes ready",
  (SELECT count(*) FROM ticket_link WHERE blocked IS NOT NULL)::int AS "lanes blocked",
  (SELECT count(*) FROM receive_lane WHERE ready_at < 'infinity')::int AS "receive lanes ready",
  (SELECT count(*) FROM message WHERE state = 'RECEIVED')::int AS "messages not routed",
  (SELECT count(*) FROM delivery WHERE state IN ('QUEUED', 'RETRYING'))::int AS "deliveries not sent",
  (SELECT count(*) FROM delivery WHERE state IN ('DEAD', 'HELD'))::int AS "deliveries dead or held"`;

/** Waits until no lane has work and every message and delivery has come to its end; says what is left where that does not happen. */
export async function untilIdle(databaseUrl: string, limitMs: number): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c role=parley_worker' });
  client.on('error', () => undefined);
  await client.connect();
  try {
    for (const end = Date.now() + limitMs; ; await new Promise((resolve) => setTimeout(resolve, 100))) {
      const { rows } = await client.query<Record<string, number>>(OPEN_WORK);
      const left = Object.entries(rows[0]!).filter(([, count]) => count > 0);
      if (left.length === 0) return;
      if (Date.now() > end) throw new Error(`there is work left after ${limitMs} ms: ${left.map(([what, count]) => `${count} ${what}`).join(', ')}`);
    }
  } finally {
    await client.end();
  }
}

const LEFT_WORK = {
  instances: `SELECT id, stopped_at, heartbeat_at, now() FROM instance ORDER BY id DESC LIMIT 4`,
  conversations: `SELECT id, last_seq, done_seq, ready_at, claim >> 32 AS instance, crash_count, blocked, poked FROM conversation WHERE ready_at < 'infinity' OR blocked IS NOT NULL OR claim IS NOT NULL LIMIT 5`,
  lanes: `SELECT * , claim >> 32 AS instance FROM ticket_link WHERE ready_at < 'infinity' OR blocked IS NOT NULL OR claim IS NOT NULL OR last_seq > done_seq LIMIT 5`,
  messages: `SELECT id, conversation_id, seq, kind, state, received_at FROM message WHERE state = 'RECEIVED' LIMIT 5`,
  deliveries: `SELECT d.id, d.conversation_id, d.endpoint, d.seq, d.operation, d.state, d.attempts, d.error, (SELECT json_agg(a ORDER BY a.number) FROM (SELECT number, outcome, claim >> 32 AS instance, started_at, finished_at, error FROM attempt WHERE delivery_id = d.id) a) AS tried
    FROM delivery d WHERE d.state NOT IN ('SENT', 'SKIPPED', 'CANCELLED') LIMIT 8`,
} as const;

/** What is left to do in the store, row by row, for whoever must find out why it is not done. */
export async function leftWork(databaseUrl: string): Promise<string> {
  const client = new pg.Client({ connectionString: databaseUrl, options: '-c role=parley_worker' });
  await client.connect();
  try {
    const parts: string[] = [];
    for (const [what, statement] of Object.entries(LEFT_WORK)) parts.push(`${what}: ${JSON.stringify((await client.query(statement).catch((error: unknown) => ({ rows: [String(error)] }))).rows)}`);
    return parts.join('\n');
  } finally {
    await client.end();
  }
}
