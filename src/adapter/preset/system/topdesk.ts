import { at, BASE_URL, blank, HTML_COMMENT, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** Processing statuses are a list of each customer; these are the usual ones. */
const status: ValueTable = [
  ['new', 'Registered'], ['inProgress', 'In progress'], ['assigned', 'In progress'], ['reopened', 'In progress'], ['pending', 'Waiting for user'], ['onHold', 'Waiting for supplier'],
  ['resolved', 'Completed'], ['closed', 'Closed'], ['cancelled', 'Closed'],
];
const priority: ValueTable = [['1', 'P1'], ['2', 'P2'], ['3', 'P3'], ['4', 'P4'], ['5', 'P5']];

const INCIDENTS = '/tas/api/incidents';
const INCIDENT = `${INCIDENTS}/id/{{ticketId}}`;
const isOneOf = (...names: string[]): string => names.map((name) => `attributes.status == '${name}'`).join(' || ');
const flag = (condition: string): object => ({ $if: 'attributes.status', $then: { $query: condition } });
const WAITS_FOR_USER = "attributes.status == 'onHold' && attributes.statusReason == 'waitingCustomer'";
const FIELDS = {
  briefDescription: '{{attributes.title | truncate:80}}', processingStatus: { $if: 'attributes.status', $then: { name: { $if: WAITS_FOR_USER, $then: 'Waiting for user', $else: outward(status, 'status') } } },
  completed: flag(isOneOf('resolved', 'closed', 'cancelled')), closed: flag(isOneOf('closed', 'cancelled')), onHold: flag(isOneOf('pending', 'onHold')),
  priority: { $if: 'attributes.priority', $then: { name: outward(priority, 'priority') } }, category: { $if: 'attributes.category', $then: { name: '{{attributes.category}}' } },
  operatorGroup: { $if: 'attributes.assignmentGroup', $then: { id: '{{attributes.assignmentGroup}}' } },
  action: { $if: 'attributes.comment.text', $then: HTML_COMMENT }, actionInvisibleForCaller: { $if: 'attributes.comment.text', $then: { $query: `!(${IS_PUBLIC})` } },
};
const HAS_FIELDS = ['title', 'status', 'priority', 'category', 'assignmentGroup', 'comment.text'].map((name) => `attributes.${name}`).join(' || ');

const root = (jmespath: string): object => ({ jmespath, root: true });
const REQUESTS = 'sort_by(reverse(requests || `[]`), &entryDate)';
/** What belongs to a ticket: itself, later requests of the caller, actions, files. The first request is its description. */
const MESSAGES = "[[{ isState: `true`, by: incident.modifier.id, name: incident.modifier.name, at: incident.modificationDate }],"
  + ` (length(requests || \`[]\`) == \`100\` && ${REQUESTS} || ${REQUESTS}[1:])[].{ id: id, text: memoText, isHidden: \`false\`, by: person.id || operator.id, name: person.name || operator.name, at: entryDate },`
  + ' sort_by(reverse(actions || `[]`), &entryDate)[].{ id: id, text: memoText, isHidden: invisibleForCaller, by: operator.id || person.id, name: operator.name || person.name, at: entryDate },'
  + ' (files || `[]`)[].{ id: id, file: @, isHidden: invisibleForCaller, by: operator.id || person.id, name: operator.name || person.name, at: entryDate }][]';

export const topdesk: Preset = {
  id: 'topdesk', title: 'TOPdesk', version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Incidents: created, updated, actions visible to the caller or not, files, escalated; polled, or an action says which one has changed.',
  blanks: [
    BASE_URL, blank('/settings/auth/username', 'Login name of the operator'), secretBlank('/settings/auth/password', 'Application password of the operator'), blank('/settings/integrationUser', 'Id of the operator, so that what it writes is recognised'),
    blank('/settings/variables/line', 'Line in which incidents are opened: firstLine or secondLine'), blank('/settings/variables/caller', 'E-mail address of the caller of incidents that name none'),
  ],
  values: { status, priority },
  endpoint: {
    name: 'TOPdesk', adapter: 'rest',
    settings: {
      baseUrl: 'https://example.topdesk.net', auth: { type: 'basic', username: 'parley', password: SECRET }, integrationUser: '00000000-0000-0000-0000-000000000000', echoByValue: false, maxAnswerBytes: 8_388_608,
      variables: { line: 'firstLine', caller: 'parley@example.com' }, check: { path: `${INCIDENTS}?pageSize=1&fields=id` }, answers: { error: at("join('; ', [].message)") },
    },
    entityTypes: [{
      name: 'Incident',
      operations: {
        create: {
          method: 'POST', path: INCIDENTS,
          body: {
            ...FIELDS, request: { $if: 'attributes.description', $then: '{{attributes.description | toHtml}}', $else: '{{attributes.title | toHtml}}' }, externalNumber: '{{correlationKey | truncate:60}}',
            status: '{{variables.line}}', callerLookup: { email: { $query: 'attributes.requester.email || variables.caller' } },
          },
          extract: { number: 'number' },
        },
        update: {
          steps: [
            { id: 'now', when: 'attributes.supportLine', method: 'GET', path: INCIDENT, extract: { line: 'status' } },
            // An action is added each time.
            { id: 'fields', when: HAS_FIELDS, method: 'PATCH', idempotent: false, path: INCIDENT, body: FIELDS },
            // The line is no field: it is reached by an act, and only from the other one.
            { id: 'escalate', when: "attributes.supportLine == 'secondLine' && steps.now.line == 'firstLine'", method: 'PUT', path: `${INCIDENT}/escalate`, body: {} },
            { id: 'deescalate', when: "attributes.supportLine == 'firstLine' && steps.now.line == 'secondLine'", method: 'PUT', path: `${INCIDENT}/deescalate`, body: {} },
          ],
        },
        attach: { method: 'POST', path: `${INCIDENT}/attachments`, form: 'multipart', field: 'file', body: { invisibleForCaller: { $query: `operation != 'CREATE' && !(${IS_PUBLIC})` } } },
      },
      response: { ticketId: 'id' },
      // The external number is not unique there. A list of nothing has no content.
      lookup: { method: 'GET', path: `${INCIDENTS}?query=externalNumber=={{correlationKey}}&pageSize=2&fields=id`, ticketId: at('length(@) == `1` && [0].id'), absentWhen: [{ status: [204] }, { status: [200], body: 'length(@) == `0`' }] },
      inbound: {
        complete: [
          { id: 'incident', method: 'GET', path: `${INCIDENTS}/number/{{event.number}}`, extract: { id: 'id' } },
          { id: 'requests', method: 'GET', path: `${INCIDENTS}/id/{{steps.incident.id}}/requests?start=0&page_size=100` },
          { id: 'actions', method: 'GET', path: `${INCIDENTS}/id/{{steps.incident.id}}/actions?start=0&page_size=100` },
          { id: 'files', method: 'GET', path: `${INCIDENTS}/id/{{steps.incident.id}}/attachments?start=0&page_size=100` },
        ],
        each: at(MESSAGES), recent: { time: at('!isState && at || null'), reference: 'incident.modificationDate' },
        ticketId: root('incident.id'), sender: 'by', senderName: 'name', occurredAt: 'at', eventId: at("!isState && join(':', [(file && 'file') || 'entry', id]) || null"),
        attributes: {
          'ticket.id': root('incident.id'), 'ticket.number': root('incident.number'), 'ticket.externalId': root("incident.externalNumber != '' && incident.externalNumber || null"), 'ticket.type': root('incident.callType.name'),
          title: root('incident.briefDescription'), description: { jmespath: `length(requests || \`[]\`) < \`100\` && ${REQUESTS}[0].memoText || null`, root: true, html: true },
          status: root(`(incident.closed && 'closed') || (incident.completed && 'resolved') || ${inward(status, 'incident.processingStatus.name').jmespath}`),
          statusReason: root("(incident.processingStatus.name == 'Waiting for user' && 'waitingCustomer') || (incident.processingStatus.name == 'Waiting for supplier' && 'waitingSupplier') || null"),
          priority: { ...inward(priority, 'incident.priority.name'), root: true }, category: root('incident.category.name'), assignmentGroup: root('incident.operatorGroup.id'), assignee: root('incident.operator.name'), supportLine: root('incident.status'),
          'requester.id': root('incident.caller.id'), 'requester.name': root('incident.caller.dynamicName'), 'requester.email': root('incident.caller.email'),
          'comment.id': at('text && id || null'), 'comment.text': { jmespath: 'text', html: true }, 'comment.author': at('text && name || null'), 'comment.visibility': at("!isState && ((isHidden == `false` && 'public') || 'internal') || null"),
        },
        attachments: { list: at('file && [file] || null'), name: 'fileName', id: 'id', url: 'downloadUrl' },
      },
    }],
  },
  polling: {
    Incident: {
      // The older parameters know whole days only, in the operator's zone.
      path: INCIDENTS, everySeconds: 60, query: { query: "modificationDate=gt={{cursor | date:\"yyyy-MM-dd'T'HH:mm:ss'Z'\"}}", sort: 'modificationDate:asc', fields: 'id,number,modificationDate' },
      cursor: { type: 'timestamp', field: 'modificationDate', overlapSeconds: 120 }, paging: { type: 'offset', parameter: 'pageStart', limitParameter: 'pageSize', size: 100 }, version: ['id', 'modificationDate'],
    },
  },
};
