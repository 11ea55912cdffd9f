import type { MigrationInterface, QueryRunner } from 'typeorm';
import { organizationRows } from './row-security.js';

/**
 * Tables that grow with traffic are partitioned by week on their UUIDv7 id (partitions are made at start, four weeks ahead).
 * Uniqueness lives in the small unpartitioned ones. State tables leave room for HOT updates: no index names a column that changes,
 * except `ready_at`, which changes only when a lane gets work or runs empty.
 */
const STATE_TABLE = `WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_cost_limit = 2000)`;

const TABLES: Readonly<Record<string, string>> = {
  // What came in, as bytes. `seq` is its place in the endpoint's receive lane; null where it was correlated when accepted.
  raw_request: `CREATE TABLE raw_request (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, endpoint text NOT NULL, entity_type text NOT NULL,
    content_type text NOT NULL, headers jsonb, query text, seq bigint, body bytea NOT NULL
  ) PARTITION BY RANGE (id)`,

  message: `CREATE TABLE message (
    organization_id uuid NOT NULL, id uuid NOT NULL, raw_id uuid,
    endpoint text NOT NULL, entity_type text NOT NULL, message_type text NOT NULL DEFAULT '', ticket_id text,
    kind smallint NOT NULL DEFAULT 0,             -- 0 normal, 1 response, 2 normal but written by our integration user
    conversation_id uuid, seq bigint,             -- its place in the route lane
    state text NOT NULL DEFAULT 'RECEIVED', reason text,
    delivery_id uuid,                             -- response: the delivery it answers; echo: its receipt
    depth smallint NOT NULL DEFAULT 0,            -- links in the chain of causes since a message that was neither response nor echo
    body bytea,                                   -- canonical form, where that is not the raw request itself
    received_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz, trace jsonb,
    PRIMARY KEY (organization_id, id)
  ) PARTITION BY RANGE (id)`,

  delivery: `CREATE TABLE delivery (
    organization_id uuid NOT NULL, id uuid NOT NULL, conversation_id uuid NOT NULL, message_id uuid NOT NULL,
    endpoint text NOT NULL, entity_type text NOT NULL, entity_key text NOT NULL, seq bigint NOT NULL,
    operation text NOT NULL, rule_id text NOT NULL, rule_version integer NOT NULL, depth smallint NOT NULL DEFAULT 0,
    state text NOT NULL DEFAULT 'QUEUED', attempts integer NOT NULL DEFAULT 0,
    http_status smallint, error text, ticket_id text,
    created_at timestamptz NOT NULL DEFAULT now(), next_at timestamptz, finished_at timestamptz,
    PRIMARY KEY (organization_id, id)
  ) PARTITION BY RANGE (id)`,

  // What a delivery carries; written once, apart from the row whose state changes.
  delivery_body: `CREATE TABLE delivery_body (organization_id uuid NOT NULL, id uuid PRIMARY KEY, body bytea NOT NULL) PARTITION BY RANGE (id)`,

  // A call that is about to be made or was made; one without outcome after its owner died means: unknown.
  attempt: `CREATE TABLE attempt (
    organization_id uuid NOT NULL, delivery_id uuid NOT NULL, number integer NOT NULL,
    started_at timestamptz NOT NULL DEFAULT now(), claim bigint NOT NULL,
    outcome text, http_status smallint, error text, duration_ms integer, finished_at timestamptz, answer bytea,
    PRIMARY KEY (delivery_id, number)
  ) PARTITION BY RANGE (delivery_id)`,

  inbound_key: `CREATE TABLE inbound_key (
    organization_id uuid NOT NULL, endpoint text NOT NULL, key text NOT NULL, message_id uuid NOT NULL, body_hash bytea NOT NULL,
    PRIMARY KEY (organization_id, endpoint, key))`,

  // The conversation row is its route lane: its places and its claim (a token that names the instance and is never used twice: owner and epoch in one).
  conversation: `CREATE TABLE conversation (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY,
    last_seq bigint NOT NULL DEFAULT 0, done_seq bigint NOT NULL DEFAULT 0,
    ready_at timestamptz NOT NULL DEFAULT 'infinity', claim bigint, crash_count smallint NOT NULL DEFAULT 0,
    poked boolean NOT NULL DEFAULT false,         -- something besides a message wants it looked at again
    loops_after timestamptz,                      -- an operator released it from the loop guard then: only later deliveries count
    blocked text, updated_at timestamptz NOT NULL DEFAULT now()
  ) ${STATE_TABLE}`,

  conversation_key: `CREATE TABLE conversation_key (
    organization_id uuid NOT NULL, endpoint text NOT NULL, entity_type text NOT NULL, ticket_id text NOT NULL, conversation_id uuid NOT NULL,
    PRIMARY KEY (organization_id, endpoint, entity_type, ticket_id))`,

  conversation_memory: `CREATE TABLE conversation_memory (
    organization_id uuid NOT NULL, conversation_id uuid PRIMARY KEY,
    attributes jsonb NOT NULL DEFAULT '{}', counters jsonb NOT NULL DEFAULT '{}'
  ) ${STATE_TABLE}`,

  memory_change: `CREATE TABLE memory_change (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, conversation_id uuid NOT NULL, message_id uuid,
    kind text NOT NULL, name text NOT NULL, before jsonb, after jsonb,
    rule_id text, rule_version integer, actor text, reason text, changed_at timestamptz NOT NULL DEFAULT now())`,

  // A ticket of a conversation, and the delivery lane to it. `entity_type` is folded.
  ticket_link: `CREATE TABLE ticket_link (
    organization_id uuid NOT NULL, conversation_id uuid NOT NULL, endpoint text NOT NULL, entity_type text NOT NULL,
    ticket_id text, create_delivery_id uuid,      -- a create is on its way while ticket_id is null and this is not
    last_seq bigint NOT NULL DEFAULT 0, done_seq bigint NOT NULL DEFAULT 0,
    ready_at timestamptz NOT NULL DEFAULT 'infinity', claim bigint, crash_count smallint NOT NULL DEFAULT 0,
    blocked text, updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (conversation_id, endpoint, entity_type)
  ) ${STATE_TABLE}`,

  // Last known values of a ticket, from its messages up to a place: kept up where a rule or an echo asks for them.
  ticket_snapshot: `CREATE TABLE ticket_snapshot (
    organization_id uuid NOT NULL, conversation_id uuid NOT NULL, endpoint text NOT NULL, entity_type text NOT NULL, ticket_id text NOT NULL,
    upto_seq bigint NOT NULL, received_at timestamptz NOT NULL, attributes jsonb NOT NULL,
    PRIMARY KEY (conversation_id, endpoint, entity_type, ticket_id)
  ) ${STATE_TABLE}`,

  // A conversation that may turn out to be another's: it waits for the answers of creates that were under way when it began.
  provisional_conversation: `CREATE TABLE provisional_conversation (
    organization_id uuid NOT NULL, conversation_id uuid PRIMARY KEY, endpoint text NOT NULL, entity_type text NOT NULL, ticket_id text NOT NULL,
    awaits uuid[] NOT NULL, deadline timestamptz NOT NULL)`,

  // Place and claim of the messages of an endpoint that are normalized after acceptance.
  receive_lane: `CREATE TABLE receive_lane (
    organization_id uuid NOT NULL, endpoint text NOT NULL,
    last_seq bigint NOT NULL DEFAULT 0, done_seq bigint NOT NULL DEFAULT 0,
    ready_at timestamptz NOT NULL DEFAULT 'infinity', claim bigint, crash_count smallint NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, endpoint)
  ) ${STATE_TABLE}`,

  // Work list: deliveries that did not simply go. One row while it is RETRYING, DEAD or HELD.
  troubled_delivery: `CREATE TABLE troubled_delivery (
    organization_id uuid NOT NULL, delivery_id uuid PRIMARY KEY, conversation_id uuid NOT NULL, endpoint text NOT NULL, entity_type text NOT NULL,
    state text NOT NULL, reason text NOT NULL, since timestamptz NOT NULL DEFAULT now())`,

  delayed_execution: `CREATE TABLE delayed_execution (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, conversation_id uuid NOT NULL, message_id uuid NOT NULL,
    rule_id text NOT NULL, rule_version integer NOT NULL, rule_name text NOT NULL,
    endpoint text NOT NULL, entity_type text NOT NULL, operation text,
    state text NOT NULL DEFAULT 'WAITING', reason text,
    due_at timestamptz, waiting_for jsonb NOT NULL, timeout_at timestamptz, on_timeout text,
    wake_at timestamptz,                          -- when time alone may change something; null: only an event can
    ordered text, ordered_by text,                -- RELEASE or CANCEL by an operator, carried out in the route lane
    depth smallint NOT NULL DEFAULT 0,
    message bytea NOT NULL,                       -- its own copy: dropping a partition loses no work
    created_at timestamptz NOT NULL DEFAULT now(), finished_at timestamptz)`,

  kept_attachment: `CREATE TABLE kept_attachment (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, conversation_id uuid NOT NULL, message_id uuid NOT NULL,
    name text NOT NULL, content_type text NOT NULL, size bigint NOT NULL, relayed_to jsonb NOT NULL DEFAULT '[]')`,

  attachment: `CREATE TABLE attachment (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, message_id uuid NOT NULL,
    name text NOT NULL, content_type text NOT NULL, size bigint NOT NULL, content bytea NOT NULL)`,

  // What an endpoint is doing, as opposed to how it is set: paused for its credentials, circuit, health.
  endpoint_runtime: `CREATE TABLE endpoint_runtime (
    organization_id uuid NOT NULL, endpoint text NOT NULL,
    paused_reason text, paused_at timestamptz, circuit text NOT NULL DEFAULT 'closed', open_until timestamptz, opened_times integer NOT NULL DEFAULT 0,
    last_success_at timestamptz, last_failure_at timestamptz, last_error text, failures_in_row integer NOT NULL DEFAULT 0,
    PRIMARY KEY (organization_id, endpoint)
  ) ${STATE_TABLE}`,

  // Requests that were refused: no messages, but never forgotten at once. First 64 kB.
  rejected_request: `CREATE TABLE rejected_request (
    organization_id uuid NOT NULL, id uuid PRIMARY KEY, endpoint text NOT NULL, entity_type text NOT NULL,
    status smallint NOT NULL, reason text NOT NULL, content_type text NOT NULL, body bytea NOT NULL, received_at timestamptz NOT NULL DEFAULT now())`,
};

const INDEXES = [
  `CREATE INDEX message_conversation ON message (conversation_id, seq)`,
  `CREATE INDEX delivery_conversation ON delivery (conversation_id, seq)`,
  `CREATE INDEX raw_request_lane ON raw_request (organization_id, endpoint, seq) WHERE seq IS NOT NULL`,
  // Literal predicate: a claim must spell it out, or the planner cannot prove that the index fits.
  `CREATE INDEX conversation_ready ON conversation (ready_at) WHERE ready_at < 'infinity'`,
  `CREATE INDEX ticket_link_ready ON ticket_link (organization_id, endpoint, ready_at) WHERE ready_at < 'infinity'`,
  // Creates whose answer may name the ticket of a message that has just come.
  `CREATE INDEX ticket_link_creating ON ticket_link (organization_id, endpoint, entity_type)
     WHERE ticket_id IS NULL AND create_delivery_id IS NOT NULL AND (claim IS NOT NULL OR blocked IS NOT NULL)`,
  `CREATE INDEX receive_lane_ready ON receive_lane (ready_at) WHERE ready_at < 'infinity'`,
  `CREATE INDEX memory_change_conversation ON memory_change (conversation_id, id)`,
  `CREATE INDEX troubled_delivery_feed ON troubled_delivery (organization_id, state, delivery_id)`,
  `CREATE INDEX troubled_delivery_conversation ON troubled_delivery (conversation_id)`,
  `CREATE INDEX delayed_execution_wake ON delayed_execution (wake_at) WHERE state = 'WAITING' AND wake_at IS NOT NULL`,
  `CREATE INDEX delayed_execution_conversation ON delayed_execution (conversation_id, id)`,
  `CREATE INDEX kept_attachment_conversation ON kept_attachment (conversation_id, id)`,
  `CREATE INDEX attachment_message ON attachment (message_id)`,
  `CREATE INDEX rejected_request_endpoint ON rejected_request (organization_id, endpoint, id)`,
];

export class Pipeline1763683200030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const [table, definition] of Object.entries(TABLES)) {
      await runner.query(definition);
      for (const statement of organizationRows(table)) await runner.query(statement);
    }
    for (const index of INDEXES) await runner.query(index);
  }

  async down(): Promise<void> {
    throw new Error('Migrations go forward only.');
  }
}
