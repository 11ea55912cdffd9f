import { alertKind } from './alert-kind.js';

/** A state as it is seen now: `subject` is the endpoint it is about, or empty. */
export interface Condition {
  readonly organization: string;
  readonly kind: string;
  readonly subject: string;
  readonly detail: string;
  readonly count: number;
  readonly since: Date;
  /** The case, but not to be told now. */
  readonly isMuted?: boolean;
}

/** An alert that was raised and is not over. */
export interface OpenAlert {
  readonly id: string;
  readonly organization: string;
  readonly kind: string;
  readonly subject: string;
}

export interface AlertChanges {
  readonly raised: readonly Condition[];
  readonly resolved: readonly OpenAlert[];
}

const keyOf = ({ organization, kind, subject }: Pick<Condition, 'organization' | 'kind' | 'subject'>): string => JSON.stringify([organization, kind, subject]);

/**
 * Decides which states have changed. It remembers when it first and last saw each: what has just begun may pass by itself,
 * what has just ended may come back, what is muted counts as new when it is not any more. A new one, after a restart, only decides somewhat later. `nowMs` must not go back.
 */
export class AlertChangesSince {
  private firstSeen = new Map<string, number>();
  private readonly lastSeen = new Map<string, number>();

  /** `open` and `seen` are complete: what is not in `seen` is not the case. */
  look(open: readonly OpenAlert[], seen: readonly Condition[], nowMs: number): AlertChanges {
    const isOpen = new Set(open.map(keyOf));
    const before = this.firstSeen;
    const loud = seen.filter((condition) => condition.isMuted !== true);
    this.firstSeen = new Map(loud.map((condition) => [keyOf(condition), before.get(keyOf(condition)) ?? nowMs]));
    const raised = loud.filter((condition) => !isOpen.has(keyOf(condition)) && nowMs - (this.firstSeen.get(keyOf(condition)) ?? nowMs) >= (alertKind(condition.kind)?.holdMs ?? 0));
    const isSeen = new Set(seen.map(keyOf));
    const resolved = open.filter((alert) => !isSeen.has(keyOf(alert)) && this.isOver(alert, nowMs));
    for (const key of isSeen) this.lastSeen.set(key, nowMs);
    for (const key of this.lastSeen.keys()) if (!isOpen.has(key) && !isSeen.has(key)) this.lastSeen.delete(key);
    return { raised, resolved };
  }

  private isOver(alert: OpenAlert, nowMs: number): boolean {
    const key = keyOf(alert);
    if (!this.lastSeen.has(key)) this.lastSeen.set(key, nowMs);
    return nowMs - (this.lastSeen.get(key) ?? nowMs) >= (alertKind(alert.kind)?.quietMs ?? 0);
  }
}
