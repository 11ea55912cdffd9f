import type pg from 'pg';
import type { KeptAttachment, MemoryChange } from '../../core/conversation/conversation.js';
import type { OrganizationId } from '../organization.js';
import { int4s, int8s, texts, uuids } from './binary-array.js';
import { changedTerms } from './memory-term.js';
import { run } from './statement.js';
import { newId } from './uuid.js';

/** A conversation's memory as it is after routing, and what changed. */
export interface MemoryWrite {
  readonly attributes: string;
  readonly counters: string;
  readonly changes: readonly (MemoryChange & { readonly messageId: string })[];
}

type Placed<T> = T & { readonly organization: OrganizationId; readonly conversation: string };

const MEMORY = `INSERT INTO conversation_memory AS m (organization_id, conversation_id, attributes, counters)
SELECT u.org, u.conv, u.attributes::jsonb, u.counters::jsonb FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[]) u(org, conv, attributes, counters) ORDER BY u.conv
ON CONFLICT (conversation_id) DO UPDATE SET attributes = excluded.attributes, counters = excluded.counters`;

/** The caller holds the conversations: nobody else writes their terms. */
const CHANGES = `WITH gone AS (DELETE FROM conversation_term t USING unnest($11::uuid[], $12::int8[], $13::uuid[]) g(org, term, conv) WHERE t.organization_id = g.org AND t.term = g.term AND t.conversation_id = g.conv),
found AS (INSERT INTO conversation_term SELECT f.org, f.term, f.conv FROM unnest($14::uuid[], $15::int8[], $16::uuid[]) f(org, term, conv) ON CONFLICT DO NOTHING)
INSERT INTO memory_change (organization_id, id, conversation_id, message_id, kind, name, before, after, rule_id, rule_version)
SELECT u.org, u.id, u.conv, u.msg, u.kind, u.name, u.before::jsonb, u.after::jsonb, u.rule, u.version
FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::int4[]) u(org, id, conv, msg, kind, name, before, after, rule, version)`;

/** Organization, term and conversation of what conversations are found by no more, then of what they are found by from now on. */
function termColumns(writes: readonly Placed<MemoryWrite>[]): Buffer[] {
  const changed = writes.map(({ organization, conversation, changes }) => ({ organization, conversation, ...changedTerms(changes) }));
  return (['gone', 'found'] as const).flatMap((which) => {
    const terms = changed.flatMap(({ organization, conversation, [which]: some }) => some.map((term) => ({ organization, term, conversation })));
    return [uuids(terms.map((t) => t.organization)), int8s(terms.map((t) => t.term)), uuids(terms.map((t) => t.conversation))];
  });
}

const json = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** Writes memories and their log; the caller holds the conversations' route lanes. */
export async function writeMemory(client: pg.PoolClient, writes: readonly Placed<MemoryWrite>[]): Promise<void> {
  if (writes.length === 0) return;
  await run(client, 'write-memory', MEMORY, [
    uuids(writes.map((w) => w.organization)), uuids(writes.map((w) => w.conversation)), texts(writes.map((w) => w.attributes)), texts(writes.map((w) => w.counters)),
  ]);
  const changes = writes.flatMap((w) => w.changes.map((change) => ({ ...change, organization: w.organization, conversation: w.conversation })));
  if (changes.length === 0) return;
  await run(client, 'write-memory-changes', CHANGES, [
    uuids(changes.map((c) => c.organization)), uuids(changes.map(() => newId())), uuids(changes.map((c) => c.conversation)), uuids(changes.map((c) => c.messageId)),
    texts(changes.map((c) => c.kind)), texts(changes.map((c) => c.name)), texts(changes.map((c) => json(c.before))), texts(changes.map((c) => json(c.after))),
    texts(changes.map((c) => c.ruleId)), int4s(changes.map((c) => c.ruleVersion)), ...termColumns(writes),
  ]);
}

/** What is kept already only gains targets: that a delivery to one died may have been written since it was read. */
const KEEP = `WITH gone AS (DELETE FROM kept_attachment a USING unnest($1::uuid[]) c(id) WHERE a.conversation_id = c.id AND NOT (a.id = ANY ($3::uuid[]))),
more AS (UPDATE kept_attachment a SET relayed_to = a.relayed_to || u.gained::jsonb FROM unnest($3::uuid[], $10::text[]) u(id, gained) WHERE a.id = u.id AND u.gained <> '[]')
INSERT INTO kept_attachment AS k (organization_id, conversation_id, id, message_id, name, content_type, size, relayed_to)
SELECT u.org, u.conv, u.id, u.msg, u.name, u.type, u.size, u.relayed::jsonb
FROM unnest($2::uuid[], $4::uuid[], $3::uuid[], $5::uuid[], $6::text[], $7::text[], $8::int8[], $9::text[]) u(org, conv, id, msg, name, type, size, relayed)
ON CONFLICT (id) DO NOTHING`;

/** The files a conversation keeps from now on; `messageId` is the message that brought a new one. */
export interface KeptWrite {
  readonly messageId: string;
  readonly attachments: readonly KeptAttachment[];
  /** What was kept when the conversation was read: targets that are new since are written. */
  readonly before: readonly KeptAttachment[];
}

/** Replaces the kept attachments of conversations whose route lanes the caller holds. */
export async function writeKept(client: pg.PoolClient, writes: readonly Placed<KeptWrite>[]): Promise<void> {
  if (writes.length === 0) return;
  const rows = writes.flatMap((w) => w.attachments.map((attachment) => ({ ...attachment, knownTargets: w.before.find((one) => one.id === attachment.id)?.relayedTo.length ?? 0, organization: w.organization, conversation: w.conversation, messageId: w.messageId })));
  await run(client, 'write-kept', KEEP, [
    uuids(writes.map((w) => w.conversation)), uuids(rows.map((r) => r.organization)), uuids(rows.map((r) => r.id)), uuids(rows.map((r) => r.conversation)), uuids(rows.map((r) => r.messageId)),
    texts(rows.map((r) => r.name)), texts(rows.map((r) => r.contentType)), int8s(rows.map((r) => r.size)), texts(rows.map((r) => JSON.stringify(r.relayedTo))),
    texts(rows.map((r) => JSON.stringify(r.relayedTo.slice(r.knownTargets)))),
  ]);
}
