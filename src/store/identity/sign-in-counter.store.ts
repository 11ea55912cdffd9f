import type { EntityManager } from 'typeorm';

export type CounterScope = 'pair' | 'account' | 'network';

export interface SignInCounter {
  /** Failures in the running window, this attempt included. */
  readonly failures: number;
  /** Milliseconds until the next attempt is allowed; 0 or less: now. */
  readonly blockedMs: number;
  /** Milliseconds until the window ends. */
  readonly windowMs: number;
}

/** Counters of failed sign-ins, kept in PostgreSQL so that all instances count together. */
export class SignInCounterStore {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Counts an attempt as failed before it is tried (attempts at once must not all pass one check) and answers the state.
   * While a block lasts nothing more is counted. The window begins anew after `windowMs`.
   */
  async count(scope: CounterScope, key: Buffer, windowMs: number): Promise<SignInCounter> {
    const [row] = await this.manager.query<{ failures: number; blocked_ms: string; window_ms: string }[]>(
      `INSERT INTO sign_in_counter AS c (scope, key, failures, window_started_at) VALUES ($1, $2, 1, clock_timestamp())
       ON CONFLICT (scope, key) DO UPDATE SET
         failures = CASE WHEN c.window_started_at < clock_timestamp() - $3 * interval '1 ms' THEN 1
                         WHEN c.blocked_until > clock_timestamp() THEN c.failures ELSE c.failures + 1 END,
         blocked_until = CASE WHEN c.window_started_at < clock_timestamp() - $3 * interval '1 ms' THEN NULL ELSE c.blocked_until END,
         window_started_at = CASE WHEN c.window_started_at < clock_timestamp() - $3 * interval '1 ms' THEN clock_timestamp() ELSE c.window_started_at END
       RETURNING failures,
         coalesce(extract(epoch FROM blocked_until - clock_timestamp()) * 1000, 0) AS blocked_ms,
         extract(epoch FROM window_started_at - clock_timestamp()) * 1000 + $3 AS window_ms`, [scope, key, windowMs]);
    return { failures: row?.failures ?? 0, blockedMs: Number(row?.blocked_ms ?? 0), windowMs: Number(row?.window_ms ?? 0) };
  }

  async block(scope: CounterScope, key: Buffer, forMs: number): Promise<void> {
    await this.manager.query(`UPDATE sign_in_counter SET blocked_until = clock_timestamp() + $3 * interval '1 ms' WHERE scope = $1 AND key = $2`, [scope, key, forMs]);
  }

  /** Takes a counted attempt back: it was right. */
  async forgive(scope: CounterScope, key: Buffer): Promise<void> {
    await this.manager.query('UPDATE sign_in_counter SET failures = greatest(failures - 1, 0) WHERE scope = $1 AND key = $2', [scope, key]);
  }

  async clear(scope: CounterScope, key: Buffer): Promise<void> {
    await this.manager.query('DELETE FROM sign_in_counter WHERE scope = $1 AND key = $2', [scope, key]);
  }

  async noteKnown(key: Buffer): Promise<void> {
    await this.manager.query(
      `INSERT INTO sign_in_counter (scope, key) VALUES ('known', $1) ON CONFLICT (scope, key) DO UPDATE SET window_started_at = now()`, [key]);
  }

  async isKnown(key: Buffer): Promise<boolean> {
    const rows = await this.manager.query<unknown[]>(
      `SELECT 1 FROM sign_in_counter WHERE scope = 'known' AND key = $1 AND window_started_at > now() - interval '30 days'`, [key]);
    return rows.length > 0;
  }

  async sweep(): Promise<void> {
    await this.manager.query(
      `DELETE FROM sign_in_counter WHERE window_started_at < now() - CASE scope WHEN 'known' THEN interval '30 days' ELSE interval '1 day' END`);
  }
}
