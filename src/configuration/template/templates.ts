import { EVENTS } from './integration/events.js';
import { PAIRS } from './integration/pairs.js';
import lockedTicket from './locked-ticket.json' with { type: 'json' };
import originalGroup from './original-group.json' with { type: 'json' };
import shareTicket from './share-ticket.json' with { type: 'json' };
import type { Template } from './template.js';

/** Every template. A new one is a file, or a line where several share their rules, and a line here; its tests are run by the tests of this folder. */
export const TEMPLATES: readonly Template[] = [...([shareTicket, lockedTicket, originalGroup] as readonly unknown[] as readonly Template[]), ...PAIRS, ...EVENTS];
