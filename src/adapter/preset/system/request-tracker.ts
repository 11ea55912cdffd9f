import { at, BASE_URL, blank, COMMENT, IS_INTERNAL, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** The default lifecycle; `rejected` and `deleted` are ends without a solution. */
const status: ValueTable = [
  ['new', 'new'], ['inProgress', 'open'], ['assigned', 'open'], ['reopened', 'open'], ['pending', 'stalled'], ['onHold', 'stalled'], ['resolved', 'resolved'], ['closed', 'resolved'], ['cancelled', 'rejected'], ['cancelled', 'deleted'],
];
/** A number from 0 to 100 there, 100 the highest; what lies between counts as the nearest. */
const priority: ValueTable = [['1', 100], ['2', 75], ['3', 50], ['4', 25], ['5', 0]];

/** Entries of the history that are messages. Mails that RT sends, and what it says of them, are none. */
const TYPES = ['Create', 'Correspond', 'Comment', 'Status', 'Set'].map((type) => `Type = '${type}'`).join(' OR ');
const FIELDS_TOLD = "Type != 'Set' || contains(['Subject', 'Priority', 'Owner'], Field)";

// A change that another has followed is not told: that one tells itself, or was ours. RT opens by itself what we answer and then resolve.
const LEVEL = 'to_number(ticket.Priority)';
const PRIORITY = at(`(event.Type == 'Create' || (event.Field == 'Priority' && to_number(event.NewValue) == ${LEVEL})) && ((${LEVEL} >= \`88\` && '1') || (${LEVEL} >= \`63\` && '2') || (${LEVEL} >= \`38\` && '3') || (${LEVEL} >= \`13\` && '4') || '5') || null`);
const STATUS = "((event.Type == 'Create' || (event.Type == 'Status' && event.NewValue == ticket.Status)) && ticket.Status || null)";

/** The text of an entry: its plain part, else what its HTML says. */
const textWhen = (condition: string): object => {
  const part = (type: string): string => `(${condition}) && parts[?!Filename && ContentType == '${type}'].Content | [0]`;
  return { jmespath: part('text/plain'), base64: true, else: { jmespath: part('text/html'), base64: true, html: true } };
};
const IS_COMMENT = "(event.Type == 'Correspond' || event.Type == 'Comment')";
const telling = (expression: string): object => at(`${IS_COMMENT} && ${expression} || null`);

const TICKET = '/ticket/{{ticketId}}';
/** A form rather than JSON alone: names of files that are not ASCII are spoilt in JSON, or answered 500. */
const FORM = { form: 'multipart', jsonPart: 'JSON', field: 'Attachments' };
const NOTE = { Content: { $if: 'attributes.comment.text', $then: COMMENT, $else: { $query: "join(', ', files[].name)" } }, ContentType: 'text/plain' };
const CHANGES = { Subject: '{{attributes.title | truncate:200}}', Status: outward(status, 'status'), Priority: outward(priority, 'priority') };

/** Sentences by which a 200 says that something was not done. Those that tell of a change may hold any words of a title. */
const NOT_DONE = ['Permission Denied', 'does not exist', 'a valid status', 'change status from', 'could not', 'Could not'].map((words) => `contains(@, '${words}')`).join(' || ');

const OPERATIONS = {
  create: {
    steps: [
      {
        id: 'create', main: true, method: 'POST', path: '/ticket', ...FORM,
        body: {
          ...CHANGES, Queue: '{{variables.queue}}', Requestor: '{{attributes.requester.email}}', Content: '{{attributes.description}}', ContentType: 'text/plain', CustomFields: { ParleyRef: '{{correlationKey}}' },
          // A ticket cannot begin in any other state; the next step takes it there.
          Status: { $if: "attributes.status == 'inProgress' || attributes.status == 'assigned' || attributes.status == 'reopened'", $then: 'open' },
        },
      },
      { id: 'status', when: "contains(['pending', 'onHold', 'resolved', 'closed', 'cancelled'], attributes.status || '')", method: 'PUT', path: TICKET, body: { Status: outward(status, 'status') } },
      { id: 'correspond', when: IS_PUBLIC, method: 'POST', path: `${TICKET}/correspond`, body: NOTE },
      { id: 'comment', when: IS_INTERNAL, method: 'POST', path: `${TICKET}/comment`, body: NOTE },
    ],
  },
  update: {
    steps: [
      // The comment first: one behind a resolution would open the ticket again.
      { id: 'correspond', when: IS_PUBLIC, method: 'POST', path: `${TICKET}/correspond`, ...FORM, body: NOTE },
      { id: 'comment', when: `(${IS_INTERNAL}) || (!(attributes.comment.text) && files)`, method: 'POST', path: `${TICKET}/comment`, ...FORM, body: NOTE },
      { id: 'fields', when: 'attributes.title || attributes.status || attributes.priority', method: 'PUT', path: TICKET, body: CHANGES, unchanged: {} },
    ],
  },
};

const INBOUND = {
  ticketId: 'event.ObjectId', sender: 'event.Creator.id', occurredAt: 'event.Created', messageType: 'event.Type',
  complete: [
    { id: 'ticket', method: 'GET', path: '/ticket/{{event.ObjectId}}' },
    { id: 'list', when: "event.Type == 'Create' || event.Type == 'Correspond' || event.Type == 'Comment'", method: 'GET', path: '/transaction/{{event.id}}/attachments?fields=Filename,ContentType,ContentLength&per_page=100' },
    { id: 'parts', each: "answers.list.items[?!starts_with(ContentType, 'multipart/') && to_number(ContentLength) < `11000000`]", method: 'GET', path: '/attachment/{{item.id}}' },
  ],
  attachments: { list: at('parts[?Filename]'), name: 'Filename', contentType: 'ContentType', content: 'Content' },
  attributes: {
    'ticket.id': 'event.ObjectId', 'ticket.number': 'event.ObjectId', 'ticket.externalId': at("ticket.CustomFields[?name == 'ParleyRef'].values[0] | [0]"),
    title: 'ticket.Subject', description: textWhen("event.Type == 'Create'"), status: inward(status, STATUS), priority: PRIORITY,
    assignee: at("ticket.Owner.id != 'Nobody' && ticket.Owner.id || null"), 'requester.id': 'ticket.Requestor[0].id', 'requester.email': at("contains(ticket.Requestor[0].id || '', '@') && ticket.Requestor[0].id || null"),
    event: 'event.Type', 'comment.text': textWhen(IS_COMMENT), 'comment.author': telling('event.Creator.id'), 'comment.visibility': telling("((event.Type == 'Correspond' && 'public') || 'internal')"),
  },
};

export const requestTracker: Preset = {
  id: 'request-tracker', title: 'Request Tracker 5', version: 2, lastChecked: '2026-11-21', testedAgainst: 'system',
  description: 'Tickets by REST2: created, changed, replied to and commented, files; what changes there is read from the history of its queue.',
  blanks: [
    blank('/settings/baseUrl', `${BASE_URL.label}, with /REST/2.0`), secretBlank('/settings/auth/value', 'The word token, a blank, and the token of Parley\'s user'),
    blank('/settings/integrationUser', 'Name of that user'), blank('/settings/variables/queue', 'Name of the queue'),
  ],
  values: { status, priority },
  endpoint: {
    name: 'Request Tracker', adapter: 'rest',
    settings: {
      baseUrl: 'https://rt.example.com/REST/2.0', auth: { type: 'header', name: 'Authorization', value: SECRET }, integrationUser: 'parley', echoByValue: false, variables: { queue: 'General' }, check: { path: '/rt' }, maxAnswerBytes: 16_777_216,
      // 404 without JSON speaks of the address, not of a ticket.
      // 403 speaks of a queue or a ticket; who is not known is told 401.
      answers: { notFoundWhen: [{ status: [404], body: 'message' }], error: at("message || join(' ', @)"), rejectedWhen: [{ status: [403] }, { status: [200, 201], body: `[?!contains(@, ' changed ') && (${NOT_DONE})]` }] },
    },
    entityTypes: [{
      name: 'Ticket', operations: OPERATIONS, response: { ticketId: 'id' },
      lookup: { method: 'GET', path: '/tickets?query=%27CF.%7BParleyRef%7D%27%20%3D%20%27{{correlationKey}}%27&per_page=2', ticketId: at('count == `1` && items[0].id'), absentWhen: [{ status: [200], body: 'count == `0`' }] },
      inbound: INBOUND,
      poll: {
        everySeconds: 30, path: '/transactions', list: 'items', version: ['id'], when: FIELDS_TOLD,
        query: {
          // Times are read in the zone of Parley's user, and lose their hours where they say a zone of their own.
          query: `ObjectType = 'RT::Ticket' AND TicketQueue = '{{variables.queue}}' AND Creator != '__CurrentUser__' AND Created >= '{{cursor | date:'yyyy-MM-dd HH:mm:ss':'utc'}}' AND (${TYPES})`,
          fields: 'Type,Field,OldValue,NewValue,Creator,Created,ObjectId', orderby: 'id', order: 'ASC',
        },
        cursor: { type: 'timestamp', field: 'Created', overlapSeconds: 60 },
        // How many there are is not told, and entries that may not be seen are taken out of a page.
        paging: { type: 'page', parameter: 'page', limitParameter: 'per_page', size: 100, shortIsLast: false },
      },
    }],
  },
};
