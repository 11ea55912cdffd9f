import { at, BASE_URL, blank, COMMENT, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

const status: ValueTable = [
  ['new', 'triggered'], ['reopened', 'triggered'], ['inProgress', 'acknowledged'], ['assigned', 'acknowledged'], ['pending', 'acknowledged'], ['onHold', 'acknowledged'], ['resolved', 'resolved'], ['closed', 'resolved'], ['cancelled', 'resolved'],
];
const urgency: ValueTable = [['1', 'high'], ['3', 'low'], ['2', 'high'], ['4', 'low'], ['5', 'low']];
/** Names of priorities are the account's; those of a new one. */
const priority: ValueTable = [['1', 'P1'], ['2', 'P2'], ['3', 'P3'], ['4', 'P4'], ['5', 'P5']];

const URGENCY = { $if: 'attributes.urgency', $then: outward(urgency, 'urgency'), $else: outward(urgency, 'priority') };
const ENDED = "attributes.status == 'resolved' || attributes.status == 'closed' || attributes.status == 'cancelled'";
const KINDS = '`["incident", "incident_note", "incident_status_update"]`';

const OPERATIONS = {
  create: {
    method: 'POST', path: '/incidents',
    body: {
      incident: {
        type: 'incident', title: '{{attributes.title}}', service: { id: '{{variables.service}}', type: 'service_reference' }, urgency: URGENCY, incident_key: '{{correlationKey}}',
        body: { $if: 'attributes.description', $then: { type: 'incident_body', details: '{{attributes.description}}' } },
      },
    },
    extract: { number: 'incident.incident_number', url: 'incident.html_url' },
  },
  update: {
    steps: [
      {
        id: 'incident', when: 'attributes.status || attributes.title || attributes.urgency || attributes.priority', method: 'PUT', path: '/incidents/{{ticketId}}',
        body: { incident: { type: 'incident_reference', title: '{{attributes.title}}', status: outward(status, 'status'), urgency: URGENCY, resolution: { $if: ENDED, $then: '{{attributes.resolution}}' } } },
      },
      // A note is read by everybody who sees the incident.
      { id: 'note', when: IS_PUBLIC, method: 'POST', path: '/incidents/{{ticketId}}/notes', body: { note: { content: COMMENT } } },
    ],
  },
};

const INBOUND = {
  // Pings, responders, workflows and changes of services are no news of a ticket.
  when: { body: `contains(${KINDS}, event.data.type)` },
  ticketId: at('event.data.incident.id || event.data.id'), messageType: 'event.event_type', eventId: 'event.id', occurredAt: 'event.occurred_at', sender: 'event.agent.id', senderName: 'event.agent.summary',
  attributes: {
    'ticket.id': at('event.data.incident.id || event.data.id'), 'ticket.number': at('event.data.number && to_string(event.data.number)'), 'ticket.url': at('event.data.incident.html_url || event.data.html_url'),
    'ticket.externalId': 'event.data.incident_key', title: 'event.data.title', status: inward(status, 'event.data.status'), urgency: inward(urgency, 'event.data.urgency'), priority: inward(priority, 'event.data.priority.summary'),
    assignee: 'event.data.assignees[0].summary', assignmentGroup: at('event.data.teams[0].summary || event.data.escalation_policy.summary'), service: 'event.data.service.summary',
    'comment.id': at("event.data.type != 'incident' && event.data.id || null"), 'comment.text': at('event.data.content || event.data.message'),
    'comment.author': at('(event.data.content || event.data.message) && event.agent.summary || null'), 'comment.visibility': at("(event.data.content || event.data.message) && 'internal' || null"),
  },
};

export const pagerDuty: Preset = {
  id: 'pagerduty', title: 'PagerDuty', version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Incidents of one service: triggered, acknowledged, resolved, public comments as notes; signed webhooks (v3) bring what changes there.',
  blanks: [
    BASE_URL, secretBlank('/settings/auth/value', 'API key, written as: Token token=…'), blank('/settings/headers/From', 'E-mail address of the user in whose name Parley writes'),
    blank('/settings/integrationUser', 'Id of that user, so that what it writes is recognised'), blank('/settings/variables/service', 'Id of the service on which incidents are opened'), secretBlank('/settings/verification/secret', 'Secret of the webhook subscription'),
  ],
  values: { status, urgency, priority },
  endpoint: {
    name: 'PagerDuty', adapter: 'rest',
    settings: {
      baseUrl: 'https://api.pagerduty.com', auth: { type: 'header', name: 'Authorization', value: SECRET }, headers: { Accept: 'application/vnd.pagerduty+json;version=2', From: 'parley@example.com' },
      integrationUser: 'PXXXXXX', echoByValue: false, variables: { service: 'PXXXXXX' }, verification: { type: 'pagerduty', secret: SECRET }, check: { path: '/incidents?limit=1' },
      answers: { error: at("error.message && join(': ', [error.message, join('; ', error.errors || `[]`)][?@ != ''])"), retryAfter: { header: 'ratelimit-reset' } },
    },
    entityTypes: [{
      name: 'Incident', operations: OPERATIONS,
      // While an incident is open, no second one with its key is taken.
      response: { ticketId: 'incident.id', duplicateWhen: [{ status: [400], text: 'matching dedup key already exists' }] },
      lookup: {
        method: 'GET', path: '/incidents?incident_key={{correlationKey}}&date_range=all&limit=2',
        ticketId: at('length(incidents) == `1` && incidents[0].id'), absentWhen: [{ status: [200], body: 'length(incidents) == `0`' }],
      },
      inbound: INBOUND,
    }],
  },
};
