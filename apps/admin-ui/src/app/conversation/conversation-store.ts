import { Injectable, computed, inject, signal } from '@angular/core';
import { conversationShow } from '../api/functions';
import { apiResource } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { failureOf, screenStatus } from '../http/screen-status';
import { onLive } from '../live/on-live';
import { DeliveryActs } from '../system/delivery-acts';
import { Systems } from '../system/systems';
import { timelineOf } from './timeline';

/** Everything about one ticket in all its systems. */
@Injectable()
export class ConversationStore {
  private readonly wanted = signal<string | undefined>(undefined);
  private readonly read = apiResource(conversationShow, () => { const id = this.wanted(); return id === undefined ? undefined : { id }; });

  readonly systems = inject(Systems);
  readonly acts = inject(DeliveryActs);
  readonly conversation = latestOf(this.read, this.wanted);
  readonly status = screenStatus(this.read, this.conversation);
  readonly failure = failureOf(this.read);
  readonly timeline = computed(() => { const conversation = this.conversation(); return conversation === undefined ? undefined : timelineOf(conversation); });

  constructor() {
    onLive(() => { if (this.conversation() !== undefined) this.read.reload(); });
  }

  show(id: string): void {
    this.wanted.set(id);
  }

  reload(): void {
    this.read.reload();
  }

  /** Reads again once an act was done. */
  async after(act: Promise<boolean>): Promise<void> {
    if (await act) this.reload();
  }
}
