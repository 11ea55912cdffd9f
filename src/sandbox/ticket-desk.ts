import { createHash } from 'node:crypto';
import { newId } from '../store/pipeline/uuid.js';
import type { EntityManager } from '../store/data-source.js';
import type { Database } from '../store/database.js';
import { addHook } from '../store/sandbox/hook.store.js';
import type { CommentRow, HistoryRow, SandboxRow, TicketFields, TicketRow } from '../store/sandbox/sandbox-row.js';
import { TicketStore } from '../store/sandbox/ticket.store.js';
import { attachmentDocument, commentDocument, hookBody, ticketDocument, type HookEvent, type HookEventType } from './hook-event.js';
import { readOptions, type SandboxOptions } from './options.js';
import { Refusal } from './refusal.js';
import { MAX_FILE, type CommentInput, type FileInput, type TicketInput } from './ticket-input.js';

/** Who works at the desk. Only programs get the answer to a locked ticket later. */
export interface Worker {
  readonly name: string;
  readonly isProgram: boolean;
}

/** A request that may come twice: the key it carries and what it asks. */
export interface RepeatableRequest {
  readonly key: string | null;
  readonly route: string;
  readonly body: Uint8Array;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly isReplay?: boolean;
}

const NOTHING = { changes: {}, comment: null, files: [], rejection: null } as const;

/** What can be done with the tickets of one tool. Every method is one transaction: the change and its webhook, or neither. */
export class TicketDesk {
  private readonly options: SandboxOptions;

  constructor(private readonly tool: SandboxRow, private readonly database: Database) {
    this.options = readOptions(tool.options);
  }

  /** Runs a read in a transaction of its own. */
  read<T>(work: (store: TicketStore, manager: EntityManager) => Promise<T>): Promise<T> {
    return this.database.inOrganization(this.tool.organization, (manager) => work(this.store(manager), manager));
  }

  create(input: TicketInput, by: Worker, request: RepeatableRequest): Promise<Reply> {
    return this.once(request, async (store, manager) => {
      checkFiles(input.files);
      const fields: TicketFields = {
        title: '', description: '', state: this.options.states[0] ?? 'New', priority: this.options.priorities.at(-1) ?? '', group: this.options.groups[0] ?? '', caller: by.name,
        custom: {}, externalReference: null, ...input.fields,
      };
      if (fields.title.trim() === '') throw new Refusal('INVALID', 'title: expected text that is not blank, found nothing.', [{ pointer: '/title', message: 'a ticket needs a title' }]);
      const ticket = await store.create(fields, input.correlationId, by.name);
      const added = await this.add(store, ticket, input, by);
      await this.tell(store, manager, { ...NOTHING, ...added, type: 'ticket.created', ticket, actor: by.name });
      return { status: 201, body: { ...ticketDocument(ticket), ...addedDocuments(added) } };
    });
  }

  /** Changes fields and adds a comment and files, in one event. */
  update(id: string, input: TicketInput, by: Worker, request: RepeatableRequest): Promise<Reply> {
    return this.once(request, async (store, manager) => {
      checkFiles(input.files);
      const before = await this.open(store, id);
      const refused = mayChange(before, by) ? null : await this.refuseLocked(store, manager, before, { by, key: request.key });
      if (refused !== null) return refused;
      const changes = changesOf(before, input.fields);
      const hasMore = input.comment !== null || input.files.length > 0;
      if (Object.keys(changes).length === 0 && !hasMore) return { status: 200, body: ticketDocument(before) };
      const ticket = await store.update(id, { ...before, ...input.fields, custom: { ...before.custom, ...input.fields.custom } }, before.lockedBy);
      const added = await this.add(store, ticket, input, by);
      await this.tell(store, manager, { ...NOTHING, ...added, type: typeOf(changes, input), ticket, actor: by.name, changes });
      return { status: 200, body: { ...ticketDocument(ticket), ...addedDocuments(added) } };
    });
  }

  /** Locks or unlocks. A lock lets nobody but its holder change the ticket. */
  async setLock(id: string, isLocked: boolean, by: Worker): Promise<TicketRow> {
    return this.read(async (store) => {
      const before = await this.open(store, id);
      if ((before.lockedBy !== null) === isLocked) return before;
      const ticket = await store.update(id, before, isLocked ? by.name : null);
      await store.addHistory(id, { actor: by.name, event: isLocked ? 'locked' : 'unlocked', changes: {} });
      return ticket;
    });
  }

  private store(manager: EntityManager): TicketStore {
    return new TicketStore(this.tool.organization, this.tool.name, manager);
  }

  private async open(store: TicketStore, id: string): Promise<TicketRow> {
    const ticket = await store.lock(id);
    if (ticket === null) throw new Refusal('NOT_FOUND', `There is no ticket ${id}.`);
    return ticket;
  }

  /** What a locked ticket answers to someone else than its holder. */
  private async refuseLocked(store: TicketStore, manager: EntityManager, ticket: TicketRow, { by, key }: { readonly by: Worker; readonly key: string | null }): Promise<Reply> {
    const message = `The ticket ${ticket.id} is locked by ${ticket.lockedBy ?? 'someone'}.`;
    if (!by.isProgram || this.options.lockAnswer === 'refuse') throw new Refusal('LOCKED', message);
    await store.addHistory(ticket.id, { actor: by.name, event: 'update-rejected', changes: {} });
    const event: HookEvent = { ...NOTHING, type: 'ticket.update-rejected', ticket, actor: 'system', rejection: { code: 'LOCKED', message, requestKey: key } };
    await this.send(manager, event, this.options.ackDelayMs);
    return { status: 200, body: { id: ticket.id, accepted: true } };
  }

  private async add(store: TicketStore, ticket: TicketRow, input: { readonly comment: CommentInput | null; readonly files: readonly FileInput[] }, by: Worker): Promise<Pick<HookEvent, 'comment' | 'files'>> {
    const comment = input.comment === null ? null : await store.addComment(ticket.id, { ...input.comment, author: input.comment.author ?? by.name });
    const files: { row: Awaited<ReturnType<TicketStore['addAttachment']>>; file: FileInput }[] = [];
    for (const file of input.files) files.push({ row: await store.addAttachment(ticket.id, { name: file.name, contentType: file.contentType, author: by.name }, file.content), file });
    return { comment, files };
  }

  /** Writes the history and puts the webhook behind the others of its ticket. */
  private async tell(store: TicketStore, manager: EntityManager, event: HookEvent): Promise<void> {
    const files = event.files.length === 0 ? {} : { attachments: [null, event.files.map(({ row }) => row.name).join(', ')] as const };
    await store.addHistory(event.ticket.id, { actor: event.actor, event: event.type.slice('ticket.'.length), changes: { ...event.changes, ...files } });
    await this.send(manager, event, 0);
  }

  private async send(manager: EntityManager, event: HookEvent, delayMs: number): Promise<void> {
    if (this.tool.webhookUrl === null) return;
    const id = newId();
    await addHook(manager, this.tool.organization, { sandbox: this.tool.name, ticket: event.ticket.id, id, event: event.type, body: hookBody(id, this.tool.name, event), delayMs });
  }

  /** Does a request once per key: a repeat gets the first answer, another request with the same key is refused. */
  private once(request: RepeatableRequest, work: (store: TicketStore, manager: EntityManager) => Promise<Reply>): Promise<Reply> {
    return this.read(async (store, manager) => {
      if (request.key === null) return work(store, manager);
      const known = await store.takeKey(request.key, createHash('sha256').update(request.route).update('\n').update(request.body).digest());
      if (known === 'other') throw new Refusal('KEY_REUSED', 'This Idempotency-Key was used for another request.');
      if (known !== null) return { ...known, isReplay: true };
      const reply = await work(store, manager);
      await store.answerKey(request.key, reply.status, reply.body);
      return reply;
    });
  }
}

const mayChange = (ticket: TicketRow, by: Worker): boolean => ticket.lockedBy === null || ticket.lockedBy === by.name;

function checkFiles(files: readonly FileInput[]): void {
  if (files.reduce((sum, file) => sum + file.content.byteLength, 0) > MAX_FILE) throw new Refusal('TOO_LARGE', `The files of a request may have ${MAX_FILE} bytes at most.`);
}

function typeOf(changes: HistoryRow['changes'], input: TicketInput): HookEventType {
  if (Object.keys(changes).length > 0) return 'ticket.updated';
  return input.comment === null ? 'ticket.attached' : 'ticket.commented';
}

function changesOf(before: TicketRow, fields: Partial<TicketFields>): HistoryRow['changes'] {
  const { custom, ...plain } = fields;
  const changes: Record<string, readonly [unknown, unknown]> = {};
  for (const [name, after] of Object.entries(plain)) {
    const known = before[name as keyof typeof plain];
    if (after !== known) changes[name] = [known, after];
  }
  for (const [name, after] of Object.entries(custom ?? {})) {
    const known = before.custom[name] ?? null;
    if (after !== known) changes[`custom.${name}`] = [known, after];
  }
  return changes;
}

function addedDocuments({ comment, files }: { readonly comment: CommentRow | null; readonly files: HookEvent['files'] }): Readonly<Record<string, unknown>> {
  return {
    ...(comment === null ? {} : { comment: commentDocument(comment) }),
    ...(files.length === 0 ? {} : { attachments: files.map(({ row }) => attachmentDocument(row)) }),
  };
}
