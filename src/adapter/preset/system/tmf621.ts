import { at, BASE_URL, blank, COMMENT, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

const status: ValueTable = [
  ['new', 'acknowledged'], ['assigned', 'acknowledged'], ['inProgress', 'inProgress'], ['reopened', 'inProgress'], ['pending', 'pending'], ['onHold', 'held'], ['resolved', 'resolved'], ['closed', 'closed'], ['cancelled', 'cancelled'], ['cancelled', 'rejected'],
];
/** Free words there; those that the standard takes as examples. */
const severity: ValueTable = [['1', 'Critical'], ['2', 'Major'], ['3', 'Minor'], ['4', 'Minor'], ['5', 'Minor']];
const priority: ValueTable = [['1', 'Critical'], ['2', 'High'], ['3', 'Medium'], ['4', 'Low'], ['5', 'Low']];

const TICKET = '/troubleTicket/{{ticketId}}';
const IS_DONE = "contains(`[\"resolved\",\"closed\",\"cancelled\"]`, attributes.status)";
const SEVERITY = { $if: 'attributes.impact', $then: outward(severity, 'impact'), $else: outward(severity, 'priority') };
const FIELDS = {
  '@type': 'TroubleTicket', name: '{{attributes.title}}', priority: outward(priority, 'priority'), statusChangeReason: { $if: `${IS_DONE} && attributes.resolution`, $then: '{{attributes.resolution}}', $else: '{{attributes.statusReason}}' },
};
const FILE = { '@type': 'Attachment', attachmentType: 'file', name: '{{item.name}}', mimeType: '{{item.contentType}}', content: '{{item.contentBase64}}' };
/** Notes there have no visibility, and an author who is taken for an echo. */
const NOTE = { '@type': 'Note', author: '{{variables.system}}', date: '{{createdAt}}', text: COMMENT };

/** A patch replaces lists: what is there already goes with it. */
const NOTES = { $if: IS_PUBLIC, $then: { $each: '[steps.ticket.notes || `[]`, [{isNew: `true`}]][]', $as: { $if: 'item.isNew', $then: NOTE, $else: '{{item}}' } } };
const FILES = { $if: 'files', $then: { $each: '[steps.ticket.attachments || `[]`, files][]', $as: { $if: 'item.contentBase64', $then: FILE, $else: '{{item}}' } } };

/** The ticket of an event, or as it was polled. */
const THEIRS = '(event.troubleTicket || @)';
const ofTheirs = (member: string): { readonly jmespath: string; readonly root: true } => ({ jmespath: `to_string(${THEIRS}.${member})`, root: true });

interface Version {
  readonly id: string;
  readonly title: string;
  readonly path: string;
  /** How the ticket carries our key, how it is searched for, and how it is found in what the search lists. */
  readonly key: object;
  readonly search: string;
  readonly found: string;
  readonly externalId: string;
}

const versionOf = ({ id, title, path, key, search, found, externalId }: Version): Preset => ({
  id, title, version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Trouble tickets by the standard of the TM Forum: created, patched, notes, files; its events bring what changes there.',
  blanks: [
    BASE_URL, blank('/settings/auth/tokenUrl', 'Token address'), blank('/settings/auth/clientId', 'Client id'), secretBlank('/settings/auth/clientSecret', 'Client secret'),
    blank('/settings/variables/ticketType', 'Type of new tickets'), blank('/settings/variables/system', 'Author of our notes'), blank('/settings/integrationUser', 'The same author, so that our notes are recognised'),
  ],
  values: { status, impact: severity, priority },
  endpoint: {
    name: 'Trouble tickets', adapter: 'rest',
    settings: {
      baseUrl: `https://api.example.com/tmf-api/troubleTicket/${path}`, auth: { type: 'oauth2', grant: 'clientCredentials', tokenUrl: 'https://api.example.com/oauth2/token', clientId: 'parley', clientSecret: SECRET },
      variables: { ticketType: 'incident', system: 'Parley' }, integrationUser: 'Parley', maxAnswerBytes: 16_777_216, check: { path: '/troubleTicket?limit=1&fields=id' }, answers: { error: at("join(': ', [reason, message][?@])") },
    },
    entityTypes: [{
      name: 'TroubleTicket',
      operations: {
        create: {
          method: 'POST', path: '/troubleTicket',
          body: { $merge: [FIELDS, key, {
            description: { $if: 'attributes.description', $then: '{{attributes.description}}', $else: '{{attributes.title}}' }, severity: { $if: 'attributes.impact || attributes.priority', $then: SEVERITY, $else: 'Minor' }, ticketType: '{{variables.ticketType}}',
            status: { $if: "attributes.status != 'new'", $then: outward(status, 'status') }, attachment: { $if: 'files', $then: { $each: 'files', $as: FILE } },
          }] },
        },
        update: {
          steps: [
            { id: 'ticket', when: `(${IS_PUBLIC}) || files`, method: 'GET', path: `${TICKET}?fields=id,note,attachment`, extract: { notes: 'note', attachments: 'attachment' } },
            {
              id: 'patch', when: `attributes.title || attributes.description || attributes.priority || attributes.impact || attributes.status || (${IS_PUBLIC}) || files`, method: 'PATCH', path: TICKET,
              body: { ...FIELDS, description: '{{attributes.description}}', severity: SEVERITY, status: outward(status, 'status'), note: NOTES, attachment: FILES },
            },
          ],
        },
      },
      response: { ticketId: 'id' },
      // Who does not know the filter lists everything: only what carries the key counts, and only an empty list is an absence.
      lookup: { method: 'GET', path: `/troubleTicket?${search}={{correlationKey}}&limit=2`, ticketId: at(found), absentWhen: [{ status: [200], body: "type(@) == 'array' && length(@) == `0`" }] },
      inbound: {
        when: { body: "(event.troubleTicket && eventType != 'TroubleTicketDeleteEvent') || (id && !(eventType))" },
        // Events tell as little as they like, of notes always all.
        each: at(`[[merge(${THEIRS}, {news: eventId || eventTime || lastUpdate})], ${THEIRS}.note || \`[]\`][]`), recent: { time: 'date', reference: at(`${THEIRS}.lastUpdate || eventTime`) },
        ticketId: ofTheirs('id'), sender: at('text && author'), occurredAt: at('text && date || lastUpdate || statusChangeDate'),
        eventId: [at("text && 'note' || 'ticket'"), ofTheirs('id'), at('(text && (id || date)) || news')],
        attributes: {
          'ticket.id': ofTheirs('id'), 'ticket.number': ofTheirs('id'), 'ticket.url': at('!(text) && href || null'), 'ticket.externalId': at(externalId), 'ticket.type': 'ticketType', title: 'name', description: 'description',
          status: inward(status, 'status'), priority: inward(priority, 'priority'), impact: inward(severity, 'severity'),
          statusReason: at("!contains(`[\"resolved\",\"closed\",\"cancelled\"]`, status || '') && statusChangeReason || null"), resolution: at("contains(`[\"resolved\",\"closed\",\"cancelled\"]`, status || '') && statusChangeReason || null"),
          'comment.id': at('text && id || null'), 'comment.text': 'text', 'comment.author': at('text && author || null'), 'comment.visibility': at("text && 'internal' || null"), event: { path: 'eventType', root: true },
        },
      },
    }],
  },
  polling: {
    TroubleTicket: {
      path: '/troubleTicket', query: { 'lastUpdate.gte': '{{cursor}}', sort: 'lastUpdate' }, cursor: { type: 'timestamp', field: 'lastUpdate', overlapSeconds: 60 },
      paging: { type: 'offset', parameter: 'offset', limitParameter: 'limit', size: 100, total: { header: 'x-total-count' } }, version: ['id', 'lastUpdate'],
    },
  },
});

export const tmf621 = versionOf({
  id: 'tmf621', title: 'TMF621 Trouble Ticket, version 5', path: 'v5', key: { externalIdentifier: [{ '@type': 'ExternalIdentifier', id: '{{correlationKey}}', owner: '{{variables.system}}', externalIdentifierType: 'delivery' }] },
  search: 'externalIdentifier.id', found: "[?contains(externalIdentifier[].id, '{{correlationKey}}')] | length(@) == `1` && [0].id", externalId: 'externalIdentifier[0].id',
});
export const tmf621v4 = versionOf({
  id: 'tmf621-v4', title: 'TMF621 Trouble Ticket, version 4', path: 'v4', key: { externalId: '{{correlationKey}}' }, search: 'externalId', found: "[?externalId == '{{correlationKey}}'] | length(@) == `1` && [0].id", externalId: 'externalId',
});
