import { hash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { EntityManager } from '../store/data-source.js';
import { AuditStore, type AuditEntry } from '../store/identity/audit.store.js';
import type { OrganizationId } from '../store/organization.js';
import type { Actor } from './principal.js';

/** What came of checking the chain. */
export type AuditCheck = { readonly intact: true; readonly entries: number; /** Older ones that are not kept any more. */ readonly forgotten: number } | { readonly intact: false; readonly brokenAt: string; readonly reason: string };

type Hashed = Omit<AuditEntry, 'hash' | 'previousHash'>;

/** Who changed what, in an order that cannot be altered unnoticed: each entry holds the hash of the one before. */
@Injectable()
export class AuditLog {
  /** Writes an entry in the transaction of the change it tells of. `details` hold no secrets. */
  // eslint-disable-next-line no-restricted-syntax -- reads as a sentence wherever something is changed: who did what to whom
  async record(manager: EntityManager, organization: OrganizationId, by: Actor, action: string, subject: string, details: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const store = new AuditStore(organization, manager);
    const head = await store.lockHead();
    const entry: Hashed = {
      seq: String(BigInt(head.seq) + 1n), at: head.now, actorKind: by.kind, actorId: by.id, actorName: by.name, action, subject,
      // As the database will give it back, so that the hash fits: no undefined, no dates.
      details: JSON.parse(JSON.stringify(details)) as Record<string, unknown>,
    };
    await store.append({ ...entry, previousHash: head.hash, hash: hashOf(organization, entry, head.hash) });
  }

  /** Follows the whole chain and says where it breaks: entries changed, taken out, put in another order or cut off. */
  async verify(manager: EntityManager, organization: OrganizationId): Promise<AuditCheck> {
    const store = new AuditStore(organization, manager);
    const head = await store.head();
    const forgotten = BigInt(head?.forgottenSeq ?? 0);
    let seq = forgotten;
    let previous: Buffer = head?.forgottenHash ?? Buffer.alloc(32);
    for (;;) {
      const page = await store.oldestFirst({}, String(seq), 500);
      for (const entry of page) {
        seq += 1n;
        if (entry.seq !== String(seq)) return { intact: false, brokenAt: String(seq), reason: 'entries are missing' };
        if (!entry.previousHash.equals(previous)) return { intact: false, brokenAt: entry.seq, reason: 'the entry does not follow the one before' };
        if (!entry.hash.equals(hashOf(organization, entry, previous))) return { intact: false, brokenAt: entry.seq, reason: 'the entry was changed' };
        previous = entry.hash;
      }
      if (page.length === 0) break;
    }
    if (head !== null && (head.seq !== String(seq) || !head.hash.equals(previous))) {
      return { intact: false, brokenAt: String(seq + 1n), reason: 'the newest entries were cut off' };
    }
    return { intact: true, entries: Number(seq - forgotten), forgotten: Number(forgotten) };
  }
}

function hashOf(organization: OrganizationId, entry: Hashed, previousHash: Uint8Array): Buffer {
  const told = [organization, entry.seq, entry.at.toISOString(), entry.actorKind, entry.actorId, entry.actorName, entry.action, entry.subject, sorted(entry.details)];
  return hash('sha256', Buffer.concat([previousHash, Buffer.from(JSON.stringify(told))]), 'buffer');
}

/** The value with the names of its objects in order: jsonb does not keep the order they were written in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return members.map(([name, member]) => [name, sorted(member)]);
}
