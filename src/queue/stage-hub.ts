import { Inject, Injectable } from '@nestjs/common';
import { SETTINGS, type Settings } from '../config/settings.js';
import type { DeliveryLane, ReceiveLane, RouteLane } from './lanes.js';

/** The stages, and what each takes over from the one before it. */
export interface StageLanes {
  readonly normalize: ReceiveLane;
  readonly route: RouteLane;
  readonly deliver: DeliveryLane;
  readonly delay: never;
}

export type StageName = keyof StageLanes;

export const STAGES: readonly StageName[] = ['normalize', 'route', 'deliver', 'delay'];

/** What the runtime knows of a running stage. */
export interface StageWorker<Lane> {
  /** Goes on with lanes that this process has claimed already. */
  hand(lanes: readonly Lane[]): void;
  /** There may be ready lanes in the store. */
  wake(): void;
  /** Lanes in hand. */
  readonly depth: number;
  /** Those of them that wait for this process, not for somebody else; where it is not told, all. */
  readonly pressing?: number;
  /** Stops taking lanes and waits for those in hand, at most until `signal` aborts. */
  drain(signal: AbortSignal): Promise<void>;
}

/** Where stages meet: one commits, the next goes on. Stages know each other only by name. */
@Injectable()
export class StageHub {
  private readonly workers = new Map<StageName, StageWorker<never>>();
  private announce: (stage: StageName) => void = () => undefined;
  private room: (organization: string, endpoint: string) => boolean = () => false;
  private finishedCount_ = 0;

  constructor(@Inject(SETTINGS) private readonly settings: Settings) {}

  /** Makes a stage run in this process; one that only serves the web runs none. */
  register<S extends StageName>(stage: S, worker: StageWorker<StageLanes[S]>): void {
    if (this.settings.role === 'web') return;
    if (this.workers.has(stage)) throw new Error(`Stage ${stage} has two workers.`);
    this.workers.set(stage, worker);
  }

  /** Sets who tells other processes that a stage has work. */
  announceBy(announce: (stage: StageName) => void): void {
    this.announce = announce;
  }

  /** Hands claimed lanes over in memory; where the stage does not run here, they wait for nobody: do not claim for it then. */
  hand<S extends StageName>(stage: S, lanes: readonly StageLanes[S][]): void {
    if (lanes.length > 0) (this.workers.get(stage) as StageWorker<StageLanes[S]> | undefined)?.hand(lanes);
  }

  /** Says that ready lanes were left: to this process at once, to others by a wake-up. */
  left(stage: StageName): void {
    this.workers.get(stage)?.wake();
    this.announce(stage);
  }

  /** A wake-up that came in: for this process only. */
  wake(stage: StageName): void {
    this.workers.get(stage)?.wake();
  }

  runs(stage: StageName): boolean {
    return this.workers.has(stage);
  }

  depth(stage: StageName): number {
    return this.workers.get(stage)?.depth ?? 0;
  }

  /** Lanes in hand that wait for this process itself. */
  pressing(stage: StageName): number {
    const worker = this.workers.get(stage);
    return worker?.pressing ?? worker?.depth ?? 0;
  }

  /** Sets who knows whether this process would go on with another lane of an endpoint at once. */
  roomBy(hasRoom: (organization: string, endpoint: string) => boolean): void {
    this.room = hasRoom;
  }

  hasRoom(organization: string, endpoint: string): boolean {
    return this.room(organization, endpoint);
  }

  /** Counts work that came to its end; ingest paces itself by it. */
  finished(count: number): void {
    this.finishedCount_ += count;
  }

  get finishedCount(): number {
    return this.finishedCount_;
  }

  async drain(signal: AbortSignal): Promise<void> {
    for (const stage of STAGES) await this.workers.get(stage)?.drain(signal);
  }
}
