import { at, BASE_URL, blank, COMMENT, IS_INTERNAL, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

const status: ValueTable = [
  ['new', '1'], ['inProgress', '2'], ['assigned', '2'], ['reopened', '2'], ['onHold', '3'], ['pending', '3'], ['resolved', '6'], ['closed', '7'], ['cancelled', '8'],
];
const statusReason: ValueTable = [['waitingCustomer', '1'], ['waitingProblem', '3'], ['waitingSupplier', '4'], ['waitingChange', '5']];
/** 1 is the highest on both sides; the priority itself is computed there. */
const level: ValueTable = [['1', '1'], ['2', '2'], ['3', '3'], ['4', '3'], ['5', '3']];
/** Without impact and urgency of its own a message is classed by its priority: the diagonal of the usual matrix. */
const impactOfPriority: ValueTable = [['1', '1'], ['2', '1'], ['3', '2'], ['4', '2'], ['5', '3']];
const urgencyOfPriority: ValueTable = [['1', '1'], ['2', '2'], ['3', '2'], ['4', '3'], ['5', '3']];

const TABLE = '/api/now/table/incident';
/** A field that is empty there is none. */
const filled = (field: string): object => at(`${field} != '' && ${field} || null`);
const either = (own: string, table: ValueTable): object => ({ $if: `attributes.${own}`, $then: outward(level, own), $else: outward(table, 'priority') });

const FIELDS = {
  short_description: '{{attributes.title | truncate:160}}', description: '{{attributes.description}}',
  impact: either('impact', impactOfPriority), urgency: either('urgency', urgencyOfPriority),
  state: outward(status, 'status'), hold_reason: outward(statusReason, 'statusReason'),
  close_code: { $if: "attributes.status == 'resolved' || attributes.status == 'closed'", $then: '{{attributes.resolutionCode | default:"Solved (Permanently)"}}' },
  close_notes: { $if: "attributes.status == 'resolved' || attributes.status == 'closed'", $then: '{{attributes.resolution | default:"Resolved in the other system"}}' },
  assignment_group: '{{attributes.assignmentGroup}}', caller_id: '{{attributes.requester.id}}', category: '{{attributes.category}}',
  comments: { $if: IS_PUBLIC, $then: COMMENT }, work_notes: { $if: IS_INTERNAL, $then: COMMENT },
};

export const serviceNow: Preset = {
  id: 'servicenow', title: 'ServiceNow', version: 2, lastChecked: '2026-11-20', testedAgainst: 'documentation',
  description: 'Incidents by the Table API: created, updated, commented, resolved, files; a business rule brings what changes there, or they are polled.',
  blanks: [
    BASE_URL, blank('/settings/auth/username', 'User name of the integration user'), secretBlank('/settings/auth/password', 'Its password'),
    blank('/settings/integrationUser', 'Its user name once more, so that what it writes is recognised'),
    secretBlank('/settings/verification/secret', 'A long random text, also put into the business rule'),
  ],
  values: { status, statusReason, impact: level, urgency: level },
  endpoint: {
    name: 'ServiceNow', adapter: 'rest',
    settings: {
      baseUrl: 'https://example.service-now.com', auth: { type: 'basic', username: 'parley', password: SECRET }, integrationUser: 'parley', echoByValue: false,
      verification: { type: 'sharedToken', header: 'x-parley-token', secret: SECRET },
      variables: { system: 'Parley' }, check: { path: `${TABLE}?sysparm_limit=1&sysparm_fields=sys_id` },
      // A data policy or business rule that refuses says 403 as well; that speaks of this ticket, not of who we are.
      answers: { error: at("join(': ', [error.message, error.detail][?@])"), rejectedWhen: [{ status: [403], body: "contains(to_string(error), 'Operation Failed') || contains(to_string(error), 'Data Policy')" }] },
    },
    entityTypes: [{
      name: 'Incident',
      operations: {
        create: {
          method: 'POST', path: `${TABLE}?sysparm_fields=sys_id,number&sysparm_exclude_reference_link=true`,
          body: { ...FIELDS, correlation_id: '{{correlationKey}}', correlation_display: '{{variables.system}}' },
          extract: { number: 'result.number' },
        },
        // Journal fields add a line each time, so the same once more does harm.
        update: {
          method: 'PATCH', path: `${TABLE}/{{ticketId}}?sysparm_fields=sys_id,number,state&sysparm_exclude_reference_link=true`, idempotent: false,
          // The other system's number, where rules write it back.
          body: { ...FIELDS, correlation_id: '{{attributes.ticket.externalId}}' },
        },
        attach: { method: 'POST', path: '/api/now/attachment/file?table_name=incident&table_sys_id={{ticketId}}&file_name={{file.name}}', form: 'binary' },
      },
      response: { ticketId: 'result.sys_id' },
      // The correlation id is not unique there: of two nobody knows which is meant.
      lookup: {
        method: 'GET', path: `${TABLE}?sysparm_query=correlation_display={{variables.system}}^correlation_id={{correlationKey}}&sysparm_limit=2&sysparm_fields=sys_id`,
        ticketId: at('length(result) == `1` && result[0].sys_id'), absentWhen: [{ status: [200], body: 'length(result) == `0`' }],
      },
      inbound: {
        ticketId: 'sys_id', sender: 'sys_updated_by',
        // Raw times are UTC and do not say so.
        occurredAt: at("sys_updated_on && join('', [sys_updated_on, 'Z'])"),
        eventId: at("sys_mod_count && join(':', [sys_id, to_string(sys_mod_count), comments && 'comments' || work_notes && 'work_notes' || 'fields'])"),
        attributes: {
          'ticket.id': 'sys_id', 'ticket.number': 'number', 'ticket.externalId': filled('correlation_id'), title: 'short_description', description: 'description',
          status: inward(status, 'state'), statusReason: inward(statusReason, "(hold_reason != '' && hold_reason || null)"), priority: 'priority', impact: 'impact', urgency: 'urgency',
          assignmentGroup: filled('assignment_group'), category: 'category', 'requester.id': filled('caller_id'), resolution: filled('close_notes'), resolutionCode: filled('close_code'),
          'comment.text': at("(comments != '' && comments) || (work_notes != '' && work_notes) || null"),
          'comment.author': at("((comments && comments != '') || (work_notes && work_notes != '')) && sys_updated_by || null"),
          'comment.visibility': at("(comments && comments != '' && 'public') || (work_notes && work_notes != '' && 'internal') || null"),
        },
      },
    }],
  },
  polling: {
    Incident: {
      path: TABLE,
      query: { sysparm_query: 'sys_updated_on>={{cursor}}^ORDERBYsys_updated_on^ORDERBYsys_id', sysparm_exclude_reference_link: 'true', sysparm_fields: 'sys_id,number,sys_mod_count,sys_updated_on,sys_updated_by,short_description,description,state,hold_reason,priority,impact,urgency,assignment_group,category,caller_id,correlation_id,close_code,close_notes' },
      list: 'result', cursor: { type: 'timestamp', field: 'sys_updated_on', format: 'yyyy-MM-dd HH:mm:ss', overlapSeconds: 60 },
      // Rows that the user may not see are taken out after the limit: a short page is not the last.
      paging: { type: 'offset', parameter: 'sysparm_offset', limitParameter: 'sysparm_limit', size: 100, shortIsLast: false },
      version: ['sys_id', 'sys_mod_count'],
    },
  },
};
