import { readCanonicalBody } from '../../core/message/canonical-body.js';
import { fold } from '../../core/message/fold.js';
import type { Attributes, Value } from '../../core/message/value.js';
import type { PastValues, TicketHistory } from '../../store/pipeline/ticket-history.js';

/** The last known values of one ticket while its messages are routed one after the other. */
export class TicketValues {
  private attributes: Attributes | null;
  private receivedMs: number | null;
  private changed = false;
  private newestId: string | null = null;
  private filtered: readonly PastValues[];

  constructor(history: Pick<TicketHistory, 'attributes' | 'lastReceivedMs' | 'since' | 'filtered'> | undefined) {
    this.attributes = history?.attributes ?? null;
    this.receivedMs = history?.lastReceivedMs ?? null;
    this.filtered = history?.filtered ?? [];
    for (const past of history?.since ?? []) {
      this.catchUp(past.id);
      this.learnPast(past);
    }
  }

  /** Takes note of the messages that an inbound filter stopped before this one came. */
  catchUp(id: string): void {
    const at = this.filtered.findIndex((one) => one.id >= id);
    const before = at === -1 ? this.filtered : this.filtered.slice(0, at);
    this.filtered = this.filtered.slice(before.length);
    for (const past of before) this.learnPast(past);
  }

  /** Null for a ticket's first message. */
  get known(): Attributes | null {
    return this.attributes;
  }

  get lastReceivedMs(): number | null {
    return this.receivedMs;
  }

  /** The newest message that is part of it, of those that were read or learned here. */
  get uptoId(): string | null {
    return this.newestId;
  }

  /** Whether there is more to store than was read. */
  get isNewer(): boolean {
    return this.changed;
  }

  /** A message of the ticket was taken note of, whatever its state. Names compare folded; the newest spelling stays. */
  learn(attributes: Attributes, receivedMs: number, id: string): void {
    const merged = new Map<string, [string, Value]>();
    for (const [name, value] of Object.entries(this.attributes ?? {})) merged.set(fold(name), [name, value]);
    for (const [name, value] of Object.entries(attributes)) merged.set(fold(name), [name, value]);
    this.attributes = Object.fromEntries(merged.values());
    this.receivedMs = Math.max(this.receivedMs ?? 0, receivedMs);
    if (this.newestId === null || id > this.newestId) this.newestId = id;
    this.changed = true;
  }

  private learnPast({ id, body, receivedMs }: PastValues): void {
    const read = readCanonicalBody(body);
    if (read.ok) this.learn(read.value.attributes, receivedMs, id);
  }
}
