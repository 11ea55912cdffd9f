import type pg from 'pg';
import type { OrganizationId } from '../organization.js';
import { bytes, instants, int2s, int4s, texts, uuids } from './binary-array.js';
import { noteFailed } from './failed-message.js';
import { run } from './statement.js';

/** An execution that waits, with its own copy of the message. Instants in milliseconds. */
export interface DelayedRow {
  readonly id: string;
  readonly messageId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly ruleName: string;
  readonly endpoint: string;
  readonly entityType: string;
  readonly operation: string | null;
  readonly dueMs: number | null;
  readonly waitingFor: string;
  readonly timeoutMs: number | null;
  readonly onTimeout: string | null;
  readonly depth: number;
  readonly message: Uint8Array;
}

type Placed<T> = T & { readonly organization: OrganizationId; readonly conversation: string };

/** The ticket id that one waits for may come at this very moment, from somebody who does not see yet that it waits: such a one is looked at again once. */
const WRITE = `INSERT INTO delayed_execution (organization_id, id, conversation_id, message_id, rule_id, rule_version, rule_name, endpoint, entity_type, operation, due_at, waiting_for, timeout_at, on_timeout, depth, message, wake_at)
SELECT u.org, u.id, u.conv, u.msg, u.rule, u.version, u.name, u.ep, u.et, u.op, u.due, u.waiting::jsonb, u.timeout, u.ontimeout, u.depth, u.message,
  CASE WHEN u.waiting::jsonb @> '[{"type": "TicketId"}]' THEN least(now() + interval '3 seconds', u.due, u.timeout) ELSE coalesce(u.due, u.timeout) END
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::int4[], $7::text[], $8::text[], $9::text[], $10::text[], $11::timestamptz[], $12::text[], $13::timestamptz[], $14::text[], $15::int2[], $16::bytea[])
  u(org, id, conv, msg, rule, version, name, ep, et, op, due, waiting, timeout, ontimeout, depth, message)`;

/** Writes delayed executions; the caller holds the conversations' route lanes. */
export async function writeDelayed(client: pg.PoolClient, rows: readonly Placed<DelayedRow>[]): Promise<void> {
  if (rows.length === 0) return;
  await run(client, 'write-delayed', WRITE, [
    uuids(rows.map((r) => r.organization)), uuids(rows.map((r) => r.id)), uuids(rows.map((r) => r.conversation)), uuids(rows.map((r) => r.messageId)),
    texts(rows.map((r) => r.ruleId)), int4s(rows.map((r) => r.ruleVersion)), texts(rows.map((r) => r.ruleName)), texts(rows.map((r) => r.endpoint)), texts(rows.map((r) => r.entityType)),
    texts(rows.map((r) => r.operation)), instants(rows.map((r) => r.dueMs)), texts(rows.map((r) => r.waitingFor)), instants(rows.map((r) => r.timeoutMs)), texts(rows.map((r) => r.onTimeout)),
    int2s(rows.map((r) => r.depth)), bytes(rows.map((r) => r.message)),
  ]);
}

/** A delayed execution as its conversation's route lane takes it up. Instants as ISO text. */
export interface WaitingRow {
  readonly id: string;
  readonly conversation: string;
  readonly messageId: string;
  readonly ruleId: string;
  readonly ruleVersion: number;
  readonly ruleName: string;
  readonly endpoint: string;
  readonly entityType: string;
  readonly operation: 'CREATE' | 'UPDATE' | null;
  readonly dueAt: string | null;
  readonly timeoutAt: string | null;
  readonly onTimeout: 'ROUTE' | 'CANCEL' | 'FAIL' | null;
  readonly ordered: 'RELEASE' | 'CANCEL' | null;
  readonly orderedBy: string | null;
  readonly depth: number;
  readonly message: Buffer;
  /** The database's clock when it was read, in milliseconds. */
  readonly nowMs: number;
}

const WAITING = `SELECT x.id::text, x.conversation_id::text, x.message_id::text, x.rule_id, x.rule_version, x.rule_name, x.endpoint, x.entity_type, x.operation,
  to_char(x.due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), to_char(x.timeout_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), x.on_timeout, x.ordered, x.ordered_by, x.depth, x.message, ceil(extract(epoch FROM now()) * 1000)::float8
FROM unnest($1::uuid[]) c(id) JOIN delayed_execution x ON x.conversation_id = c.id WHERE x.state = 'WAITING' ORDER BY x.conversation_id, x.created_at, x.id`;

type Row = [string, string, string, string, number, string, string, string, WaitingRow['operation'], string | null, string | null, WaitingRow['onTimeout'], WaitingRow['ordered'], string | null, number, Buffer, number];

/** The executions that wait in conversations whose route lanes the caller holds, in the order in which they were routed. */
export async function readWaiting(on: pg.Pool | pg.PoolClient, conversations: readonly string[]): Promise<WaitingRow[]> {
  if (conversations.length === 0) return [];
  const rows = await run<Row>(on, 'read-waiting', WAITING, [uuids(conversations)]);
  return rows.map(([id, conversation, messageId, ruleId, ruleVersion, ruleName, endpoint, entityType, operation, dueAt, timeoutAt, onTimeout, ordered, orderedBy, depth, message, nowMs]) =>
    ({ id, conversation, messageId, ruleId, ruleVersion, ruleName, endpoint, entityType, operation, dueAt, timeoutAt, onTimeout, ordered, orderedBy, depth, message, nowMs }));
}

/** How a wait ended. */
export interface DelayedEnd {
  readonly id: string;
  readonly messageId: string;
  readonly state: 'RELEASED' | 'CANCELLED' | 'FAILED';
  readonly reason: string | null;
}

const END = `UPDATE delayed_execution x SET state = u.state, reason = u.reason, finished_at = now(), wake_at = NULL
FROM unnest($1::uuid[], $2::text[], $3::text[]) u(id, state, reason) WHERE x.id = u.id AND x.state = 'WAITING'`;

/** The message shows what became of it once nothing of it waits any more; a failure stays visible. When its rules decided stays: the memory of that time is found by it. */
const MESSAGES = `UPDATE message m SET state = u.state, reason = coalesce(u.reason, m.reason)
FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) u(org, id, state, reason) WHERE m.organization_id = u.org AND m.id = u.id AND m.state IN ('DELAYED', 'ROUTED')`;

/** A message of which nothing came, since all that waited was cancelled, has found no way after all. */
const NOTHING_CAME = `UPDATE message m SET state = 'NO_ROUTE', reason = u.reason
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[]) u(org, id, conv, reason) WHERE m.organization_id = u.org AND m.id = u.id AND m.state = 'DELAYED'
  AND NOT EXISTS (SELECT FROM delayed_execution x WHERE x.conversation_id = u.conv AND x.message_id = u.id AND x.state = 'WAITING')`;

export async function endDelayed(client: pg.PoolClient, ends: readonly Placed<DelayedEnd>[]): Promise<void> {
  if (ends.length === 0) return;
  await run(client, 'end-delayed', END, [uuids(ends.map((e) => e.id)), texts(ends.map((e) => e.state)), texts(ends.map((e) => e.reason))]);
  // Several executions of one message: the last word is the worst.
  const worst = new Map(ends.filter((e) => e.state !== 'CANCELLED').sort((a, b) => (a.state < b.state ? 1 : -1)).map((e) => [e.messageId, e]));
  const told = [...worst.values()];
  await run(client, 'end-delayed-messages', MESSAGES, [
    uuids(told.map((e) => e.organization)), uuids(told.map((e) => e.messageId)), texts(told.map((e) => (e.state === 'FAILED' ? 'FAILED' : 'ROUTED'))), texts(told.map((e) => e.reason)),
  ]);
  await noteFailed(client, told.filter((e) => e.state === 'FAILED').map((e) => ({ organization: e.organization, id: e.messageId })));
  const cancelled = [...new Map(ends.filter((e) => e.state === 'CANCELLED').map((e) => [e.messageId, e])).values()];
  if (cancelled.length === 0) return;
  await run(client, 'end-cancelled-messages', NOTHING_CAME, [
    uuids(cancelled.map((e) => e.organization)), uuids(cancelled.map((e) => e.messageId)), uuids(cancelled.map((e) => e.conversation)), texts(cancelled.map((e) => `its execution was cancelled: ${e.reason ?? ''}`)),
  ]);
}

/**
 * The limit is a literal: a parameter is estimated as a tenth of the table. Conversations are locked before what hangs on them, as everywhere;
 * one that somebody holds at this moment is rung the next time.
 */
const RING = `WITH due AS MATERIALIZED (
  SELECT x.id, x.conversation_id FROM delayed_execution x WHERE x.state = 'WAITING' AND x.wake_at IS NOT NULL AND x.wake_at <= now() ORDER BY x.wake_at LIMIT 500),
c AS MATERIALIZED (SELECT v.id FROM conversation v WHERE v.id IN (SELECT conversation_id FROM due) ORDER BY v.id FOR NO KEY UPDATE SKIP LOCKED),
r AS (UPDATE delayed_execution x SET wake_at = CASE WHEN x.due_at > now() THEN x.due_at WHEN x.timeout_at > now() THEN x.timeout_at END FROM due JOIN c ON c.id = due.conversation_id WHERE x.id = due.id),
w AS (UPDATE conversation v SET poked = v.ready_at < 'infinity', ready_at = CASE WHEN v.ready_at = 'infinity' AND v.blocked IS NULL THEN now() ELSE v.ready_at END FROM c WHERE v.id = c.id)
SELECT count(*)::int4 FROM due JOIN c ON c.id = due.conversation_id`;

/** Makes conversations ready whose executions are due or timed out; up to 500 executions. Answers how many. */
export async function ringDue(pool: pg.Pool): Promise<number> {
  const rows = await run<[number]>(pool, 'ring-due', RING, []);
  return rows[0]?.[0] ?? 0;
}

const NEXT = `SELECT (extract(epoch FROM min(wake_at)) * 1000)::float8 FROM delayed_execution WHERE state = 'WAITING' AND wake_at IS NOT NULL`;

/** When the next execution is due, in milliseconds; null: none. */
export async function nextWakeMs(pool: pg.Pool): Promise<number | null> {
  const rows = await run<[number | null]>(pool, 'next-wake', NEXT, []);
  return rows[0]?.[0] ?? null;
}
