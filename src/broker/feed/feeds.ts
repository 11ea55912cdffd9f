import type { ConversationEvents } from '../../store/feed/conversation-event.store.js';
import type { ConversationFeed } from '../../store/feed/conversation-feed.js';
import type { DeliveryFeed } from '../../store/feed/delivery-feed.js';
import type { MessageFeed } from '../../store/feed/message-feed.js';

/** The readers of one transaction. */
export interface Feeds {
  readonly messages: MessageFeed;
  readonly deliveries: DeliveryFeed;
  readonly conversations: ConversationFeed;
  readonly events: ConversationEvents;
}
