import { BullModule } from '@nestjs/bullmq';
import { Global, Module } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { Database } from '../store/database.js';
import { queueOptions } from './connection.js';
import { Instance } from './instance.service.js';
import { PipelineRuntime } from './runtime.service.js';
import { StageHub, STAGES } from './stage-hub.js';
import { Sweeper } from './sweeper.service.js';
import { TraceExport } from './trace-export.service.js';
import { Upkeep } from './upkeep.service.js';
import { WAKE_PROCESSORS } from './wake-processors.js';
import { WakeUps } from './wake-ups.js';

/** The stage runtime: hand-over, claims, wake-ups, sweeps. */
@Global()
@Module({
  imports: [
    BullModule.forRootAsync({ inject: [SETTINGS, Database], useFactory: (settings: Settings, database: Database) => queueOptions(settings, database) }),
    BullModule.registerQueue(...STAGES.map((name) => ({ name }))),
  ],
  providers: [StageHub, Instance, WakeUps, Sweeper, PipelineRuntime, Upkeep, TraceExport, ...WAKE_PROCESSORS],
  exports: [StageHub, Instance, WakeUps],
})
export class QueueModule {}
