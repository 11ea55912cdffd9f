import { at, BASE_URL, blank, COMMENT, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

const status: ValueTable = [
  ['new', 'new'], ['inProgress', 'open'], ['assigned', 'open'], ['reopened', 'open'], ['pending', 'pending reminder'], ['onHold', 'pending reminder'], ['closed', 'closed'], ['resolved', 'closed'], ['cancelled', 'closed'],
  ['resolved', 'pending close'], ['closed', 'merged'],
];
/** 3 is the highest there. */
const priority: ValueTable = [['1', '3 high'], ['2', '3 high'], ['3', '2 normal'], ['4', '1 low'], ['5', '1 low']];

/** A pending state wants to know until when; the same on every attempt. */
const PENDING_TIME = { $if: "attributes.status == 'pending' || attributes.status == 'onHold'", $then: '{{createdAt | shift:604800}}' };
const FIELDS = { title: '{{attributes.title}}', state: outward(status, 'status'), pending_time: PENDING_TIME, priority: outward(priority, 'priority') };
const ATTACHMENTS = { $if: 'files', $then: { $each: 'files', $as: { 'filename': '{{item.name}}', 'data': '{{item.contentBase64}}', 'mime-type': '{{item.contentType}}' } } };
const article = (body: object, internal: unknown): object => ({ type: 'note', content_type: 'text/plain', body, internal, attachments: ATTACHMENTS });
const IS_SAID = 'attributes.comment.text || files';
/** Files need an article to hang on; one that only carries files is not for the customer. */
const NOTE = article({ $if: 'attributes.comment.text', $then: COMMENT, $else: { $query: "join(', ', files[].name)" } }, { $query: `!(${IS_PUBLIC})` });

const root = (jmespath: string): object => ({ jmespath, root: true });
const TICKET = '(event.ticket || event)';
/**
 * A webhook has its ticket and the article that set it off, if one did. A polled ticket is completed by its articles, the first of which is the
 * description; what the system itself wrote (that a mail was received) is nothing to be told.
 */
const MESSAGES = '(event.ticket && [{ article: event.article, isFirst: event.ticket.article_count == `1`, by: event.article.created_by_id || event.ticket.updated_by_id, at: event.article.created_at || event.ticket.updated_at }])'
  + " || [[{ article: articles[0], isFirst: `true`, isState: `true`, by: event.updated_by_id, at: event.updated_at }], (articles[1:] | [?sender != 'System'].{ article: @, by: created_by_id, at: created_at })][]";

const SAID = '(article.id && !isFirst)';
/** The text of an article, of HTML where it is that. */
const bodyWhen = (condition: string): object => ({ jmespath: `${condition} && article.content_type == 'text/html' && article.body || null`, html: true, else: { jmespath: `${condition} && article.body || null` } });

export const zammad: Preset = {
  id: 'zammad', title: 'Zammad', version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Tickets: created, updated, articles public or internal, files; signed webhooks of triggers bring what changes there, or it is polled.',
  blanks: [
    BASE_URL, secretBlank('/settings/auth/value', 'The words Token token= and an access token with the right ticket.agent'), blank('/settings/integrationUser', 'Id of the user that the token belongs to'),
    blank('/settings/variables/group', 'Group of tickets that name none'), blank('/settings/variables/customer', 'E-mail address of the customer of tickets that name none'),
    secretBlank('/settings/verification/secret', 'HMAC token of the webhook'),
  ],
  values: { status, priority },
  endpoint: {
    name: 'Zammad', adapter: 'rest',
    settings: {
      baseUrl: 'https://zammad.example.com', auth: { type: 'header', name: 'Authorization', value: SECRET }, integrationUser: '1', echoByValue: false, verification: { type: 'zammad', secret: SECRET },
      variables: { group: 'Users', customer: 'parley@example.com' }, check: { path: '/api/v1/users/me' },
      // These two words alone speak of the ticket and its group; of the token or its user more is said.
      answers: { error: at('error_human || error'), rejectedWhen: [{ status: [403], body: "error == 'Not authorized'" }] },
    },
    entityTypes: [{
      name: 'Ticket',
      operations: {
        create: {
          steps: [
            {
              id: 'ticket', main: true, method: 'POST', path: '/api/v1/tickets',
              body: {
                ...FIELDS, group: { $query: 'attributes.assignmentGroup || variables.group' },
                customer_id: { $query: "join('', ['guess:', attributes.requester.email || variables.customer])" },
                tags: { $query: "join(',', [['parley', join('', ['parley-', correlationKey])], attributes.tags || `[]`][])" },
                article: article({ $query: 'attributes.description || attributes.title' }, false),
              },
              extract: { number: 'number' },
            },
            { id: 'comment', when: 'attributes.comment.text', method: 'PUT', idempotent: false, path: '/api/v1/tickets/{{ticketId}}', body: { article: NOTE } },
          ],
        },
        // Articles are added each time.
        update: { method: 'PUT', idempotent: false, path: '/api/v1/tickets/{{ticketId}}', body: { ...FIELDS, group: '{{attributes.assignmentGroup}}', article: { $if: IS_SAID, $then: NOTE } } },
      },
      response: { ticketId: 'id' },
      // A search by condition asks the database; one by words would ask the index, which lags behind.
      lookup: {
        method: 'GET', path: '/api/v1/tickets/search?expand=true&per_page=2&condition%5Bticket.tags%5D%5Boperator%5D=contains%20all&condition%5Bticket.tags%5D%5Bvalue%5D=parley-{{correlationKey}}',
        ticketId: at('length(@) == `1` && [0].id'), absentWhen: [{ status: [200], body: 'length(@) == `0`' }],
      },
      inbound: {
        complete: [{ id: 'articles', when: '!(event.ticket)', method: 'GET', path: '/api/v1/ticket_articles/by_ticket/{{event.id}}?expand=true' }],
        each: at(MESSAGES), recent: { time: at('!isState && at || null'), reference: 'event.updated_at' },
        ticketId: root(`${TICKET}.id`), sender: 'by', senderName: at(`${SAID} && article.from || null`), occurredAt: 'at', eventId: at("!isState && article.id && join(':', ['article', to_string(article.id)]) || null"),
        attributes: {
          'ticket.id': root(`${TICKET}.id`), 'ticket.number': root(`${TICKET}.number`), title: root(`${TICKET}.title`), description: bodyWhen('isFirst'),
          status: { ...inward(status, `${TICKET}.state`), root: true }, priority: { ...inward(priority, `(${TICKET}.priority.name || ${TICKET}.priority)`), root: true },
          assignmentGroup: root(`${TICKET}.group.name || ${TICKET}.group`), assignee: root(`(${TICKET}.owner.login || ${TICKET}.owner) != '-' && (${TICKET}.owner.login || ${TICKET}.owner) || null`),
          'requester.id': root(`${TICKET}.customer_id`), 'requester.email': root(`${TICKET}.customer.email || ${TICKET}.customer`), 'requester.name': root("event.ticket.customer.firstname && join(' ', [event.ticket.customer.firstname, event.ticket.customer.lastname || '']) || null"),
          'comment.id': at(`${SAID} && article.id || null`), 'comment.text': bodyWhen(SAID), 'comment.author': at(`${SAID} && article.from || null`),
          'comment.visibility': at(`${SAID} && ((article.internal == \`false\` && 'public') || 'internal') || null`),
        },
        attachments: { list: at('!isState && article.attachments || null'), name: 'filename', contentType: at('preferences."Content-Type" || preferences."Mime-Type"'), id: 'id', url: 'url' },
      },
    }],
  },
  polling: {
    Ticket: {
      path: '/api/v1/tickets/search', everySeconds: 60,
      query: { 'condition[ticket.updated_at][operator]': 'after (absolute)', 'condition[ticket.updated_at][value]': '{{cursor}}', 'expand': 'true', 'sort_by': 'updated_at', 'order_by': 'asc' },
      cursor: { type: 'timestamp', field: 'updated_at', overlapSeconds: 120 }, paging: { type: 'page', parameter: 'page', limitParameter: 'per_page', size: 100 }, version: ['id', 'updated_at'],
    },
  },
};
