import type pg from 'pg';

/** Which PostgreSQL this is, and how large the database on its disk. */
export async function readServer(pool: pg.Pool): Promise<{ readonly version: string; readonly bytes: number }> {
  const { rows } = await pool.query<{ version: string; bytes: string }>({ name: 'server', text: `SELECT current_setting('server_version') AS version, pg_database_size(current_database())::text AS bytes` });
  return { version: (rows[0]?.version ?? '').split(' ', 1)[0] ?? '', bytes: Number(rows[0]?.bytes ?? 0) };
}
