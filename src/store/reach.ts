import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

/** PostgreSQL cannot be used; the message is one sentence, without the password. */
export class StoreUnreachable extends Error {}

/** How long a start waits for PostgreSQL. */
const PATIENCE_MS = 30_000;
const PAUSE_MS = 500;
const CONNECT_MS = 5_000;

/** Not there yet: refused, unknown host, starting up, too many clients, cut. Everything else is an answer. */
const NOT_YET = /^(ECONNREFUSED|ECONNRESET|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|57P0.|53300|08...)$/;
const NOT_YET_SENTENCE = /connection terminated|timeout expired/i;
const OLDEST = 150_000;

/** Waits up to 30 s until PostgreSQL answers. Refuses at once what waiting does not cure: wrong password, no such database, too old. */
export async function waitForPostgres(url: string, patienceMs = PATIENCE_MS): Promise<void> {
  const until = performance.now() + patienceMs;
  for (;;) {
    try {
      return await knock(url, Math.max(1, Math.min(CONNECT_MS, until - performance.now())));
    } catch (error) {
      if (error instanceof StoreUnreachable) throw error;
      const { code = '', message } = error as { code?: string; message: string };
      const why = message || code;
      if (!NOT_YET.test(code) && !NOT_YET_SENTENCE.test(message)) throw new StoreUnreachable(`PostgreSQL at ${placeOf(url)} refuses the connection: ${why}.`, { cause: error });
      if (performance.now() + PAUSE_MS >= until) {
        throw new StoreUnreachable(`PostgreSQL at ${placeOf(url)} did not answer within ${Math.round(patienceMs / 1_000)} s (${why}).`, { cause: error });
      }
    }
    await sleep(PAUSE_MS);
  }
}

async function knock(url: string, timeoutMs: number): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: timeoutMs, query_timeout: timeoutMs });
  client.on('error', () => {}); // the connection may break after its last answer; the answer counts
  try {
    await client.connect();
    const { rows } = await client.query<{ version: number }>(`SELECT current_setting('server_version_num')::int AS version`);
    if ((rows[0]?.version ?? 0) < OLDEST) throw new StoreUnreachable(`PostgreSQL at ${placeOf(url)} is too old: Parley needs version 15 or newer.`);
  } finally {
    client.end().catch(() => {});
  }
}

/** Host, port and database of a URL. */
function placeOf(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname || 'localhost'}:${port || '5432'}${pathname}`;
}
