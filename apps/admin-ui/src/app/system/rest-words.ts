import type { EndpointRest } from '../api/models';
import { instantText } from '../ui/time-text';

/** Why nothing is sent to an endpoint, in a clause; `now` in ms. */
export function restWords(rest: EndpointRest, now: number): string {
  switch (rest.kind) {
    case 'suspended': return 'the endpoint is suspended';
    case 'paused': return 'the endpoint is paused: it refused our credentials';
    case 'maintenance': return `maintenance until ${rest.until === null ? 'further notice' : instantText(rest.until, now)}${rest.note === '' ? '' : ` (${rest.note})`}`;
  }
}
