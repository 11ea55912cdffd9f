import { maintenanceAt, NO_MAINTENANCE, type MaintenanceState, type MaintenanceWindow } from '../../core/delivery/maintenance.js';
import { readMaintenance } from '../../core/delivery/read-maintenance.js';
import { Place } from '../../core/shape/place.js';
import type { ProblemError } from '../../web/index.js';

/** What is wrong with the windows of a document; pointers start at the list. */
export function checkMaintenance(raw: unknown): (ProblemError & { readonly pointer: string })[] {
  const place = Place.root();
  readMaintenance(raw, place);
  return place.problems.map(({ pointer, expected, found }) => ({ pointer, detail: `must be ${expected}; found ${found}` }));
}

/** The windows of an endpoint, asked before every call: what they mean is computed anew only when it changes. */
export class MaintenanceWindows {
  private readonly windows: readonly MaintenanceWindow[];
  private known: MaintenanceState = NO_MAINTENANCE;
  private knownSinceMs = Number.POSITIVE_INFINITY;

  /** `stored`: windows as a document says them; they were checked when they were saved. */
  constructor(stored: readonly unknown[]) {
    this.windows = readMaintenance(stored, Place.root());
  }

  at(nowMs: number): MaintenanceState {
    if (this.windows.length === 0) return NO_MAINTENANCE;
    if (nowMs < this.knownSinceMs || nowMs >= this.known.changesAtMs) {
      this.known = maintenanceAt(this.windows, nowMs);
      this.knownSinceMs = nowMs;
    }
    return this.known;
  }
}
