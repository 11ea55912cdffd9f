import type { Maintenance } from './maintenance.js';

/** Why nothing is sent to an endpoint although something waits. Instants in milliseconds. */
export type Rest =
  | { readonly kind: 'suspended' }
  /** It refused our credentials. */
  | { readonly kind: 'paused'; readonly reason: string }
  | { readonly kind: 'maintenance'; readonly untilMs: number; readonly note: string };

/** What an endpoint is set to, and what it is known to do. */
export interface Standing {
  readonly status: 'ACTIVE' | 'SUSPENDED';
  readonly pausedReason: string | null;
  /** The maintenance under way; null: none. */
  readonly maintenance: Maintenance | null;
}

/** Why an endpoint rests, what ends by itself last; null: it may be sent to. */
export function restOf({ status, pausedReason, maintenance }: Standing): Rest | null {
  if (status === 'SUSPENDED') return { kind: 'suspended' };
  if (pausedReason !== null) return { kind: 'paused', reason: pausedReason };
  return maintenance === null ? null : { kind: 'maintenance', untilMs: maintenance.untilMs, note: maintenance.note };
}

/** The same in words, for those who read it without a console. */
export function restText(rest: Rest): string {
  switch (rest.kind) {
    case 'suspended': return 'the endpoint is suspended';
    case 'paused': return 'the endpoint is paused: it refused our credentials';
    case 'maintenance': return `maintenance until ${new Date(rest.untilMs).toISOString()}${rest.note === '' ? '' : ` (${rest.note})`}`;
  }
}
