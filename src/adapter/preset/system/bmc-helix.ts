import { at, BASE_URL, blank, COMMENT, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

const status: ValueTable = [
  ['new', 'New'], ['assigned', 'Assigned'], ['inProgress', 'In Progress'], ['reopened', 'In Progress'], ['pending', 'Pending'], ['onHold', 'Pending'], ['resolved', 'Resolved'], ['closed', 'Closed'], ['cancelled', 'Cancelled'],
];
const statusReason: ValueTable = [
  ['waitingCustomer', 'Client Action Required'], ['waitingSupplier', 'Third Party Vendor Action Reqd'], ['waitingChange', 'Infrastructure Change'], ['waitingProblem', 'Pending Original Incident'],
];
const impact: ValueTable = [['1', '1-Extensive/Widespread'], ['2', '2-Significant/Large'], ['3', '3-Moderate/Limited'], ['4', '4-Minor/Localized'], ['5', '4-Minor/Localized']];
const urgency: ValueTable = [['1', '1-Critical'], ['2', '2-High'], ['3', '3-Medium'], ['4', '4-Low'], ['5', '4-Low']];
/** Computed there, from impact and urgency. */
const priority: ValueTable = [['1', 'Critical'], ['2', 'High'], ['3', 'Medium'], ['4', 'Low']];

const ENTRY = '/arsys/v1/entry';
const INTERFACE = `${ENTRY}/HPD:IncidentInterface`;
const either = (own: string, table: ValueTable): object => ({ $if: `attributes.${own}`, $then: outward(table, own), $else: outward(table, 'priority') });
const IS_WAITING = "contains(`[\"pending\",\"onHold\"]`, attributes.status)";
const IS_DONE = "contains(`[\"resolved\",\"closed\"]`, attributes.status)";

const COMMON = {
  Description: '{{attributes.title | truncate:100}}', Impact: either('impact', impact), Urgency: either('urgency', urgency), Status: outward(status, 'status'),
  Status_Reason: { $if: IS_WAITING, $then: { $if: 'attributes.statusReason', $then: outward(statusReason, 'statusReason'), $else: '{{variables.pendingReason}}' }, $else: { $if: IS_DONE, $then: '{{variables.resolvedReason}}' } },
  Resolution: { $if: IS_DONE, $then: '{{attributes.resolution | default:"Resolved in the other system"}}' }, 'Assigned Group': '{{attributes.assignmentGroup}}', Assignee: '{{attributes.assignee}}',
};
const WHO = { $if: 'attributes.requester.id', $then: { Login_ID: '{{attributes.requester.id}}' }, $else: { First_Name: '{{variables.firstName}}', Last_Name: '{{variables.lastName}}' } };
/** Unknown visibility is internal. */
const workLog = (text: unknown, more: object = {}): object => ({
  values: {
    'Incident Number': '{{ticketId}}', 'Work Log Type': 'General Information', 'Secure Work Log': 'No', 'View Access': { $query: "attributes.comment.visibility == 'public' && 'Public' || 'Internal'" }, 'Detailed Description': text, ...more,
  },
});

const INCIDENT = 'item.values';
const ofIncident = (field: string): object => at(`!(part) && ${INCIDENT}.${field} || null`);
const ofLog = (field: string): string => `part && part.values.${field} || null`;

export const bmcHelix: Preset = {
  id: 'bmc-helix', title: 'BMC Helix ITSM and Remedy', version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Incidents by the AR System REST API: created, updated, commented by work info, files; what changes there is polled.',
  blanks: [
    BASE_URL, blank('/settings/auth/username', 'Login of the integration user'), secretBlank('/settings/auth/password', 'Its password'), blank('/settings/integrationUser', 'Its login once more, so that what it writes is recognised'),
    blank('/settings/variables/firstName', 'First name of the customer of incidents whose requester is not known there'), blank('/settings/variables/lastName', 'Last name of that customer'),
  ],
  values: { status, statusReason, impact, urgency, priority },
  endpoint: {
    name: 'BMC Helix ITSM', adapter: 'rest',
    settings: {
      baseUrl: 'https://example-restapi.onbmc.com/api', integrationUser: 'parley', echoByValue: false, variables: { firstName: 'Parley', lastName: 'Integration', pendingReason: 'Client Hold', resolvedReason: 'No Further Action Required' },
      auth: {
        type: 'session', username: 'parley', password: SECRET, login: { method: 'POST', path: '/jwt/login', form: 'form', body: { username: '{{username}}', password: '{{password}}' } },
        // The token is the whole answer, as text.
        token: { text: true }, headers: { Authorization: 'AR-JWT {{token}}' }, ttlSeconds: 2_700, logout: { method: 'POST', path: '/jwt/logout' },
      },
      check: { path: `${INTERFACE}?fields=values(Incident%20Number)&limit=1` }, maxAnswerBytes: 8_388_608,
      answers: {
        error: at("join(': ', [0].[messageText, messageAppendedText] | [?@])"),
        // 90, 91 and 93: the server behind the API could not be reached, or had no time. 92 and 94 leave open what happened. Everything else is about what was sent.
        retryWhen: [{ body: 'contains(`[90, 91, 93]`, [0].messageNumber)' }], rejectedWhen: [{ status: [400, 404, 500], body: "[0].messageType == 'ERROR' && !contains(`[92, 94]`, [0].messageNumber)" }],
      },
    },
    entityTypes: [{
      name: 'Incident',
      operations: {
        create: {
          // Without fields that are asked for the answer has no body.
          method: 'POST', path: `${ENTRY}/HPD:IncidentInterface_Create?fields=values(Incident%20Number)`,
          body: { values: { $merge: [COMMON, WHO, {
            Detailed_Decription: '{{attributes.description}}', Status: { $if: 'attributes.status', $then: outward(status, 'status'), $else: 'New' }, 'Reported Source': 'Systems Management', Service_Type: 'User Service Restoration',
            'Vendor Ticket Number': '{{correlationKey}}', z1D_Action: 'CREATE',
          }] } },
        },
        update: {
          steps: [
            // An incident is changed under the id of its entry, which is not its number.
            {
              id: 'entry', when: 'attributes.title || attributes.description || attributes.priority || attributes.impact || attributes.urgency || attributes.status || attributes.assignmentGroup || attributes.assignee', method: 'GET',
              path: `${INTERFACE}?q=%27Incident%20Number%27%3D%22{{ticketId}}%22&fields=values(Request%20ID)&limit=1`, extract: { id: at('entries[0].values."Request ID"') }, failWhen: '!(steps.entry.id)', failMessage: 'There is no incident {{ticketId}}.',
            },
            { id: 'fields', when: 'steps.entry', method: 'PUT', path: `${INTERFACE}/{{steps.entry.id}}`, body: { values: { ...COMMON, 'Detailed Decription': '{{attributes.description}}', z1D_Action: 'MODIFY' } } },
            { id: 'comment', when: 'attributes.comment.text', method: 'POST', path: `${ENTRY}/HPD:WorkLog`, body: workLog(COMMENT) },
          ],
        },
        attach: {
          method: 'POST', path: `${ENTRY}/HPD:WorkLog`, form: 'multipart', jsonPart: 'entry', field: 'attach-z2AF Work Log01', body: workLog('File {{file.name}}', { 'z2AF Work Log01': '{{file.name}}' }),
        },
      },
      response: { ticketId: at('values."Incident Number"') },
      lookup: {
        method: 'GET', path: `${INTERFACE}?q=%27Vendor%20Ticket%20Number%27%3D%22{{correlationKey}}%22&fields=values(Incident%20Number)&limit=2`,
        ticketId: at('length(entries) == `1` && entries[0].values."Incident Number"'), absentWhen: [{ status: [200], body: "type(entries) == 'array' && length(entries) == `0`" }],
      },
      inbound: {
        ticketId: at(`${INCIDENT}."Incident Number"`), sender: at(`(part && (part.values."Work Log Submitter" || part.values.Submitter)) || ${INCIDENT}."Last Modified By"`), occurredAt: at(`(part && part.values."Submit Date") || ${INCIDENT}."Last Modified Date"`),
        attributes: {
          'ticket.id': at(`${INCIDENT}."Incident Number"`), 'ticket.number': at(`${INCIDENT}."Incident Number"`), 'ticket.externalId': ofIncident('"Vendor Ticket Number"'), title: ofIncident('Description'), description: ofIncident('"Detailed Decription"'),
          status: inward(status, `(!(part) && ${INCIDENT}.Status || null)`), statusReason: inward(statusReason, `(!(part) && ${INCIDENT}.Status_Reason || null)`), priority: inward(priority, `(!(part) && ${INCIDENT}.Priority || null)`),
          impact: inward(impact, `(!(part) && ${INCIDENT}.Impact || null)`), urgency: inward(urgency, `(!(part) && ${INCIDENT}.Urgency || null)`), assignmentGroup: ofIncident('"Assigned Group"'), assignee: ofIncident('Assignee'),
          'requester.name': at(`!(part) && join(' ', ${INCIDENT}.["First Name", "Last Name"] | [?@]) || null`), resolution: ofIncident('Resolution'),
          'comment.id': at(ofLog('"Work Log ID"')), 'comment.text': at(ofLog('"Detailed Description"')), 'comment.author': at('part && (part.values."Work Log Submitter" || part.values.Submitter) || null'),
          'comment.visibility': at("part && (part.values.\"View Access\" == 'Public' && 'public' || 'internal') || null"),
        },
      },
      poll: {
        path: INTERFACE, list: 'entries',
        query: {
          q: "'Last Modified Date' >= {{cursor}}", sort: 'Last Modified Date.asc',
          fields: 'values(Incident Number,Description,Detailed Decription,Status,Status_Reason,Priority,Impact,Urgency,Assigned Group,Assignee,First Name,Last Name,Resolution,Vendor Ticket Number,Last Modified Date,Last Modified By)',
        },
        // Asked in seconds, since texts would depend on the language of the server; answered with dates.
        cursor: { type: 'timestamp', field: 'values.Last Modified Date', format: 'EpochTime_s', overlapSeconds: 60 }, paging: { type: 'offset', parameter: 'offset', limitParameter: 'limit', size: 100 },
        parts: { path: `${ENTRY}/HPD:WorkLog`, query: { q: '\'Incident Number\'="{{item.values.Incident Number}}"', sort: 'Submit Date.desc', limit: '20' }, list: 'entries', time: 'values.Submit Date' },
        version: ['item.values.Incident Number', at('part && part.values."Work Log ID" || item.values')],
      },
    }],
  },
};
