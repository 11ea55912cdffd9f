import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is written once, is read as a whole and is large enough to be compressed. */
const COMPRESSED = [['raw_request', 'body'], ['message', 'body'], ['message', 'trace_text'], ['delivery_body', 'body'], ['attempt', 'answer']] as const;

/**
 * Traces are kept as the text that they are: taking them apart for `jsonb` cost a fourteenth of all that PostgreSQL does for a message, and made them larger.
 * `trace` stays for the messages that have it. Where the server has LZ4, rows are compressed with it instead of the slower method of old.
 */
export class LighterRows1763683200180 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE message ADD COLUMN trace_text text');
    const [method] = await runner.query(`SELECT 'lz4' = ANY (enumvals) AS lz4 FROM pg_settings WHERE name = 'default_toast_compression'`) as { lz4: boolean }[];
    if (method?.lz4 !== true) return;
    // Partitions do not follow their parent here; those made later do.
    const partitions = await runner.query('SELECT p.relname AS parent, c.relname AS name FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_class c ON c.oid = i.inhrelid WHERE c.relkind = $1', ['r']) as { parent: string; name: string }[];
    for (const [table, column] of COMPRESSED) {
      for (const name of [table, ...partitions.filter(({ parent }) => parent === table).map((one) => one.name)]) await runner.query(`ALTER TABLE ${name} ALTER COLUMN ${column} SET COMPRESSION lz4`);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
