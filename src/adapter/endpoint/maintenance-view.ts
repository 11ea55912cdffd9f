import type { MaintenanceStateDto } from './maintenance.dto.js';
import { MaintenanceWindows } from './maintenance-windows.js';

/** What stored windows mean now, for people. */
export function maintenanceStateOf(stored: readonly unknown[]): MaintenanceStateDto {
  const { now, next } = new MaintenanceWindows(stored).at(Date.now());
  return { until: instant(now?.untilMs), note: (now ?? next)?.note ?? '', nextAt: instant(next?.fromMs), nextUntil: instant(next?.untilMs) };
}

const instant = (ms: number | undefined): string | null => (ms === undefined ? null : new Date(ms).toISOString());
