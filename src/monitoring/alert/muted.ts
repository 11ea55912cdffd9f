import { maintenanceAt } from '../../core/delivery/maintenance.js';
import { readMaintenance } from '../../core/delivery/read-maintenance.js';
import { Place } from '../../core/shape/place.js';
import type { MaintainedEndpoint } from '../../store/monitoring/conditions.js';
import type { Condition } from './alert-changes.js';
import { alertKind } from './alert-kind.js';

/** Marks what is not to be told: the trouble of an endpoint that is in maintenance. */
export function muted(conditions: readonly Condition[], maintained: readonly MaintainedEndpoint[]): Condition[] {
  const resting = new Set(maintained.filter(({ windows, nowMs }) => maintenanceAt(readMaintenance(windows, Place.root()), nowMs).now !== null).map(({ organization, endpoint }) => `${organization} ${endpoint}`));
  return conditions.map((condition) => ({ ...condition, isMuted: alertKind(condition.kind)?.restsInMaintenance === true && resting.has(`${condition.organization} ${condition.subject}`) }));
}
