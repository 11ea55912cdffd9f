import { Injectable, computed, inject, signal } from '@angular/core';
import { messageList, refusalListAll } from '../api/functions';
import type { MessageSummary } from '../api/models';
import { apiResource, injectApi } from '../http/api-resource';
import { latestOf } from '../http/latest';
import { pagedList } from '../http/paged-list';
import { sinceInstant } from '../http/since';
import { onLive } from '../live/on-live';
import { Systems } from '../system/systems';
import { type MessageFilter, isFiltered } from './message-filter';

type State = MessageSummary['state'];

const PAGE = 50;

/** The message feed: one page after another, newest first, in step with what the address asks for. */
@Injectable()
export class MessageListStore {
  private readonly api = injectApi();
  private readonly wanted = signal<MessageFilter | undefined>(undefined);
  readonly filtered = computed(() => isFiltered(this.wanted() ?? {}));
  readonly systems = inject(Systems);

  readonly list = pagedList<MessageSummary, MessageFilter>({
    params: this.wanted,
    filtered: this.filtered,
    load: ({ ticketId, said, rule, state, endpoint, entityType, remembered, since }, cursor) =>
      this.api(messageList, { ticketId, text: said, rule, state: state as State | undefined, endpoint, entityType, conversationAttribute: remembered === undefined ? undefined : [...remembered], from: sinceInstant(since, Date.now()), cursor, limit: PAGE }),
    idOf: (message) => message.id,
  });

  /** Where nothing came, something may have been refused: what was refused last, asked only then. */
  private readonly readRefused = apiResource(refusalListAll, () => {
    const endpoint = this.wanted()?.endpoint;
    const isWanted = this.list.status() === 'empty' || (this.list.status() === 'no-match' && endpoint !== undefined);
    return isWanted && this.systems.mayRead() ? { endpoint } : undefined;
  });
  private readonly refused = latestOf(this.readRefused, this.wanted);
  readonly lastRefused = computed(() => this.refused()?.items[0]);

  constructor() {
    onLive(() => { this.list.refresh(); });
  }

  /** Shows what the address asks for. The same filter again changes nothing. */
  show(filter: MessageFilter): void {
    if (JSON.stringify(filter) !== JSON.stringify(this.wanted())) this.wanted.set(filter);
  }
}
