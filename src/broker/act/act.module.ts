import { Module } from '@nestjs/common';
import { ArrangeController } from '../arrange/arrange.controller.js';
import { Arrangements } from '../arrange/arrangements.service.js';
import { ConversationActController } from './conversation-act.controller.js';
import { DelayedActController } from './delayed-act.controller.js';
import { DeliveryActController } from './delivery-act.controller.js';
import { DeliveryActs } from './delivery-act.service.js';
import { LaneActController } from './lane-act.controller.js';
import { LaneActs } from './lane-act.service.js';
import { MessageActController } from './message-act.controller.js';

/** What operators do, one thing at a time. */
@Module({ controllers: [ArrangeController, ConversationActController, DeliveryActController, DelayedActController, LaneActController, MessageActController], providers: [Arrangements, DeliveryActs, LaneActs] })
export class ActModule {}
