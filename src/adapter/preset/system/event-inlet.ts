import { at, BASE_URL } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, type ValueTable } from '../value-table.js';

const acts: ValueTable = [['new', 'trigger'], ['inProgress', 'acknowledge'], ['resolved', 'resolve']];
const severity: ValueTable = [['1', 'critical'], ['2', 'error'], ['3', 'warning'], ['5', 'info']];

/** Whoever gives no key means the same problem by the same source and words. */
const KEY = "dedup_key || payload && join(':', [payload.source, payload.component, payload.class, payload.summary][?@]) || null";
/** An end and an acknowledgement need no payload, and say nothing of what was wrong. */
const ofProblem = (member: string): object => at(`event_action == 'trigger' && ${member} || null`);

export const eventsV2: Preset = {
  id: 'events-v2', title: 'Events as PagerDuty takes them (Events API v2)', version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'An address for monitoring tools that can send events to PagerDuty: each key is a ticket that is opened, acknowledged and resolved by them.',
  blanks: [BASE_URL],
  values: { status: acts, priority: severity },
  endpoint: {
    name: 'Events', adapter: 'rest', settings: { baseUrl: 'https://monitoring.example.com' },
    entityTypes: [{
      name: 'Event',
      inbound: {
        when: { body: `contains(\`${JSON.stringify(acts.map(([, theirs]) => theirs))}\`, event_action)` },
        ticketId: at(KEY), messageType: 'event_action', occurredAt: 'payload.timestamp',
        attributes: {
          'ticket.id': at(KEY), 'ticket.type': { value: 'event' }, 'ticket.url': at('client_url || links[0].href'), title: ofProblem('payload.summary'), status: inward(acts, 'event_action'), priority: { jmespath: `event_action == 'trigger' && (${inward(severity, 'payload.severity').jmespath}) || null` },
          ci: 'payload.source', service: 'payload.component', category: 'payload.class', group: 'payload.group', client: 'client', details: 'payload.custom_details',
        },
      },
    }],
  },
};

const status: ValueTable = [['new', 'new'], ['new', 'firing'], ['new', 'problem'], ['new', 'open'], ['new', 'down'], ['inProgress', 'acknowledged'], ['resolved', 'resolved'], ['resolved', 'ok'], ['resolved', 'recovery'], ['resolved', 'closed'], ['resolved', 'up']];
const priority: ValueTable = [['1', 'critical'], ['1', 'disaster'], ['1', 'fatal'], ['2', 'error'], ['2', 'high'], ['2', 'major'], ['3', 'warning'], ['3', 'average'], ['3', 'medium'], ['4', 'minor'], ['4', 'low'], ['5', 'info'], ['5', 'information']];
/** One event, or a list of them as such or under a name. */
const LIST = "(type(@) == 'array' && @) || (type(events) == 'array' && events) || (type(alerts) == 'array' && alerts) || [@]";
const ID = 'id || key || event_id || fingerprint';

export const eventsJson: Preset = {
  id: 'events-json', title: 'Events as JSON', version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'An address for scripts and tools that send events in JSON of a simple form, one or many at once: each id is a ticket that is opened and resolved by them.',
  blanks: [BASE_URL],
  values: { status, priority },
  endpoint: {
    name: 'Events', adapter: 'rest', settings: { baseUrl: 'https://monitoring.example.com' },
    entityTypes: [{
      name: 'Event',
      inbound: {
        when: { body: `(${LIST})[?${ID}]` }, each: at(`(${LIST})[?${ID}]`),
        ticketId: at(ID), messageType: 'status', occurredAt: at('time || timestamp'), sender: 'sender',
        attributes: {
          'ticket.id': at(`to_string(${ID})`), 'ticket.type': { value: 'event' }, 'ticket.url': 'url', title: at('title || summary || name'), description: at('description || message'), status: inward(status, 'status'), priority: inward(priority, '(severity || priority)'),
          ci: at('host || source'), service: 'service', category: 'category', tags: 'tags', labels: 'labels', details: 'details', 'comment.text': 'comment', 'comment.author': at('comment && sender || null'), 'comment.visibility': at("comment && 'internal' || null"),
        },
      },
    }],
  },
};
