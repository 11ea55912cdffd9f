import { at, blank, COMMENT, IS_INTERNAL, IS_PUBLIC, SECRET } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outwardXml } from '../value-table.js';
import { CLOSE_CODE, CLOSE_NOTES, DUE_DATE, IMPACT_OF_PRIORITY, IS_ENDED, URGENCY_OF_PRIORITY, USER_BLANKS, VALUES } from './service-now-parts.js';

const TABLE = 'http://www.service-now.com/incident';
const isIf = (condition: string): string => `parley:if="${condition.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`;
/** Only the operation has a namespace: the schema of a table is unqualified, and a name that nobody knows is ignored there without a word. */
const call = (name: string, body: string): { readonly path: string; readonly action: string; readonly body: string } =>
  ({ path: '/incident.do?SOAP', action: `${TABLE}/${name}`, body: `<inc:${name} xmlns:inc="${TABLE}">${body}</inc:${name}>` });

const plain = (column: string, value: string): string => `<${column} parley:omit="">${value}</${column}>`;
const when = (column: string, condition: string, value: string): string => `<${column} ${isIf(condition)}>${value}</${column}>`;
/** By its own attribute, else by the priority. */
const classed = (column: 'impact' | 'urgency', ofPriority: typeof IMPACT_OF_PRIORITY): string =>
  outwardXml(column, VALUES[column], column) + outwardXml(column, ofPriority, 'priority').replaceAll('parley:if="', `parley:if="!(attributes.${column}) &amp;&amp; `);
/** The author stands before the text. */
const journal = (column: string, condition: string): string =>
  when(column, `(${condition}) && attributes.comment.author`, COMMENT.$then) + when(column, `(${condition}) && !(attributes.comment.author)`, COMMENT.$else);

const FIELDS = plain('short_description', '{{attributes.title | truncate:160}}') + plain('description', '{{attributes.description}}') + classed('impact', IMPACT_OF_PRIORITY) + classed('urgency', URGENCY_OF_PRIORITY)
  + outwardXml('state', VALUES.status, 'status') + outwardXml('hold_reason', VALUES.statusReason, 'statusReason') + when('close_code', IS_ENDED, CLOSE_CODE) + when('close_notes', IS_ENDED, CLOSE_NOTES)
  + plain('assignment_group', '{{attributes.assignmentGroup}}') + plain('caller_id', '{{attributes.requester.id}}') + plain('category', '{{attributes.category}}') + plain('subcategory', '{{attributes.subcategory}}') + plain('due_date', DUE_DATE)
  + journal('comments', IS_PUBLIC) + journal('work_notes', IS_INTERNAL);

const named = (name: string): string => `*[local-name()='${name}']`;
const FOUND = `//${named('getRecordsResponse')}/${named('getRecordsResult')}`;
const FAULT = `//${named('Fault')}/${named('faultstring')}`;
const filled = (column: string): object => at(`${column} != '' && ${column} || null`);

export const serviceNowSoap: Preset = {
  id: 'servicenow-soap', title: 'ServiceNow by SOAP', version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'The same by the direct web service of the table, as integrations have it that have been there for years; a business rule sends an envelope of what changes there.',
  blanks: [blank('/settings/address', 'Address of the instance'), ...USER_BLANKS],
  values: VALUES,
  endpoint: {
    name: 'ServiceNow', adapter: 'soap',
    settings: {
      address: 'https://example.service-now.com', auth: { type: 'basic', username: 'parley', password: SECRET }, integrationUser: 'parley', echoByValue: false, variables: { system: 'Parley' }, check: call('getRecords', '<__limit>1</__limit>'),
      // What a rule or policy refuses is a fault of the server, as everything is.
      answers: { error: { xpath: FAULT }, rejectedWhen: [{ xpath: `${FAULT}[contains(., 'Aborted') or contains(., 'Data Policy') or contains(., 'Record not found') or contains(., 'Unable to parse')]` }] },
    },
    entityTypes: [{
      name: 'Incident',
      operations: {
        create: call('insert', `${FIELDS}<correlation_id>{{correlationKey}}</correlation_id><correlation_display>{{variables.system}}</correlation_display>`),
        update: call('update', `<sys_id>{{ticketId}}</sys_id>${FIELDS}${plain('correlation_id', '{{attributes.ticket.externalId}}')}`),
        // A queue of the instance makes an attachment of it.
        attach: {
          path: '/ecc_queue.do?SOAP', action: 'http://www.service-now.com/ecc_queue/insert',
          body: '<ecc:insert xmlns:ecc="http://www.service-now.com/ecc_queue"><agent>AttachmentCreator</agent><topic>AttachmentCreator</topic><name>{{file.name}}:{{file.contentType}}</name><source>incident:{{ticketId}}</source><payload>{{file.contentBase64}}</payload></ecc:insert>',
        },
      },
      response: { ticketId: 'sys_id' },
      lookup: {
        ...call('getRecords', '<__encoded_query>correlation_display={{variables.system}}^correlation_id={{correlationKey}}</__encoded_query><__limit>2</__limit>'),
        ticketId: { xpath: `${FOUND}[count(//${named('getRecordsResult')}) = 1]/${named('sys_id')}` }, absentWhen: [{ status: [200], xpath: `//${named('getRecordsResponse')}[not(*)]` }],
      },
      inbound: {
        ticketId: 'sys_id', sender: 'sys_updated_by', occurredAt: { path: 'sys_updated_on', zone: 'UTC' },
        eventId: at("sys_mod_count && join(':', [sys_id, sys_mod_count, comments && 'comments' || work_notes && 'work_notes' || 'fields'])"),
        attributes: {
          'ticket.id': 'sys_id', 'ticket.number': 'number', 'ticket.externalId': filled('correlation_id'), 'ticket.externalSystem': filled('correlation_display'), title: 'short_description', description: filled('description'),
          status: inward(VALUES.status, 'state'), statusReason: inward(VALUES.statusReason, "(hold_reason != '' && hold_reason || null)"), priority: filled('priority'), impact: filled('impact'), urgency: filled('urgency'),
          assignmentGroup: filled('assignment_group'), category: filled('category'), 'requester.id': filled('caller_id'), resolution: filled('close_notes'), resolutionCode: filled('close_code'), dueAt: { ...filled('due_date'), zone: 'UTC' },
          'comment.text': at('comments || work_notes || null'), 'comment.author': at('(comments || work_notes) && sys_updated_by || null'), 'comment.visibility': at("(comments && 'public') || (work_notes && 'internal') || null"),
        },
        answer: { body: '<ParleyResponse xmlns="urn:parley:servicenow"><messageId>{{messageId}}</messageId></ParleyResponse>' },
      },
    }],
  },
};
