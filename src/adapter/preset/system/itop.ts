import { at, BASE_URL, blank, COMMENT, IS_INTERNAL, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** Only for reading: a status is reached by stimuli. */
const status: ValueTable = [
  ['new', 'new'], ['new', 'escalated_tto'], ['assigned', 'assigned'], ['assigned', 'escalated_ttr'], ['pending', 'pending'], ['resolved', 'resolved'], ['closed', 'closed'],
];
const impact: ValueTable = [['1', '1'], ['2', '2'], ['3', '3'], ['4', '3'], ['5', '3']];
const urgency: ValueTable = [['1', '1'], ['2', '2'], ['3', '3'], ['4', '4'], ['5', '4']];
/** Without impact and urgency of its own a message is classed by its priority, which is computed there. */
const impactOfPriority: ValueTable = [['1', '1'], ['2', '2'], ['3', '2'], ['4', '3'], ['5', '3']];
const urgencyOfPriority: ValueTable = [['1', '1'], ['2', '2'], ['3', '3'], ['4', '4'], ['5', '4']];

const PATH = '/rest.php?version=1.3';
/** Every call is one form with a document in it. */
const ask = (operation: string, members: object): { readonly method: string; readonly path: string; readonly form: 'form'; readonly body: object } =>
  ({ method: 'POST', path: PATH, form: 'form', body: { json_data: { operation, class: '{{variables.class}}', comment: 'Parley', ...members } } });
const either = (own: string, table: ValueTable, ofPriority: ValueTable): object => ({ $if: `attributes.${own}`, $then: outward(table, own), $else: outward(ofPriority, 'priority') });
const line = (message: unknown): object => ({ add_item: { message, format: 'text' } });

const FIELDS = {
  title: '{{attributes.title | truncate:255}}', description: '{{attributes.description | toHtml}}', impact: either('impact', impact, impactOfPriority), urgency: either('urgency', urgency, urgencyOfPriority),
};
const isToBe = (...wanted: string[]): string => `contains(\`${JSON.stringify(wanted)}\`, attributes.status)`;
const isNow = (...states: string[]): string => `contains(\`${JSON.stringify(states)}\`, steps.now.state)`;
const WORKED_ON = isToBe('assigned', 'inProgress', 'reopened');
const WAITING = isToBe('pending', 'onHold');
const DONE = isToBe('resolved', 'closed', 'cancelled');
const stimulus = (name: string, when: string, fields: object = {}): object => ({ id: name, when, ...ask('core/apply_stimulus', { key: '{{ticketId}}', stimulus: `ev_${name}`, output_fields: 'status', fields }) });

/** The way from one status to another: a ticket waits and is resolved by whom it was assigned to, and is closed after it was resolved. */
const WAY = [
  stimulus('assign', `(${WORKED_ON} && ${isNow('new', 'escalated_tto', 'pending')}) || (${WAITING} && ${isNow('new', 'escalated_tto')}) || (${DONE} && ${isNow('new', 'escalated_tto', 'pending')})`, {
    team_id: { name: { $if: 'attributes.assignmentGroup', $then: '{{attributes.assignmentGroup}}', $else: '{{variables.team}}' } }, agent_id: { email: '{{variables.agent}}' },
  }),
  stimulus('reopen', `(${WORKED_ON} || ${WAITING}) && ${isNow('resolved')}`),
  stimulus('pending', `${WAITING} && steps.now.state != 'pending'`, { pending_reason: '{{attributes.statusReason | default:"Waits in the other system"}}' }),
  stimulus('resolve', `${DONE} && !(${isNow('resolved', 'closed')})`, { solution: '{{attributes.resolution | default:"Resolved in the other system"}}', resolution_code: '{{attributes.resolutionCode | default:"other"}}' }),
  stimulus('close', `${isToBe('closed')} && steps.now.state != 'closed'`),
];
const STATE = { state: at('objects.* | [0].fields.status') };

/** The ticket itself: as it was polled, or as it was asked for after a webhook. */
const TICKET = '((found.objects.* | [0]) || event)';
const entries = (log: string, visibility: string): string => `(${TICKET}.fields.${log}.entries[].{visibility: '${visibility}', date: date, user: user_id, name: user_login, text: message} || \`[]\`)`;
const OUTPUT = 'ref,title,description,status,impact,urgency,priority,last_update,org_name,team_name,agent_name,caller_name,caller_id,service_name,solution,resolution_code,public_log,private_log';
const filled = (path: string): object => at(`${path} != '' && ${path} || null`);

export const itop: Preset = {
  id: 'itop', title: 'iTop', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Incidents or user requests by the REST/JSON services: created, updated, moved by stimuli, commented in both logs, files; polled, or told by a webhook.',
  blanks: [
    BASE_URL, blank('/settings/auth/username', 'Login of the integration user'), secretBlank('/settings/auth/password', 'Its password'), blank('/settings/integrationUser', 'Its id, a number'),
    blank('/settings/variables/class', 'Incident or UserRequest'), blank('/settings/variables/organization', 'Name of the organization of new tickets'), blank('/settings/variables/team', 'Name of the team that tickets are assigned to'),
    blank('/settings/variables/agent', 'E-mail address of the agent that tickets are assigned to'), blank('/entityTypes/0/poll/cursor/zone', 'Time zone of the server'), blank('/entityTypes/0/inbound/occurredAt/zone', 'The same time zone'),
  ],
  values: { status, impact, urgency },
  endpoint: {
    name: 'iTop', adapter: 'rest',
    settings: {
      baseUrl: 'https://itop.example.com/webservices', auth: { type: 'basic', username: 'parley', password: SECRET }, integrationUser: '7', variables: { class: 'Incident', organization: 'Demo', team: 'Helpdesk', agent: 'parley@example.com' },
      check: ask('core/get', { key: 'SELECT {{variables.class}}', output_fields: 'id', limit: '1' }),
      // Everything is answered 200: the code of the answer counts; what has none is not of iTop. A code 1 that speaks of a class is about rights, not about who we are.
      answers: { error: 'message', credentialsWhen: [{ body: "contains(`[1, 5, 6]`, code) && !contains(message, 'enough permissions')" }], rejectedWhen: [{ body: "type(code) == 'number' && code != `0`" }] },
    },
    entityTypes: [{
      name: 'Ticket',
      operations: {
        create: {
          steps: [
            {
              id: 'now', main: true, extract: { ...STATE, number: at('objects.* | [0].fields.ref') },
              ...ask('core/create', { output_fields: 'id,ref,status', fields: { ...FIELDS, org_id: { name: '{{variables.organization}}' }, caller_id: '{{attributes.requester.id}}', private_log: line('Opened by Parley ({{correlationKey}})') } }),
            },
            ...WAY,
          ],
        },
        update: {
          steps: [
            {
              id: 'now', when: 'attributes.status', extract: STATE, ...ask('core/get', { key: '{{ticketId}}', output_fields: 'status' }), failWhen: "!(steps.now.state) || (steps.now.state == 'closed' && attributes.status != 'closed')",
              failMessage: 'The ticket is closed or not there, and cannot become {{attributes.status}}.',
            },
            {
              id: 'fields', when: 'attributes.title || attributes.description || attributes.priority || attributes.impact || attributes.urgency || attributes.comment.text',
              ...ask('core/update', { key: '{{ticketId}}', output_fields: 'id', fields: { ...FIELDS, public_log: { $if: IS_PUBLIC, $then: line(COMMENT) }, private_log: { $if: IS_INTERNAL, $then: line(COMMENT) } } }),
            },
            ...WAY,
          ],
        },
        attach: ask('core/create', {
          class: 'Attachment', output_fields: 'id', fields: { item_class: '{{variables.class}}', item_id: '{{ticketId}}', contents: { data: '{{file.contentBase64}}', filename: '{{file.name}}', mimetype: '{{file.contentType}}' } },
        }),
      },
      response: { ticketId: at('objects.*.key | [0]') },
      // There is no field for another system's id: the key stands in the private log.
      lookup: {
        ...ask('core/get', { key: "SELECT {{variables.class}} WHERE private_log LIKE '%{{correlationKey}}%'", output_fields: 'id', limit: '2' }),
        ticketId: at('length(objects.*) == `1` && objects.*.key | [0]'), absentWhen: [{ status: [200], body: 'code == `0` && !(objects)' }],
      },
      inbound: {
        complete: [{ id: 'found', when: '!(event.fields)', ...ask('core/get', { key: { $query: "to_string(event.id || event.key || '0')" }, output_fields: OUTPUT }) }],
        each: at(`[[${TICKET}], ${entries('public_log', 'public')}, ${entries('private_log', 'internal')}][]`), recent: { time: { path: 'date', zone: 'UTC' }, reference: { jmespath: `${TICKET}.fields.last_update`, zone: 'UTC' } },
        ticketId: { jmespath: `to_string(${TICKET}.key)`, root: true }, sender: 'user', senderName: 'name', occurredAt: { jmespath: 'date || fields.last_update', zone: 'UTC' },
        eventId: ['visibility', { jmespath: `to_string(${TICKET}.key)`, root: true }, 'date', 'user'],
        attributes: {
          'ticket.id': { jmespath: `to_string(${TICKET}.key)`, root: true }, 'ticket.number': { jmespath: `${TICKET}.fields.ref`, root: true }, 'ticket.type': 'class', title: 'fields.title', description: { path: 'fields.description', html: true },
          status: inward(status, 'fields.status'), priority: filled('fields.priority'), impact: filled('fields.impact'), urgency: filled('fields.urgency'), assignmentGroup: filled('fields.team_name'), assignee: filled('fields.agent_name'),
          'requester.name': filled('fields.caller_name'), 'requester.id': filled('fields.caller_id'), category: filled('fields.service_name'), resolution: filled('fields.solution'), resolutionCode: filled('fields.resolution_code'),
          'comment.text': 'text', 'comment.author': 'name', 'comment.visibility': 'visibility',
        },
      },
      poll: {
        ...ask('core/get', { key: "SELECT {{variables.class}} WHERE last_update >= '{{cursor}}'", output_fields: OUTPUT, limit: '100', page: '{{page | default:"1"}}' }),
        // One second may bring two changes: the whole tells them apart. Nothing found is no list but null, beside a code that says that it was looked.
        list: at('objects && values(objects) || (code == `0` && `[]`)'),
        cursor: { type: 'timestamp', field: 'fields.last_update', format: 'yyyy-MM-dd HH:mm:ss', zone: 'UTC', overlapSeconds: 60 }, paging: { type: 'page', parameter: 'page', limitParameter: 'limit', size: 100 },
      },
    }],
  },
};
