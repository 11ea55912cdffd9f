import type { EndpointStandingView } from '../api/models';

/** Counting of ready lanes stops there. */
const MOST_READY = 1_000;

/** What waits to be sent to an endpoint, the gravest last: `3 on their way, 2 to be tried again, 1 dead`; undefined where nothing does. */
export function queueWords({ ready, retrying, held, dead }: Pick<EndpointStandingView, 'dead' | 'held' | 'ready' | 'retrying'>): string | undefined {
  const parts = [
    ...(ready > 0 ? [`${String(ready)}${ready >= MOST_READY ? '+' : ''} on their way`] : []), ...(retrying > 0 ? [`${String(retrying)} to be tried again`] : []),
    ...(held > 0 ? [`${String(held)} held`] : []), ...(dead > 0 ? [`${String(dead)} dead`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
