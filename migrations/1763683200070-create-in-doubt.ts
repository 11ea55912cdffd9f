import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A create of unknown outcome may have made the ticket whose first message has just come, also while its lane waits for the look-up;
 * one that was refused has not, though its lane stands still.
 */
export class CreateInDoubt1763683200070 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE ticket_link ADD COLUMN in_doubt boolean NOT NULL DEFAULT false');
    await runner.query(`UPDATE ticket_link SET in_doubt = true WHERE ticket_id IS NULL AND create_delivery_id IS NOT NULL AND (claim IS NOT NULL OR blocked IS NOT NULL)`);
    await runner.query('DROP INDEX ticket_link_creating');
    await runner.query(`CREATE INDEX ticket_link_creating ON ticket_link (organization_id, endpoint, entity_type)
      WHERE ticket_id IS NULL AND create_delivery_id IS NOT NULL AND (claim IS NOT NULL OR in_doubt)`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
