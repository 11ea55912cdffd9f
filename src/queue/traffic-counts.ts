import { TOOK_STEPS, type TrafficChange } from '../store/monitoring/traffic.js';

const MINUTE_MS = 60_000;

/** A delivery that needs nothing more. */
export interface EndedDelivery {
  readonly organization: string;
  /** Endpoint that its message came from; null: not known any more. */
  readonly source: string | null;
  readonly target: string;
  readonly createdMs: number;
  readonly isSent: boolean;
}

type Change = { -readonly [Name in keyof TrafficChange]: TrafficChange[Name] extends readonly number[] ? number[] : TrafficChange[Name] };

/** What moved through this process, per minute, until somebody writes it down. */
export class TrafficCounts {
  private changes = new Map<string, Change>();

  received(organization: string, endpoint: string, atMs = Date.now()): void {
    this.at(organization, endpoint, '', atMs).received++;
  }

  /** Counted in the minute in which the delivery was made. */
  ended({ organization, source, target, createdMs, isSent }: EndedDelivery, nowMs = Date.now()): void {
    if (source === null) return;
    const change = this.at(organization, source, target, createdMs);
    if (!isSent) {
      change.failed++;
      return;
    }
    change.sent++;
    const step = TOOK_STEPS.findIndex((upToSeconds) => nowMs - createdMs < upToSeconds * 1_000);
    change.took[step === -1 ? TOOK_STEPS.length : step]! += 1;
  }

  /** What was counted since it was last taken. */
  take(): TrafficChange[] {
    const taken = [...this.changes.values()];
    this.changes = new Map();
    return taken;
  }

  /** Counts again what could not be written down. */
  putBack(changes: readonly TrafficChange[]): void {
    for (const { organization, source, target, minuteMs, received, sent, failed, took } of changes) {
      const change = this.at(organization, source, target, minuteMs);
      change.received += received;
      change.sent += sent;
      change.failed += failed;
      took.forEach((count, step) => { change.took[step]! += count; });
    }
  }

  private at(organization: string, source: string, target: string, atMs: number): Change {
    const minuteMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const key = `${minuteMs} ${organization} ${source} ${target}`;
    let change = this.changes.get(key);
    if (change === undefined) {
      change = { organization, source, target, minuteMs, received: 0, sent: 0, failed: 0, took: new Array<number>(TOOK_STEPS.length + 1).fill(0) };
      this.changes.set(key, change);
    }
    return change;
  }
}

export const TRAFFIC = new TrafficCounts();
