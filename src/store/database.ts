import pg from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { appDataSource } from './data-source.js';
import type { OrganizationId } from './organization.js';

/**
 * Settings of the pipeline's connections. Its statements are planned once, on tables that may be empty then:
 * with these switches the generic plan is the index plan, whatever the table will hold (a test asserts the plans).
 */
const PIPELINE_OPTIONS = [
  'role=parley_worker', 'plan_cache_mode=force_generic_plan', 'enable_seqscan=off', 'enable_bitmapscan=off', 'enable_mergejoin=off',
  'jit=off', 'lock_timeout=2s', 'statement_timeout=20s', 'idle_in_transaction_session_timeout=30s',
].map((setting) => `-c ${setting}`).join(' ');

/** A connection whose server fell silent is given up; longer than any statement may take there. */
const QUERY_LIMIT_MS = 25_000;

const GATE_OPTIONS = '-c role=parley_gate -c statement_timeout=5s';

const onBroken = (): void => undefined;

/** The ways into PostgreSQL, one per role. Opened once per process. */
export class Database {
  private constructor(
    /** Administrative reads and writes as `parley_app`. */
    readonly app: DataSource,
    /** The pipeline as `parley_worker`: every statement names the organization itself. */
    readonly worker: pg.Pool,
    /** May only look up whose a credential is. */
    readonly gate: pg.Pool,
  ) {}

  static async open(url: string, onError: (error: Error) => void): Promise<Database> {
    const pool = (options: string, max: number): pg.Pool => {
      const made = new pg.Pool({ connectionString: url, options, max, connectionTimeoutMillis: 5_000, query_timeout: QUERY_LIMIT_MS, keepAlive: true, application_name: 'parley' });
      made.on('error', onError); // an idle connection that the server closed; the pool replaces it
      // One that breaks in somebody's hands fails what is asked of it next; without a listener it would end the process.
      made.on('connect', (client) => client.on('error', onBroken));
      return made;
    };
    const worker = pool(PIPELINE_OPTIONS, 8);
    const gate = pool(GATE_OPTIONS, 2);
    try {
      await refuseStrongRoles(worker);
      return new Database(await appDataSource(url).initialize(), worker, gate);
    } catch (error) {
      await Promise.allSettled([worker.end(), gate.end()]);
      throw error;
    }
  }

  /** Runs `work` in one transaction that sees and writes this organization's rows only. */
  async inOrganization<T>(organization: OrganizationId, work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.app.transaction(async (manager) => {
      await manager.query(`SELECT set_config('parley.organization', $1, true)`, [organization]);
      return work(manager);
    });
  }

  /** Runs `work` in one transaction of the pipeline's role. */
  async asWorker<T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const client = await this.worker.connect();
    try {
      await client.query('BEGIN');
      const result = await work(client);
      await client.query('COMMIT');
      client.release();
      return result;
    } catch (error) {
      // A connection whose rollback fails is broken: it leaves the pool.
      await client.query('ROLLBACK').then(() => client.release(), (broken: Error) => client.release(broken));
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.app.destroy(), this.worker.end(), this.gate.end()]);
  }
}

/** Row-level security binds neither superusers nor roles that may bypass it: refuses to run as one. */
async function refuseStrongRoles(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ role: string; strong: boolean }>(
    `SELECT current_user AS role, rolsuper OR rolbypassrls OR EXISTS (SELECT FROM pg_tables WHERE tableowner = current_user AND schemaname = 'public') AS strong
     FROM pg_roles WHERE rolname = current_user`);
  const found = rows[0];
  if (found === undefined || found.strong) {
    throw new Error(`The database role ${found?.role ?? 'of the pipeline'} may bypass row-level security; Parley refuses to start with it.`);
  }
}
