import { Module } from '@nestjs/common';
import { RuleModule } from '../rule/index.js';
import { DeliverStage } from './deliver/deliver.stage.js';
import { EndpointModule } from './endpoint/endpoint.module.js';
import { InboundRoute } from './ingest/inbound.route.js';
import { IngestService } from './ingest/ingest.service.js';
import { RefusalController } from './ingest/refusal.controller.js';
import { SettledRequests } from './ingest/settled-requests.js';
import { SmtpInlet } from './inlet/smtp-inlet.service.js';
import { NormalizeStage } from './normalize/normalize.stage.js';
import { Completions } from './poll/completion.service.js';
import { PollController } from './poll/poll.controller.js';
import { PollService } from './poll/poll.service.js';
import { PollStage } from './poll/poll.stage.js';
import { PresetModule } from './preset/preset.module.js';
import { SampleController } from './sample/sample.controller.js';
import { Samples } from './sample/samples.service.js';
import { ProposalController, TrialController } from './trial/trial.controller.js';
import { Trials } from './trial/trial.service.js';

/** The way in and the way out: inbound addresses, the stages that talk to connected systems, the endpoints themselves. */
@Module({
  imports: [RuleModule, EndpointModule, PresetModule],
  controllers: [PollController, ProposalController, RefusalController, SampleController, TrialController],
  providers: [Trials, Samples, Completions, PollService, PollStage, IngestService, SettledRequests, InboundRoute, NormalizeStage, DeliverStage, SmtpInlet],
  exports: [EndpointModule],
})
export class AdapterModule {}
