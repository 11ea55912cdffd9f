import { Injectable } from '@nestjs/common';
import { METRICS, STAGES, StageHub, WakeUps } from '../queue/index.js';
import { Database } from '../store/database.js';
import { readGauges } from '../store/monitoring/gauges.js';

/** Scrapes that come faster than this see the same numbers. */
const FRESH_MS = 5_000;

/** Fills the gauges whose numbers live in the store, when somebody asks. */
@Injectable()
export class GaugeReader {
  private readAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly database: Database, private readonly hub: StageHub, private readonly wakeUps: WakeUps) {}

  async read(): Promise<void> {
    for (const stage of STAGES) METRICS.stageDepth.set({ stage }, this.hub.depth(stage));
    METRICS.wakeUpFailures.set(this.wakeUps.failures);
    const { totalCount, idleCount, waitingCount } = this.database.worker;
    for (const [state, count] of [['open', totalCount], ['idle', idleCount], ['waiting', waitingCount]] as const) METRICS.connections.set({ state }, count);
    if (performance.now() - this.readAt < FRESH_MS) return;
    this.readAt = performance.now();
    const gauges = await readGauges(this.database.worker);
    for (const { stage, ready, oldestSeconds } of gauges.lanes) {
      METRICS.readyLanes.set({ stage }, ready);
      METRICS.oldestSeconds.set({ stage }, oldestSeconds);
    }
    for (const state of ['RETRYING', 'DEAD', 'HELD']) METRICS.troubled.set({ state }, gauges.troubled.get(state) ?? 0);
    METRICS.delayed.set(gauges.delayed);
  }
}
