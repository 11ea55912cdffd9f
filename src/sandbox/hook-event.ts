import type { AttachmentRow, CommentRow, HistoryRow, TicketRow } from '../store/sandbox/sandbox-row.js';
import type { FileInput } from './ticket-input.js';

export type HookEventType = 'ticket.created' | 'ticket.updated' | 'ticket.commented' | 'ticket.attached' | 'ticket.update-rejected';

/** Why an update that was taken with 200 was not made after all. */
export interface Rejection {
  readonly code: 'LOCKED';
  readonly message: string;
  /** The request's `Idempotency-Key`; null where it had none. */
  readonly requestKey: string | null;
}

export interface HookEvent {
  readonly type: HookEventType;
  readonly ticket: TicketRow;
  readonly actor: string;
  readonly changes: HistoryRow['changes'];
  readonly comment: CommentRow | null;
  readonly files: readonly { readonly row: AttachmentRow; readonly file: FileInput }[];
  readonly rejection: Rejection | null;
}

/** The ticket as API and webhooks write it. */
export function ticketDocument(ticket: TicketRow): Readonly<Record<string, unknown>> {
  const { id, title, description, state, priority, group, caller, custom, externalReference, correlationId, lockedBy, version, createdBy } = ticket;
  return {
    id, title, description, state, priority, group, caller, custom, externalReference, correlationId, locked: lockedBy !== null, lockedBy, version,
    createdAt: ticket.createdAt.toISOString(), createdBy, updatedAt: ticket.updatedAt.toISOString(),
  };
}

export const commentDocument = ({ id, author, visibility, text, at }: CommentRow): Readonly<Record<string, unknown>> => ({ id, author, visibility, text, at: at.toISOString() });

export const attachmentDocument = ({ id, name, contentType, size, author, at }: AttachmentRow): Readonly<Record<string, unknown>> =>
  ({ id, name, contentType, size, author, at: at.toISOString() });

/** The body of a webhook; files travel in it. `id` is the same on every attempt. */
export function hookBody(id: string, sandbox: string, event: HookEvent): Buffer {
  const { type, ticket, actor, changes, comment, files, rejection } = event;
  return Buffer.from(JSON.stringify({
    id, type, timestamp: ticket.updatedAt.toISOString(), tool: sandbox, actor: { id: actor, name: actor },
    ticket: ticketDocument(ticket),
    changes: Object.fromEntries(Object.entries(changes).map(([field, [from, to]]) => [field, { from, to }])),
    ...(comment === null ? {} : { comment: commentDocument(comment) }),
    ...(files.length === 0 ? {} : { attachments: files.map(({ row, file }) => ({ ...attachmentDocument(row), contentBase64: file.content.toString('base64') })) }),
    ...(rejection === null ? {} : { error: rejection }),
  }));
}
