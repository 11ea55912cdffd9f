import { at, BASE_URL, blank, COMMENT, IS_PUBLIC, SECRET, secretBlank, surelyBy } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

const status: ValueTable = [
  ['new', 'new'], ['inProgress', 'open'], ['assigned', 'open'], ['reopened', 'open'], ['pending', 'pending'], ['onHold', 'hold'], ['resolved', 'solved'], ['cancelled', 'solved'], ['closed', 'closed'],
];
const priority: ValueTable = [['1', 'urgent'], ['2', 'high'], ['3', 'normal'], ['4', 'low'], ['5', 'low']];

const UPLOADS = { $if: 'files', $then: { $each: 'files', $as: '{{item.token}}' } };
const FIELDS = {
  subject: '{{attributes.title}}', priority: outward(priority, 'priority'), group_id: '{{attributes.assignmentGroup | number}}',
  // There, pending is waiting for the requester, and hold for somebody else.
  status: { $if: "attributes.status == 'onHold' && attributes.statusReason == 'waitingCustomer'", $then: 'pending', $else: outward(status, 'status') },
};
/** Files need a comment to hang on; one that only carries files is not shown to the requester. */
const NOTE = { body: { $if: 'attributes.comment.text', $then: COMMENT, $else: { $query: "join(', ', files[].name)" } }, public: { $query: `(${IS_PUBLIC}) || \`false\`` } };

const root = (jmespath: string): object => ({ jmespath, root: true });
/** The ticket: as it was fetched for a webhook, or as it was polled. */
const TICKET = '(ticket.ticket || event)';

/** A comment that an event brings. The first one of a ticket is its description, and no comment here. */
const SAID = 'event.event.comment';
const EVENT = `{ id: ${SAID}.id, body: ${SAID}.body, public: ${SAID}.is_public || ${SAID}.attachment.is_public, author_id: ${SAID}.author.id || event.detail.actor_id, author_name: ${SAID}.author.name, at: event.time, key: ${SAID}.attachment && event.id, attachments: ${SAID}.attachment && [${SAID}.attachment] }`;
const LAST_AUTHOR = surelyBy('reverse(sort_by(audits.audits, &id))', 'author_id', 2);
const STATE = `{ isState: \`true\`, author_id: event.detail.actor_id || (audits && ${LAST_AUTHOR}) || null, at: event.time || event.updated_at, key: event.detail && event.id, attachments: event.created_at == event.updated_at && comments.comments[-1].attachments || null }`;
const MESSAGES = `(${SAID} && (!(${SAID}.body) || ${SAID}.body != ticket.ticket.description) && [${EVENT}]) || [[${STATE}], reverse((comments.meta.has_more && comments.comments) || comments.comments[:-1] || \`[]\`)][]`;

export const zendesk: Preset = {
  id: 'zendesk', title: 'Zendesk Support', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Tickets: created, updated, commented publicly or internally, files; signed event webhooks bring what changes there, or the incremental export is polled.',
  blanks: [
    BASE_URL, blank('/settings/auth/username', 'E-mail address of the integration user, then /token'), secretBlank('/settings/auth/password', 'API token'),
    blank('/settings/integrationUser', 'Its user id, so that what it writes is recognised'), secretBlank('/settings/verification/secret', 'Signing secret of the webhook'),
  ],
  values: { status, priority },
  endpoint: {
    name: 'Zendesk', adapter: 'rest',
    settings: {
      baseUrl: 'https://example.zendesk.com', auth: { type: 'basic', username: 'parley@example.com/token', password: SECRET }, integrationUser: '1', echoByValue: false,
      verification: { type: 'zendesk', secret: SECRET }, check: { path: '/api/v2/users/me.json' },
      answers: {
        error: at("(details && join('; ', values(details)[].description)) || error.message || description || error"),
        // Two writers at once: nothing was done.
        retryWhen: [{ status: [409] }],
      },
    },
    entityTypes: [{
      name: 'Ticket',
      operations: {
        upload: { method: 'POST', path: '/api/v2/uploads.json?filename={{file.name}}', form: 'binary', extract: { token: 'upload.token' } },
        create: {
          steps: [
            {
              id: 'ticket', main: true, method: 'POST', path: '/api/v2/tickets.json',
              body: {
                ticket: {
                  ...FIELDS, external_id: '{{correlationKey}}', tags: { $query: "[['parley'], attributes.tags || `[]`][]" },
                  requester: { $if: 'attributes.requester.email', $then: { email: '{{attributes.requester.email}}', name: { $query: 'attributes.requester.name || attributes.requester.email' } } },
                  comment: { body: { $query: 'attributes.description || attributes.title' }, uploads: UPLOADS },
                },
              },
            },
            { id: 'comment', when: 'attributes.comment.text', method: 'PUT', idempotent: false, path: '/api/v2/tickets/{{ticketId}}.json', body: { ticket: { comment: NOTE } } },
          ],
        },
        // A comment is added each time. Tags are left alone: those sent would take the place of all that are there.
        update: {
          method: 'PUT', idempotent: false, path: '/api/v2/tickets/{{ticketId}}.json', unchanged: { version: 'ticket.updated_at', when: [{ status: [409] }] },
          body: { ticket: { ...FIELDS, safe_update: true, updated_stamp: '{{version}}', comment: { $if: 'attributes.comment.text || files', $then: { ...NOTE, uploads: UPLOADS } } } },
        },
      },
      response: { ticketId: 'ticket.id' },
      // The external id is not unique there: of two nobody knows which is meant.
      lookup: { method: 'GET', path: '/api/v2/tickets.json?external_id={{correlationKey}}', ticketId: at('length(tickets) == `1` && tickets[0].id'), absentWhen: [{ status: [200], body: 'length(tickets) == `0`' }] },
      inbound: {
        when: { body: "generated_timestamp || (starts_with(type, 'zen:event-type:ticket.') && !ends_with(type, '_deleted'))" },
        complete: [
          { id: 'ticket', when: 'event.detail', method: 'GET', path: '/api/v2/tickets/{{event.detail.id}}.json' },
          { id: 'audits', when: '!(event.detail)', method: 'GET', path: '/api/v2/tickets/{{event.id}}/audits.json?sort=-created_at&page%5Bsize%5D=10' },
          { id: 'comments', when: '!(event.detail)', method: 'GET', path: '/api/v2/tickets/{{event.id}}/comments.json?sort=-created_at&page%5Bsize%5D=100' },
        ],
        each: at(MESSAGES), recent: { time: 'created_at', reference: 'event.updated_at' },
        ticketId: root('(event.detail || event).id'), sender: 'author_id', senderName: 'author_name', occurredAt: at('created_at || at'),
        eventId: at("key || (id && join(':', ['comment', to_string(id)])) || null"),
        attributes: {
          'ticket.id': root(`${TICKET}.id`), 'ticket.number': root(`${TICKET}.id`), 'ticket.type': root(`${TICKET}.type`), 'ticket.externalId': root(`${TICKET}.external_id`),
          title: root(`${TICKET}.subject`), description: root(`${TICKET}.description`), status: { ...inward(status, `${TICKET}.status`), root: true }, priority: { ...inward(priority, `${TICKET}.priority`), root: true },
          statusReason: root(`(${TICKET}.status == 'pending' && 'waitingCustomer') || (${TICKET}.status == 'hold' && 'waitingSupplier') || null`),
          assignmentGroup: root(`${TICKET}.group_id`), assignee: root(`${TICKET}.assignee_id`), 'requester.id': root(`${TICKET}.requester_id`), tags: root(`${TICKET}.tags`), event: root('event.type'),
          'comment.id': 'id', 'comment.text': 'body', 'comment.author': 'author_name', 'comment.visibility': at("!isState && ((public == `true` && 'public') || 'internal') || null"),
        },
        attachments: { list: 'attachments', name: at('file_name || filename'), contentType: 'content_type', url: 'content_url' },
      },
    }],
  },
  polling: {
    Ticket: {
      // Ten requests a minute are allowed here. Changes of the last minute come with the next.
      path: '/api/v2/incremental/tickets/cursor.json', everySeconds: 60, maxPages: 8, list: 'tickets', when: "status != 'deleted'",
      query: { per_page: '100', cursor: '{{cursor}}', start_time: { $if: 'cursor || page', $else: '{{now | shift:-120 | epoch}}' } },
      cursor: { type: 'token', next: 'after_cursor' }, paging: { type: 'cursor', parameter: 'cursor', next: at('end_of_stream == `false` && after_cursor') },
      // The system's own changes move the place in the list, but not the time of the change.
      version: ['id', 'updated_at'],
    },
  },
};
