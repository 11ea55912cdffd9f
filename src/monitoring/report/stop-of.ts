import { maintenanceAt } from '../../core/delivery/maintenance.js';
import { readMaintenance } from '../../core/delivery/read-maintenance.js';
import { Place } from '../../core/shape/place.js';
import type { RestingEndpoint, StopCause } from '../../store/report/endpoint-stops.js';

/** Why an endpoint is not sent to now, what somebody decided before what happened to it; null where it is sent to. */
export function stopOf({ isSuspended, isPaused, isOpen, windows }: Pick<RestingEndpoint, 'isSuspended' | 'isPaused' | 'isOpen' | 'windows'>, nowMs: number): StopCause | null {
  if (isSuspended) return 'suspended';
  if (windows.length > 0 && maintenanceAt(readMaintenance(windows, Place.root()), nowMs).now !== null) return 'maintenance';
  if (isPaused) return 'credentials';
  return isOpen ? 'circuit' : null;
}
