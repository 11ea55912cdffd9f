import { OnWorkerEvent, Processor, WorkerHost } from '@nestjs/bullmq';
import { Injectable, type Type } from '@nestjs/common';
import { StageHub, STAGES, type StageName } from './stage-hub.js';

/** The BullMQ worker of a stage: a job only rings; the stage looks into the store. */
function wakeProcessor(stage: StageName): Type<WorkerHost> {
  @Injectable()
  @Processor(stage, { concurrency: 1, drainDelay: 5 })
  class Wake extends WorkerHost {
    constructor(private readonly hub: StageHub) {
      super();
    }

    override process(): Promise<void> {
      this.hub.wake(stage);
      return Promise.resolve();
    }

    /** The queue being away is told once, by whoever adds wake-ups; a worker without a listener would end the process. */
    @OnWorkerEvent('error')
    onError(): void {}
  }
  Object.defineProperty(Wake, 'name', { value: `${stage[0]!.toUpperCase()}${stage.slice(1)}Wake` });
  return Wake;
}

export const WAKE_PROCESSORS: readonly Type<WorkerHost>[] = STAGES.map(wakeProcessor);
