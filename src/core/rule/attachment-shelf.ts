import type { KeptAttachment } from '../conversation/conversation.js';
import type { Attachment } from '../message/message.js';
import { type CompiledTarget, entityKey } from './compile.js';

/** What one execution does with attachments; it counts only once the execution has worked. */
export interface AttachmentMoves {
  readonly target: CompiledTarget | null;
  readonly sent: readonly Attachment[];
  readonly removesKept: boolean;
  readonly stored: readonly Attachment[];
}

/** The attachments kept in a conversation while a message is evaluated, and which target has had which. */
export class AttachmentShelf {
  private kept: readonly KeptAttachment[];
  /** Targets that an attachment was sent to by this message, by its id; also of those that are not kept. */
  private readonly sentNow = new Map<string, CompiledTarget[]>();

  constructor(start: readonly KeptAttachment[]) {
    this.kept = start;
  }

  /** The kept attachments that the target has not had, without their history. */
  notYetRelayed(target: CompiledTarget): Attachment[] {
    return this.kept
      .filter((attachment) => !hasHad(attachment, target))
      .map(({ id, name, contentType, size }) => ({ id, name, contentType, size }));
  }

  /** Takes over what an execution did: what it sent, then the removal, then what it stored. */
  settle(moves: AttachmentMoves): void {
    if (moves.target !== null && moves.sent.length > 0) this.noteSent(moves.sent, moves.target);
    if (moves.removesKept && this.kept.length > 0) this.kept = [];
    const known = new Set(this.kept.map((attachment) => attachment.id));
    const added = moves.stored.filter((attachment) => !known.has(attachment.id));
    if (added.length > 0) this.kept = [...this.kept, ...added.map((attachment) => this.withHistory(attachment))];
  }

  /** The kept attachments; the very array it started from when nothing changed. */
  toList(): readonly KeptAttachment[] {
    return this.kept;
  }

  private noteSent(sent: readonly Attachment[], target: CompiledTarget): void {
    const ids = new Set(sent.map((attachment) => attachment.id));
    for (const id of ids) this.sentNow.set(id, [...(this.sentNow.get(id) ?? []), target]);
    if (!this.kept.some((attachment) => ids.has(attachment.id) && !hasHad(attachment, target))) return;
    this.kept = this.kept.map((attachment) =>
      ids.has(attachment.id) && !hasHad(attachment, target)
        ? { ...attachment, relayedTo: [...attachment.relayedTo, refOf(target)] }
        : attachment,
    );
  }

  private withHistory(attachment: Attachment): KeptAttachment {
    const targets = new Map((this.sentNow.get(attachment.id) ?? []).map((target) => [target.key, refOf(target)]));
    const { id, name, contentType, size } = attachment;
    return { id, name, contentType, size, relayedTo: [...targets.values()] };
  }
}

function hasHad(attachment: KeptAttachment, target: CompiledTarget): boolean {
  return attachment.relayedTo.some(({ endpoint, entityType }) => entityKey(endpoint, entityType) === target.key);
}

function refOf({ endpoint, entityType }: CompiledTarget): { endpoint: string; entityType: string } {
  return { endpoint, entityType };
}
