import type { OrganizationId } from '../organization.js';

/** A sandbox tool as it is stored. */
export interface SandboxRow {
  readonly organization: OrganizationId;
  readonly name: string;
  readonly title: string;
  readonly prefix: string;
  readonly tokenHash: Buffer;
  readonly webhookUrl: string | null;
  /** Sealed. */
  readonly webhookSecret: Buffer | null;
  readonly options: Readonly<Record<string, unknown>>;
  readonly faults: Readonly<Record<string, unknown>>;
  readonly faultBudget: number | null;
  readonly createdAt: Date;
}

export type SandboxContent = Omit<SandboxRow, 'organization' | 'name' | 'createdAt'>;

export interface TicketFields {
  readonly title: string;
  readonly description: string;
  readonly state: string;
  readonly priority: string;
  readonly group: string;
  readonly caller: string;
  readonly custom: Readonly<Record<string, string | number | boolean | null>>;
  readonly externalReference: string | null;
}

export interface TicketRow extends TicketFields {
  readonly id: string;
  readonly correlationId: string | null;
  readonly lockedBy: string | null;
  readonly version: number;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly updatedAt: Date;
}

export interface CommentRow {
  readonly id: string;
  readonly author: string;
  readonly visibility: 'public' | 'internal';
  readonly text: string;
  readonly at: Date;
}

/** A file without its bytes. */
export interface AttachmentRow {
  readonly id: string;
  readonly name: string;
  readonly contentType: string;
  readonly size: number;
  readonly author: string;
  readonly at: Date;
}

export interface HistoryRow {
  readonly id: string;
  readonly actor: string;
  readonly event: string;
  /** Field to its values before and after. */
  readonly changes: Readonly<Record<string, readonly [before: unknown, after: unknown]>>;
  readonly at: Date;
}

export interface HookRow {
  readonly organization: OrganizationId;
  readonly sandbox: string;
  readonly ticket: string;
  readonly seq: string;
  readonly id: string;
  readonly event: string;
  readonly state: 'waiting' | 'sent' | 'dead';
  readonly attempts: number;
  readonly dueAt: Date;
  readonly lastError: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
}
