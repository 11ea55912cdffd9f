import { Inject, Injectable, type BeforeApplicationShutdown, type OnApplicationBootstrap } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import { armFailpoint } from './failpoint.js';
import { Instance } from './instance.service.js';
import { StageHub } from './stage-hub.js';
import { Sweeper } from './sweeper.service.js';

/** How long lanes in hand may take to end when the process is asked to stop: shorter than the process itself has, so that it leaves its lanes to others. */
const DRAIN_MS = 10_000;

/** Starts the pipeline when everything is wired, and drains it before the process ends. Nothing depends on the draining but speed. */
@Injectable()
export class PipelineRuntime implements OnApplicationBootstrap, BeforeApplicationShutdown {
  constructor(private readonly hub: StageHub, private readonly instance: Instance, private readonly sweeper: Sweeper, @Inject(SETTINGS) private readonly settings: Settings) {}

  async onApplicationBootstrap(): Promise<void> {
    armFailpoint(this.settings.failpoint);
    await this.instance.start();
    if (this.settings.role !== 'web') this.sweeper.start();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.sweeper.stop();
    await this.hub.drain(AbortSignal.timeout(DRAIN_MS));
    await this.instance.stop();
  }
}
