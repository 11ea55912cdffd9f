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
export const IMPACT_OF_PRIORITY: ValueTable = [['1', '1'], ['2', '1'], ['3', '2'], ['4', '2'], ['5', '3']];
export const URGENCY_OF_PRIORITY: ValueTable = [['1', '1'], ['2', '2'], ['3', '2'], ['4', '3'], ['5', '3']];

/** Those of a new instance. */
export const VALUES = { status, statusReason, impact: level, urgency: level };

export const TABLE = '/api/now/table/incident';
export const IS_ENDED = "attributes.status == 'resolved' || attributes.status == 'closed'";
export const CLOSE_CODE = '{{attributes.resolutionCode | default:"Solved (Permanently)"}}';
export const CLOSE_NOTES = '{{attributes.resolution | default:"Resolved in the other system"}}';
/** Times are UTC there, and do not say so. */
export const DUE_DATE = "{{attributes.dueAt | date:'yyyy-MM-dd HH:mm:ss':'utc'}}";

const either = (own: string, table: ValueTable): object => ({ $if: `attributes.${own}`, $then: outward(level, own), $else: outward(table, 'priority') });

/** What is written, by the columns of the table. */
export const FIELDS = {
  short_description: '{{attributes.title | truncate:160}}', description: '{{attributes.description}}',
  impact: either('impact', IMPACT_OF_PRIORITY), urgency: either('urgency', URGENCY_OF_PRIORITY),
  state: outward(status, 'status'), hold_reason: outward(statusReason, 'statusReason'), close_code: { $if: IS_ENDED, $then: CLOSE_CODE }, close_notes: { $if: IS_ENDED, $then: CLOSE_NOTES },
  assignment_group: '{{attributes.assignmentGroup}}', caller_id: '{{attributes.requester.id}}', category: '{{attributes.category}}', subcategory: '{{attributes.subcategory}}', due_date: DUE_DATE,
  comments: { $if: IS_PUBLIC, $then: COMMENT }, work_notes: { $if: IS_INTERNAL, $then: COMMENT },
};
/** By which a create is found again. */
export const KEYS = { correlation_id: '{{correlationKey}}', correlation_display: '{{variables.system}}' };
/** The other system's number, where rules write it back. */
export const NUMBER_BACK = { correlation_id: '{{attributes.ticket.externalId}}' };

export const ATTACH = { method: 'POST', path: '/api/now/attachment/file?table_name=incident&table_sys_id={{ticketId}}&file_name={{file.name}}', form: 'binary' };

/** The correlation id is not unique there: of two nobody knows which is meant. */
export const LOOKUP = {
  method: 'GET', path: `${TABLE}?sysparm_query=correlation_display={{variables.system}}^correlation_id={{correlationKey}}&sysparm_limit=2&sysparm_fields=sys_id`,
  ticketId: at('length(result) == `1` && result[0].sys_id'), absentWhen: [{ status: [200], body: 'length(result) == `0`' }],
};

// A data policy or business rule that refuses says 403 as well; that speaks of this ticket, not of who we are.
export const ERROR = "join(': ', [error.message, error.detail][?@])";
export const POLICY = { status: [403], body: "contains(to_string(error), 'Operation Failed') || contains(to_string(error), 'Data Policy')" };

const ofRow = (expression: string): object => ({ jmespath: expression, root: true });
/** A column that is empty there is none. */
const filled = (column: string): object => ofRow(`event.${column} != '' && event.${column} || null`);
/** A time that names no zone. */
const time = (column: string): object => ({ jmespath: `event.${column} != '' && event.${column} || null`, root: true, zone: 'UTC' });

const IS_POLLED = "!(contains(keys(event), 'comments'))";
/** Of a polled row nobody knows how much of it has happened since it was read last: what we wrote may hide what somebody wrote just before. */
const CHANGED_BY = '(!(before.result[0].user) || before.result[0].user == event.sys_updated_by) && event.sys_updated_by || null';
/** The row, with the comment or the file that a business rule sends with it; of a polled row its journal and its files, each a message of its own. */
const MESSAGES = '[[{ isState: `true`, comments: event.comments, work_notes: event.work_notes, file: event.attachment, by: ' + CHANGED_BY + ', at: event.sys_updated_on }],'
  + " sort_by(journal.result || `[]`, &sys_created_on)[].{ id: sys_id, comments: element == 'comments' && value || null, work_notes: element != 'comments' && value || null, by: sys_created_by, at: sys_created_on },"
  + ' sort_by(files.result || `[]`, &sys_created_on)[].{ id: sys_id, file: @, by: sys_created_by, at: sys_created_on }][]';
/** Journals and files stand in tables of their own; the newest come first, so that none is beyond the limit. */
const ofTable = (table: string, query: string, fields: string): string => `/api/now/${table}?sysparm_query=${query}^ORDERBYDESCsys_created_on&sysparm_limit=100&sysparm_fields=${fields}`;

export const INBOUND = {
  complete: [
    { id: 'journal', when: IS_POLLED, method: 'GET', path: ofTable('table/sys_journal_field', 'element_id={{event.sys_id}}^elementINcomments,work_notes', 'sys_id,element,value,sys_created_on,sys_created_by') },
    { id: 'files', when: IS_POLLED, method: 'GET', path: ofTable('attachment', 'table_name=incident^table_sys_id={{event.sys_id}}', 'sys_id,file_name,content_type,sys_created_on,sys_created_by') },
    {
      // Not everybody may read the audit.
      id: 'before', when: IS_POLLED, method: 'GET', answer: { successWhen: [{ status: [200, 400, 403, 404] }] },
      path: '/api/now/table/sys_audit?sysparm_query=tablename=incident^documentkey={{event.sys_id}}^record_checkpoint%3C{{event.sys_mod_count}}^ORDERBYDESCrecord_checkpoint&sysparm_limit=1&sysparm_fields=user,record_checkpoint',
    },
  ],
  each: at(MESSAGES), recent: { time: { jmespath: '!isState && at || null', zone: 'UTC' }, reference: { path: 'event.sys_updated_on', zone: 'UTC' } },
  ticketId: ofRow('event.sys_id'), sender: 'by', occurredAt: { path: 'at', zone: 'UTC' },
  eventId: {
    jmespath: "id && join(':', [file && 'file' || 'journal', id]) || file && join(':', ['file', file.sys_id]) || null",
    else: ofRow("event.sys_mod_count && join(':', [event.sys_id, to_string(event.sys_mod_count), event.comments && 'comments' || event.work_notes && 'work_notes' || 'fields'])"),
  },
  attributes: {
    'ticket.id': ofRow('event.sys_id'), 'ticket.number': ofRow('event.number'), 'ticket.externalId': filled('correlation_id'), 'ticket.externalSystem': filled('correlation_display'), title: ofRow('event.short_description'), description: ofRow('event.description'),
    status: { ...inward(status, 'event.state'), root: true }, statusReason: { ...inward(statusReason, "(event.hold_reason != '' && event.hold_reason || null)"), root: true }, priority: ofRow('event.priority'), impact: ofRow('event.impact'), urgency: ofRow('event.urgency'),
    assignmentGroup: filled('assignment_group'), category: filled('category'), subcategory: filled('subcategory'), 'requester.id': filled('caller_id'), resolution: filled('close_notes'), resolutionCode: filled('close_code'),
    createdAt: time('sys_created_on'), dueAt: time('due_date'),
    'comment.id': at('(comments || work_notes) && id || null'), 'comment.text': at('comments || work_notes || null'), 'comment.author': { jmespath: '(comments || work_notes) && by || null' },
    'comment.visibility': at("(comments && 'public') || (work_notes && 'internal') || null"),
  },
  attachments: { list: at('file && [file] || null'), name: 'file_name', contentType: 'content_type', url: at("join('', ['api/now/attachment/', sys_id, '/file'])") },
};

const COLUMNS = 'sys_id,number,sys_mod_count,sys_created_on,sys_updated_on,sys_updated_by,short_description,description,state,hold_reason,priority,impact,urgency,assignment_group,category,subcategory,caller_id,due_date,correlation_id,correlation_display,close_code,close_notes';

export const POLLING = {
  path: TABLE, query: { sysparm_query: 'sys_updated_on>={{cursor}}^ORDERBYsys_updated_on^ORDERBYsys_id', sysparm_exclude_reference_link: 'true', sysparm_fields: COLUMNS },
  list: 'result', cursor: { type: 'timestamp', field: 'sys_updated_on', format: 'yyyy-MM-dd HH:mm:ss', overlapSeconds: 60 },
  // Rows that the user may not see are taken out after the limit: a short page is not the last.
  paging: { type: 'offset', parameter: 'sysparm_offset', limitParameter: 'sysparm_limit', size: 100, shortIsLast: false }, version: ['sys_id', 'sys_mod_count'],
};

export const USER_BLANKS = [
  blank('/settings/auth/username', 'User name of the integration user'), secretBlank('/settings/auth/password', 'Its password'), blank('/settings/integrationUser', 'Its user name once more, so that what it writes is recognised'),
];
const BLANKS = [BASE_URL, ...USER_BLANKS, secretBlank('/settings/verification/secret', 'A long random text, also put into the business rule')];

/** Values of lists are changed everywhere: each is shown as it is there, before the tables are believed. */
const CHOICES = {
  attributes: {
    path: '/api/now/table/sys_choice?sysparm_query=nameINtask,incident^inactive=false^language=en^elementINstate,hold_reason,impact,urgency,priority,close_code,category,subcategory,contact_type^ORDERBYelement^ORDERBYvalue&sysparm_fields=name,element,value,label&sysparm_limit=1000',
    list: 'result', name: at("join(' = ', [element, value])"), label: 'label', type: { value: 'choice' },
  },
};

type Style = Pick<Preset, 'id' | 'title' | 'description'> & { readonly answers: object; readonly operations: object; readonly ticketId: string; readonly blanks?: Preset['blanks']; readonly variables?: Readonly<Record<string, string>> };

/** An endpoint over the REST APIs of an instance; the styles differ in how a ticket is written, and share how it is read. */
export const styleOf = ({ id, title, description, answers, operations, ticketId, blanks = [], variables = {} }: Style): Preset => ({
  id, title, description, version: 3, lastChecked: '2026-11-21', testedAgainst: 'documentation', blanks: [...BLANKS, ...blanks], values: VALUES,
  endpoint: {
    name: 'ServiceNow', adapter: 'rest',
    settings: {
      baseUrl: 'https://example.service-now.com', auth: { type: 'basic', username: 'parley', password: SECRET }, integrationUser: 'parley', echoByValue: false, maxAnswerBytes: 8_388_608,
      verification: { type: 'sharedToken', header: 'x-parley-token', secret: SECRET }, variables: { system: 'Parley', ...variables }, check: { path: `${TABLE}?sysparm_limit=1&sysparm_fields=sys_id` }, discovery: CHOICES, answers: { retryAfter: { header: 'x-ratelimit-reset' }, ...answers },
    },
    entityTypes: [{ name: 'Incident', operations: { ...operations, attach: ATTACH }, response: { ticketId }, lookup: LOOKUP, inbound: INBOUND }],
  },
  polling: { Incident: POLLING },
});
