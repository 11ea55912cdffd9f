import { at, BASE_URL, blank, COMMENT, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** Only for reading: a status is reached by acts. */
const status: ValueTable = [['new', 'Create'], ['reopened', 'UnAcknowledge'], ['inProgress', 'Acknowledge'], ['resolved', 'Close']];
/** P1 is the highest on both sides. */
const priority: ValueTable = [['1', 'P1'], ['2', 'P2'], ['3', 'P3'], ['4', 'P4'], ['5', 'P5']];

const ALERT = '/v2/alerts/{{ticketId}}';
const isOneOf = (...names: string[]): string => names.map((name) => `attributes.status == '${name}'`).join(' || ');
const ENDED = isOneOf('resolved', 'closed', 'cancelled');
/** In whose name it is done there; what comes back under that name is an echo. */
const BY = { user: '{{variables.user}}', source: 'Parley' };

/** Everything is taken (202) and done later: each act is asked after. One that was done before has nothing left to do. */
const ASKED = { repeatUntil: { when: [{ status: [200] }], everyMs: 500, tries: 6 }, answer: { successWhen: [{ status: [200, 404] }] } };
const ACTS = ['message', 'description', 'priority', 'acknowledge', 'unacknowledge', 'close', 'note'];
const act = (id: string, when: string, { method = 'POST', path = id, body = {} }: { readonly method?: string; readonly path?: string; readonly body?: object }): object =>
  ({ id, when, method, path: `${ALERT}/${path}`, body: { ...body, ...BY }, idempotent: method === 'PUT', extract: { requestId: 'requestId' } });

const OPERATIONS = {
  create: {
    steps: [
      {
        id: 'alert', method: 'POST', path: '/v2/alerts', extract: { requestId: { path: 'requestId', else: { value: 'none' } } },
        body: {
          message: '{{attributes.title | truncate:130}}', alias: '{{correlationKey}}', description: '{{attributes.description | truncate:15000}}', priority: outward(priority, 'priority'),
          tags: { $query: "[['parley'], attributes.tags || `[]`][]" }, entity: '{{attributes.ci}}', ...BY,
        },
      },
      // The alert has no id before it was made.
      { id: 'made', main: true, method: 'GET', path: '/v2/alerts/requests/{{steps.alert.requestId}}', ...ASKED },
    ],
  },
  update: {
    steps: [
      act('message', 'attributes.title', { method: 'PUT', body: { message: '{{attributes.title | truncate:130}}' } }),
      act('description', 'attributes.description', { method: 'PUT', body: { description: '{{attributes.description | truncate:15000}}' } }),
      act('priority', 'attributes.priority', { method: 'PUT', body: { priority: outward(priority, 'priority') } }),
      act('acknowledge', isOneOf('assigned', 'inProgress', 'pending', 'onHold'), {}),
      act('unacknowledge', isOneOf('new', 'reopened'), {}),
      // A note is read by everybody who sees the alert.
      act('note', IS_PUBLIC, { path: 'notes', body: { note: COMMENT } }),
      act('close', ENDED, { body: { note: '{{attributes.resolution}}' } }),
      {
        id: 'done', each: `[${ACTS.map((id) => `steps.${id}.requestId`).join(', ')}][?@]`, method: 'GET', path: '/v2/alerts/requests/{{item}}', repeatUntil: ASKED.repeatUntil,
        answer: { ...ASKED.answer, error: 'data.status', rejectedWhen: [{ body: "data.isSuccess == `false` && !contains(data.status || '', 'already')" }] },
      },
    ],
  },
  attach: { method: 'POST', path: `${ALERT}/attachments`, form: 'multipart', field: 'file', body: BY },
};

const said = (member: string): object => at(`action == 'AddNote' && alert.note && ${member} || null`);

export const opsgenie: Preset = {
  id: 'opsgenie', title: 'Opsgenie', version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Alerts: opened, acknowledged, closed, public comments as notes, files; a webhook integration brings what changes there.',
  blanks: [BASE_URL, secretBlank('/settings/auth/value', 'API key, written as: GenieKey …'), blank('/settings/variables/user', 'Name under which Parley acts'), blank('/settings/integrationUser', 'The same name, so that what it does is recognised')],
  values: { status, priority },
  endpoint: {
    name: 'Opsgenie', adapter: 'rest',
    settings: {
      baseUrl: 'https://api.opsgenie.com', auth: { type: 'header', name: 'Authorization', value: SECRET }, integrationUser: 'Parley', echoByValue: false, variables: { user: 'Parley' }, check: { path: '/v2/alerts?limit=1' },
      answers: { error: 'message', retryAfter: { header: 'x-ratelimit-period-in-sec' } },
    },
    entityTypes: [{
      name: 'Alert', operations: OPERATIONS, response: { ticketId: 'data.alertId' },
      // Of one alias one alert is open at a time: a create that comes again is counted there, and opens no other.
      lookup: { method: 'GET', path: '/v2/alerts?query=alias%3A%22{{correlationKey}}%22&limit=2', ticketId: at('length(data) == `1` && data[0].id'), absentWhen: [{ status: [200], body: "type(data) == 'array' && length(data) == `0`" }] },
      inbound: {
        when: { body: "contains(['Create', 'Acknowledge', 'UnAcknowledge', 'Close', 'AddNote', 'UpdatePriority', 'UpdateMessage', 'UpdateDescription', 'AssignOwnership', 'TakeOwnership'], action)" },
        ticketId: 'alert.alertId', messageType: 'action', sender: 'alert.username',
        attributes: {
          'ticket.id': 'alert.alertId', 'ticket.number': at('alert.tinyId && to_string(alert.tinyId)'), 'ticket.externalId': 'alert.alias', 'ticket.type': { value: 'event' }, title: 'alert.message', description: 'alert.description',
          // Any other act says nothing of it.
          status: { jmespath: `contains(['Create', 'Acknowledge', 'UnAcknowledge', 'Close'], action) && (${inward(status, 'action').jmespath}) || null` }, priority: inward(priority, 'alert.priority'),
          assignee: 'alert.owner', tags: 'alert.tags', ci: 'alert.entity', event: 'action', 'comment.text': said('alert.note'), 'comment.author': said('alert.username'), 'comment.visibility': said("'internal'"),
        },
      },
    }],
  },
};
