import { at, BASE_URL, blank, HTML_COMMENT, IS_PUBLIC, SECRET, secretBlank, surelyBy } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** Those that every account has; further ones are numbered from 6 and pass as they are. */
const status: ValueTable = [['inProgress', 2], ['new', 2], ['assigned', 2], ['reopened', 2], ['pending', 3], ['onHold', 3], ['resolved', 4], ['closed', 5], ['cancelled', 5]];
/** The highest numbers are the highest there. */
const priority: ValueTable = [['1', 4], ['2', 3], ['3', 2], ['4', 1], ['5', 1]];
const level: ValueTable = [['1', 3], ['2', 2], ['3', 1], ['4', 1], ['5', 1]];

/** Also a number that stands in no table has to go as one. */
const STATUS = { $query: `to_number(${outward(status, 'status').$query}) || ${outward(status, 'status').$query}` };
const FIELDS = {
  subject: '{{attributes.title}}', description: '{{attributes.description | toHtml}}', status: STATUS, priority: outward(priority, 'priority'), impact: outward(level, 'impact'), urgency: outward(level, 'urgency'),
  group_id: '{{attributes.assignmentGroup | number}}',
};
const HAS_FIELDS = ['title', 'description', 'status', 'priority', 'impact', 'urgency', 'assignmentGroup'].map((name) => `attributes.${name}`).join(' || ');
/** Files go with a note; without a comment it names them, and the requester does not see it. */
const NOTE = { body: { $if: 'attributes.comment.text', $then: HTML_COMMENT, $else: { $query: "join(', ', files[].name)" } }, private: { $query: `!(${IS_PUBLIC})` } };
const NOTES = '/api/v2/tickets/{{ticketId}}/notes';
const NOTE_STEPS = [
  { id: 'note', when: 'attributes.comment.text && !files', method: 'POST', path: NOTES, body: NOTE },
  { id: 'files', when: 'files', method: 'POST', path: NOTES, form: 'multipart', field: 'attachments[]', body: NOTE },
];

const root = (jmespath: string): object => ({ jmespath, root: true });
/** A webhook names only its ticket; one that is polled comes whole but for its files. */
const TICKET = '(ticket.ticket || event)';
const PAGES = [1, 2, 3];
const ALL_NOTES = PAGES.map((page) => `page${page}.conversations || \`[]\``).join(', ');
const STATE = `{ isState: \`true\`, user_id: ${surelyBy('reverse(sort_by(activities.activities, &created_at))', 'actor.id', 3)}, attachments: ${TICKET}.created_at == ${TICKET}.updated_at && ticket.ticket.attachments || null }`;

export const freshservice: Preset = {
  id: 'freshservice', title: 'Freshservice', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Tickets: created, updated, noted publicly or privately, files; a workflow says which ticket has changed, or tickets are polled.',
  blanks: [
    BASE_URL, secretBlank('/settings/auth/key', 'API key of the integration agent'), blank('/settings/integrationUser', 'Id of that agent, so that what it writes is recognised'),
    blank('/settings/variables/requester', 'E-mail address of the requester of tickets that name none'),
  ],
  values: { status, priority, impact: level, urgency: level },
  endpoint: {
    name: 'Freshservice', adapter: 'rest',
    settings: {
      baseUrl: 'https://example.freshservice.com', auth: { type: 'basicKey', key: SECRET }, integrationUser: '1', echoByValue: false, variables: { requester: 'parley@example.com', workspace: '' }, maxAnswerBytes: 8_388_608,
      check: { path: '/api/v2/tickets?per_page=1' }, answers: { error: at("(errors && join('; ', errors[].join(': ', [field || '', message]))) || message || description") },
    },
    entityTypes: [{
      name: 'Ticket',
      operations: {
        create: {
          steps: [
            {
              id: 'ticket', main: true, method: 'POST', path: '/api/v2/tickets',
              body: {
                ...FIELDS, description: { $if: 'attributes.description', $then: '{{attributes.description | toHtml}}', $else: '{{attributes.title | toHtml}}' },
                // Both must be given there.
                status: { $if: 'attributes.status', $then: STATUS, $else: 2 }, priority: { $if: 'attributes.priority', $then: FIELDS.priority, $else: 1 },
                email: { $query: 'attributes.requester.email || variables.requester' }, name: '{{attributes.requester.name}}', workspace_id: '{{variables.workspace | omitEmpty | number}}',
                tags: { $query: "[['parley'], attributes.tags || `[]`][]" }, custom_fields: { parley_ref: '{{correlationKey}}' },
              },
            },
            ...NOTE_STEPS,
          ],
        },
        update: { steps: [{ id: 'fields', when: HAS_FIELDS, method: 'PUT', path: '/api/v2/tickets/{{ticketId}}', body: FIELDS }, ...NOTE_STEPS] },
      },
      response: { ticketId: 'ticket.id' },
      // The search there lags behind: it may find the ticket, but that it finds none says nothing.
      lookup: { method: 'GET', path: "/api/v2/tickets/filter?query=%22parley_ref:'{{correlationKey}}'%22", ticketId: at('length(tickets) == `1` && tickets[0].id') },
      inbound: {
        complete: [
          { id: 'ticket', when: '!(event.updated_at) || event.created_at == event.updated_at', method: 'GET', path: '/api/v2/tickets/{{ticketId}}?include=requester' },
          { id: 'activities', method: 'GET', path: '/api/v2/tickets/{{ticketId}}/activities' },
          ...PAGES.map((page) => ({ id: `page${page}`, ...(page === 1 ? {} : { when: `length(answers.page${page - 1}.conversations || \`[]\`) == \`100\`` }), method: 'GET', path: `/api/v2/tickets/{{ticketId}}/conversations?per_page=100&page=${page}` })),
        ],
        each: at(`[[${STATE}], ${ALL_NOTES}][]`), recent: { time: 'created_at', reference: { jmespath: `${TICKET}.updated_at` } },
        // A workflow may write the number with its prefix.
        ticketId: { jmespath: '(event || @).ticket_id || (event || @).id', root: true, pattern: '(\\d+)$' },
        sender: 'user_id', occurredAt: { jmespath: 'created_at', else: root(`${TICKET}.updated_at`) }, eventId: at("!isState && join(':', ['conversation', to_string(id)]) || null"),
        attributes: {
          'ticket.id': root(`${TICKET}.id`), 'ticket.number': root(`join('-', [(${TICKET}.type == 'Service Request' && 'SR') || 'INC', to_string(${TICKET}.id)])`), 'ticket.type': root(`${TICKET}.type`), 'ticket.externalId': root(`${TICKET}.custom_fields.parley_ref`),
          title: root(`${TICKET}.subject`), description: root(`${TICKET}.description_text`), status: { ...inward(status, `${TICKET}.status`), root: true }, priority: { ...inward(priority, `${TICKET}.priority`), root: true },
          impact: { ...inward(level, `${TICKET}.impact`), root: true }, urgency: { ...inward(level, `${TICKET}.urgency`), root: true }, assignmentGroup: root(`${TICKET}.group_id`), assignee: root(`${TICKET}.responder_id`),
          category: root(`${TICKET}.category`), tags: root(`${TICKET}.tags`), 'requester.id': root(`${TICKET}.requester_id`), 'requester.email': root(`${TICKET}.requester.email`), 'requester.name': root(`${TICKET}.requester.name`),
          'comment.id': 'id', 'comment.text': 'body_text', 'comment.author': at('!isState && (from_email || user_id && to_string(user_id)) || null'), 'comment.visibility': at("!isState && ((private == `false` && 'public') || 'internal') || null"),
        },
        attachments: { list: 'attachments', name: 'name', contentType: 'content_type', url: 'attachment_url' },
      },
    }],
  },
  polling: {
    Ticket: {
      path: '/api/v2/tickets', everySeconds: 60, list: 'tickets', query: { updated_since: '{{cursor}}', order_by: 'updated_at', order_type: 'asc', include: 'requester', workspace_id: '{{variables.workspace}}' },
      cursor: { type: 'timestamp', field: 'updated_at', format: "yyyy-MM-dd'T'HH:mm:ss'Z'", overlapSeconds: 120 }, paging: { type: 'page', parameter: 'page', limitParameter: 'per_page', size: 100 }, version: ['id', 'updated_at'],
    },
  },
};
