import type { EndpointDto } from '../api/models';
import { instantText } from '../ui/time-text';

/** How an endpoint is, in one word, and why in one sentence. */
export interface EndpointHealth {
  readonly word: 'OPERATIONAL' | 'ACTIVE' | 'WARNING' | 'ERROR' | 'SUSPENDED' | 'MAINTENANCE';
  readonly why: string;
}

/** Operational is said only where a call is known to have succeeded. */
const NOTHING_KNOWN = 'No trouble is known.';

/** Judges an endpoint by how it is set and what it has been doing; `now` in ms. */
export function endpointHealth({ status, runtime, maintenanceState }: Pick<EndpointDto, 'status' | 'runtime' | 'maintenanceState'>, now = Date.now()): EndpointHealth {
  if (status === 'SUSPENDED') return { word: 'SUSPENDED', why: 'Nothing is sent; what comes in is still accepted and routed.' };
  const maintenance = maintenanceOf(maintenanceState, now);
  if (runtime === null) return maintenance ?? { word: 'ACTIVE', why: NOTHING_KNOWN };
  if (runtime.pausedReason === 'credentials') return { word: 'ERROR', why: 'It refused our credentials. Nothing is sent until they are right and it is resumed.' };
  if (runtime.pausedReason !== null) return { word: 'ERROR', why: `Paused: ${runtime.pausedReason}.` };
  if (maintenance !== undefined) return maintenance;
  if (runtime.circuit === 'open') return { word: 'ERROR', why: withError('Too many calls failed; they wait until a probe succeeds', runtime.lastError) };
  if (runtime.circuit === 'half-open') return { word: 'WARNING', why: 'One call at a time finds out whether it is back.' };
  if (runtime.failuresInRow > 0) return { word: 'WARNING', why: withError(runtime.failuresInRow === 1 ? 'The last call failed' : `The last ${String(runtime.failuresInRow)} calls failed`, runtime.lastError) };
  return runtime.lastSuccessAt === null ? { word: 'ACTIVE', why: NOTHING_KNOWN } : { word: 'OPERATIONAL', why: 'Calls succeed.' };
}

function maintenanceOf({ until, note }: EndpointDto['maintenanceState'], now: number): EndpointHealth | undefined {
  if (until === null || Date.parse(until) <= now) return undefined;
  return { word: 'MAINTENANCE', why: `Maintenance until ${instantText(until, now)}${note === '' ? '' : ` (${note})`}. What is to be sent waits and goes on by itself.` };
}

const withError = (sentence: string, error: string | null): string => (error === null ? `${sentence}.` : `${sentence}: ${error}`);
