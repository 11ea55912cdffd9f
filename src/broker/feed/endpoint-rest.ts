import { maintenanceAt } from '../../core/delivery/maintenance.js';
import { readMaintenance } from '../../core/delivery/read-maintenance.js';
import { restOf, type Rest } from '../../core/delivery/rest.js';
import { Place } from '../../core/shape/place.js';
import type { EndpointStanding } from '../../store/endpoint/endpoint.store.js';
import type { EndpointRest } from './feed.dto.js';

/** Why nothing is sent to endpoints now, by id; those that are sent to are not in it. */
export type Rests = ReadonlyMap<string, Rest>;

export function restsOf(standings: readonly EndpointStanding[], nowMs: number): Rests {
  return new Map(standings.flatMap(({ id, status, pausedReason, maintenance }) => {
    const rest = restOf({ status, pausedReason, maintenance: maintenanceAt(readMaintenance(maintenance, Place.root()), nowMs).now });
    return rest === null ? [] : [[id, rest] as const];
  }));
}

export const restView = (rest: Rest): EndpointRest =>
  ({ kind: rest.kind, until: rest.kind === 'maintenance' ? new Date(rest.untilMs).toISOString() : null, note: rest.kind === 'maintenance' ? rest.note : '' });
