import { Module } from '@nestjs/common';
import { RuleModule } from '../rule/index.js';
import { ActModule } from './act/act.module.js';
import { BulkModule } from './bulk/bulk.module.js';
import { FeedModule } from './feed/feed.module.js';
import { DelayStage } from './delay/delay.stage.js';
import { ReplayModule } from './replay/replay.module.js';
import { RetentionModule } from './retention/retention.module.js';
import { EchoPolicy } from './route/echo-policy.service.js';
import { RouteStage } from './route/route.stage.js';
import { UnmappedModule } from './unmapped/unmapped.module.js';

/** The broker: what a message's rules decide, and the operator's hand on what waits. */
@Module({
  imports: [RuleModule, FeedModule, ReplayModule, ActModule, BulkModule, RetentionModule, UnmappedModule],
  providers: [EchoPolicy, RouteStage, DelayStage],
})
export class BrokerModule {}
