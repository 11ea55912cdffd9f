import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/**
 * What happened to conversations as such: merged, split, contradicted. Old rows and older instances go on without any of it:
 * every new column may be null.
 */
const TABLES: Readonly<Record<string, string>> = {
  conversation_event: `CREATE TABLE conversation_event (
    organization_id uuid NOT NULL, id uuid NOT NULL, conversation_id uuid NOT NULL,
    kind text NOT NULL,                           -- MERGED, SPLIT_OFF, SPLIT_FROM, REFERENCE_CONFLICT, TICKET_CONFLICT
    other_id uuid,                                -- the other conversation
    subject text NOT NULL DEFAULT '',             -- the ticket that it is about
    message_id uuid,                              -- the newest message that showed it
    details jsonb NOT NULL DEFAULT '{}', actor text, count integer NOT NULL DEFAULT 1,
    happened_at timestamptz NOT NULL DEFAULT now(), last_at timestamptz NOT NULL DEFAULT now(),
    attention boolean NOT NULL DEFAULT false,     -- somebody should look at it, and has not yet
    settled_at timestamptz, settled_by text,
    PRIMARY KEY (organization_id, id))`,

  // A conversation that is part of another one: what names it goes on to that.
  conversation_alias: `CREATE TABLE conversation_alias (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, into_id uuid NOT NULL, merged_at timestamptz NOT NULL DEFAULT now())`,
};

const STATEMENTS = [
  `CREATE INDEX conversation_event_conversation ON conversation_event (conversation_id, id)`,
  `CREATE INDEX conversation_event_attention ON conversation_event (organization_id, id) WHERE attention`,
  // One entry per contradiction that nobody has settled, however many messages repeat it.
  `CREATE UNIQUE INDEX conversation_event_open ON conversation_event (organization_id, conversation_id, kind, other_id, subject) WHERE attention`,
  `CREATE INDEX conversation_alias_into ON conversation_alias (into_id)`,
  // Keys go along when conversations are merged or split: without this every key of every organization is read.
  `CREATE INDEX conversation_key_conversation ON conversation_key (conversation_id)`,
  // Conversations that the references of a message name though its ticket belongs to another one.
  `ALTER TABLE message ADD COLUMN conflicts jsonb`,
  // The conversation that it was decided in, where it was moved since: its memory of that time is found there.
  `ALTER TABLE message ADD COLUMN home_id uuid, ADD COLUMN moved_at timestamptz`,
  // How far a ticket's filtered messages, which have no place in the lane, are part of its last known values.
  `ALTER TABLE ticket_snapshot ADD COLUMN upto_id uuid`,
  // What waits is listed by organization. No partial index on the waiting ones: the pipeline's look-ups would take it for the one by conversation.
  `CREATE INDEX delayed_execution_feed ON delayed_execution (organization_id, id)`,
];

export class ConversationEvent1763683200080 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, definition] of Object.entries(TABLES)) {
      await runner.query(definition);
      for (const statement of organizationRows(table)) await runner.query(statement);
    }
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
