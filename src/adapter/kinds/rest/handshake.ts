import { createHmac } from 'node:crypto';
import type { InboundAnswer, InboundRequest } from '../../contract.js';
import { compilePredicate } from '../../answer/predicate.js';
import { viewOf } from './inbound-view.js';
import type { RestHandshake } from './verification-settings.js';

/** Text that is sent back is cut: an echo is no mirror for whole documents. */
const LONGEST_ECHO = 4_096;

/** What a sender is answered that does not bring a message but wants to see who is there; null where the request is an ordinary one. */
export function shakeHands(request: InboundRequest, handshake: RestHandshake | undefined): InboundAnswer | null {
  switch (handshake?.type) {
    case undefined: return null;
    case 'echoQuery': {
      const given = new URLSearchParams(request.query).get(handshake.parameter);
      // Plain text and never sniffed: what is echoed is a stranger's.
      return given === null ? null : { status: 200, contentType: 'text/plain; charset=utf-8', body: given.slice(0, LONGEST_ECHO) };
    }
    case 'hmacQuery': {
      const given = new URLSearchParams(request.query).get(handshake.parameter);
      return given === null ? null : { status: 200, contentType: 'text/plain; charset=utf-8', body: createHmac('sha256', handshake.secret).update(given).digest('hex') };
    }
    case 'challenge': {
      const { document } = viewOf(request);
      const given = document.ok && typeof document.value === 'object' && document.value !== null && Object.hasOwn(document.value, handshake.field) ? (document.value as Record<string, unknown>)[handshake.field] : undefined;
      return typeof given === 'string' ? { status: 200, contentType: 'application/json', body: JSON.stringify({ [handshake.field]: given.slice(0, LONGEST_ECHO) }) } : null;
    }
    case 'ignore': return compilePredicate(handshake.when)(viewOf(request)) ? { status: 200, contentType: 'application/json', body: '{"ignored":true}' } : null;
  }
}
