import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/** What moved, per minute: counted behind the traffic, so that nobody who looks has to count messages. */
const TRAFFIC = `CREATE TABLE traffic_minute (
  organization_id uuid NOT NULL, minute timestamptz NOT NULL,
  source text NOT NULL,                           -- endpoint that the message came from
  target text NOT NULL DEFAULT '',                -- endpoint that was sent to; '' in the row that counts what was received
  received integer NOT NULL DEFAULT 0, sent integer NOT NULL DEFAULT 0, failed integer NOT NULL DEFAULT 0,
  took integer[] NOT NULL DEFAULT '{}',           -- deliveries by how long they took, in the steps of store/monitoring/traffic
  PRIMARY KEY (organization_id, minute, source, target)
) WITH (fillfactor = 80)`;

export class Traffic1763683200130 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(TRAFFIC);
    for (const statement of organizationRows('traffic_minute', { app: 'SELECT' })) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
