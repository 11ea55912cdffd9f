import { at, BASE_URL, blank, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** There, 5 is the highest. */
const priority: ValueTable = [['1', 5], ['2', 4], ['3', 3], ['4', 2], ['5', 1], ['5', 0]];

const rpc = (method: string, params: unknown): object => ({ jsonrpc: '2.0', method, params, id: 1 });
const API = '/api_jsonrpc.php';

const WORKED_ON = "contains(`[\"assigned\", \"inProgress\", \"pending\", \"onHold\"]`, attributes.status || '')";
const ENDED = "contains(`[\"resolved\", \"closed\"]`, attributes.status || '')";
/** What is done to an event is a sum of bits: close, acknowledge, message, severity, take the acknowledgement back. */
const bit = (condition: string, value: number): string => `((${condition}) && \`${value}\`) || \`0\``;
const ACTION = `sum([${[bit(`${ENDED} && variables.close == 'yes'`, 1), bit(WORKED_ON, 2), bit(IS_PUBLIC, 4), bit('attributes.priority', 8), bit("attributes.status == 'new' || attributes.status == 'reopened'", 16)].join(', ')}])`;

/** A macro that has no value here stays as it is written, or is called unknown. */
const known = (field: string): string => `(${field} && ${field} != '*UNKNOWN*' && !(starts_with(to_string(${field}), '{') && ends_with(to_string(${field}), '}')) && ${field} || null)`;
/** An event: as the media type sends it, or as it was polled. */
const IS_UPDATE = "update == '1'";
const STATUS = `(${IS_UPDATE} && ((contains(update_action || '', 'unacknowledged') && 'new') || (contains(update_action || '', 'acknowledged') && value == '1' && 'inProgress') || null)) || (!(${IS_UPDATE}) && ((value == '0' && 'resolved') || (r_eventid && r_eventid != '0' && 'resolved') || (acknowledged == '1' && 'inProgress') || 'new')) || null`;
const said = (member: string): object => at(`${IS_UPDATE} && ${known('update_message')} && ${member} || null`);

const INBOUND = {
  // The button that tests a media type sends macros without values.
  when: { body: known('eventid') },
  ticketId: 'eventid', messageType: at("(update && (update == '1' && 'update' || value == '0' && 'recovery' || 'problem')) || 'polled'"), sender: at(`${IS_UPDATE} && ${known('update_user')} || null`), occurredAt: 'sent_at',
  // Each escalation step sends a problem again. Of updates, one person makes one at a time.
  eventId: at("update && ((update == '1' && join(':', [eventid, update_date, update_time, update_user])) || join(':', [eventid, value])) || null"),
  attributes: {
    'ticket.id': 'eventid', 'ticket.type': { value: 'event' }, 'ticket.url': at(known('url')), title: at(known('name')), description: at(known('opdata')), status: at(STATUS), priority: inward(priority, known('severity')),
    ci: at(`${known('host')} || hosts[0].name`), 'trigger.id': at(`${known('trigger_id')} || objectid`), tags: at("tags[].join(':', [tag, value])"), event: 'update_action',
    'comment.text': said('update_message'), 'comment.author': said(known('update_user')), 'comment.visibility': said("'internal'"),
  },
};

export const zabbix: Preset = {
  id: 'zabbix', title: 'Zabbix', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Problems: each is a ticket that is opened and resolved with it; acknowledgements, severities and public comments go back. By a media type, or polled.',
  blanks: [
    BASE_URL, secretBlank('/settings/auth/token', 'API token of the integration user'), blank('/settings/integrationUser', 'User name of that user, so that what it writes is recognised'),
    blank('/settings/variables/close', 'yes: a resolved ticket closes its problem, where the trigger allows that, else no'),
  ],
  values: { priority },
  endpoint: {
    name: 'Zabbix', adapter: 'rest',
    settings: {
      baseUrl: 'https://zabbix.example.com', auth: { type: 'bearer', token: SECRET }, integrationUser: 'parley', echoByValue: false, variables: { close: 'no' },
      check: { method: 'POST', path: API, body: rpc('event.get', { output: ['eventid'], limit: 1 }) },
      // Everything is answered 200. An empty list is a result as well.
      answers: {
        error: at("error && join(': ', [error.message, error.data][?@])"),
        credentialsWhen: [{ body: "contains(error.data || '', 'Not authorized') || contains(error.data || '', 'Not authorised') || contains(error.data || '', 're-login') || contains(error.data || '', 'API token expired')" }], successWhen: [{ status: [200], body: "type(result) != 'null'" }],
      },
    },
    entityTypes: [{
      name: 'Problem',
      operations: {
        update: {
          steps: [{
            // What is so already is skipped there, but a message is added each time.
            id: 'event', when: `${ACTION} > \`0\``, method: 'POST', path: API, idempotent: false,
            body: rpc('event.acknowledge', {
              eventids: '{{ticketId}}', action: { $query: ACTION }, severity: { $if: 'attributes.priority', $then: outward(priority, 'priority') },
              message: { $if: IS_PUBLIC, $then: { $if: 'attributes.comment.author', $then: '{{attributes.comment.author}}: {{attributes.comment.text | truncate:1900}}', $else: '{{attributes.comment.text | truncate:2000}}' } },
            }),
          }],
        },
      },
      inbound: INBOUND,
    }],
  },
  polling: {
    Problem: {
      method: 'POST', path: API,
      // Whatever was a problem since the last poll, however long ago it began.
      body: rpc('event.get', {
        output: ['eventid', 'objectid', 'clock', 'name', 'opdata', 'severity', 'acknowledged', 'value', 'r_eventid'], source: 0, object: 0, value: [1], selectHosts: ['name'], selectTags: ['tag', 'value'],
        problem_time_from: '{{cursor | number}}', problem_time_till: 2_147_483_647, sortfield: ['eventid'], sortorder: 'ASC',
      }),
      list: 'result', cursor: { type: 'timestamp', field: 'clock', format: 'EpochTime_s', overlapSeconds: 120, advanceBy: 'request' }, version: ['eventid', 'r_eventid', 'severity', 'acknowledged'],
    },
  },
};
