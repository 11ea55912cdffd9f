import { Module } from '@nestjs/common';
import { RuleModule } from '../../rule/index.js';
import { ConversationEventController } from './conversation-event.controller.js';
import { ConversationController } from './conversation.controller.js';
import { DelayedController } from './delayed.controller.js';
import { DeliveryController } from './delivery.controller.js';
import { Explainer } from './explainer.service.js';
import { Feed } from './feed.service.js';
import { MessageController } from './message.controller.js';

/** What can be read of messages, deliveries and conversations. */
@Module({ imports: [RuleModule], controllers: [MessageController, DeliveryController, ConversationController, ConversationEventController, DelayedController], providers: [Feed, Explainer] })
export class FeedModule {}
