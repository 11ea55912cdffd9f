import { Injectable, computed, inject, signal } from '@angular/core';
import { messageShow } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf, screenStatus } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { DeliveryActs } from '../system/delivery-acts';
import { Systems } from '../system/systems';
import { why } from './why';

/** One message with everything that came of it. */
@Injectable()
export class MessageStore {
  private readonly wanted = signal<string | undefined>(undefined);
  private readonly inFull = signal(false);
  private readonly read = apiResource(messageShow, () => {
    const id = this.wanted();
    return id === undefined ? undefined : { id, ...(this.inFull() ? { explain: true } : {}) };
  });

  readonly systems = inject(Systems);
  readonly acts = inject(DeliveryActs);
  readonly message = latestOf(this.read, this.wanted);
  readonly status = screenStatus(this.read, this.message);
  readonly failure = failureOf(this.read);
  readonly why = computed(() => { const message = this.message(); return message === undefined ? undefined : why(message.trace, message.state, message.reason); });
  readonly explanation = computed(() => (this.inFull() ? this.message()?.explanation : undefined));

  constructor() {
    onLive(() => { if (this.unfinished()) this.reload(); });
  }

  /** `inFull`: with every rule and condition, computed anew by the server. */
  show(id: string, inFull: boolean): void {
    this.wanted.set(id);
    this.inFull.set(inFull);
  }

  reload(): void {
    this.read.reload();
  }

  /** Reads again once an act was done. */
  async after(act: Promise<boolean>): Promise<void> {
    if (await act) this.reload();
  }

  /** Nothing of a finished message changes, so it is not read again. */
  private unfinished(): boolean {
    const message = this.message();
    if (message === undefined) return false;
    const waits = message.state === 'RECEIVED' || (message.trace?.delayed.length ?? 0) > 0;
    return waits || message.deliveries.some((delivery) => ['QUEUED', 'SENDING', 'RETRYING', 'HELD', 'DEAD'].includes(delivery.state));
  }
}
