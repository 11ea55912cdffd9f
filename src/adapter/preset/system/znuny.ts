import { at, BASE_URL, blank, COMMENT, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** States of a new installation; there is none between open and closed. */
export const STATUS: ValueTable = [
  ['new', 'new'], ['inProgress', 'open'], ['assigned', 'open'], ['reopened', 'open'], ['pending', 'pending reminder'], ['onHold', 'pending reminder'], ['resolved', 'closed successful'], ['closed', 'closed successful'], ['cancelled', 'closed unsuccessful'],
  ['resolved', 'closed with workaround'], ['pending', 'pending auto close+'], ['pending', 'pending auto close-'], ['closed', 'merged'], ['cancelled', 'removed'],
];
/** There 5 is the highest. */
export const PRIORITY: ValueTable = [['1', '5 very high'], ['2', '4 high'], ['3', '3 normal'], ['4', '2 low'], ['5', '1 very low']];

export const IS_WAITING = "attributes.status == 'pending' || attributes.status == 'onHold'";
/** What an update may change of the ticket itself; an empty ticket is refused. */
export const HAS_FIELDS = 'attributes.title || attributes.status || attributes.priority || attributes.assignmentGroup';
/** Files hang on an article; where no comment carries them, a note does. */
export const HAS_ARTICLE = 'attributes.comment.text || files';
export const VARIABLES = { user: 'parley', queue: 'Raw', customer: 'parley-customer', pendingMinutes: '1440' };
export const COMMON_BLANKS = [
  blank('/settings/variables/user', 'Login of the integration agent'), secretBlank('/settings/secrets/password', 'Its password'), blank('/settings/integrationUser', 'Its id, a number'),
  blank('/settings/variables/queue', 'Queue of new tickets'), blank('/settings/variables/customer', 'Customer user of tickets whose requester is not known there'), blank('/entityTypes/0/inbound/occurredAt/zone', 'Time zone of the server there'),
];

const WHO = { UserLogin: '{{variables.user}}', Password: '{{secrets.password}}' };
const WAIT = { $if: IS_WAITING, $then: { Diff: '{{variables.pendingMinutes}}' } };
const FILES = { $if: 'files', $then: { $each: 'files', $as: { Filename: '{{item.name}}', ContentType: '{{item.contentType}}', Content: '{{item.contentBase64}}' } } };
const TEXT = { CommunicationChannel: 'Internal', SenderType: 'agent', ContentType: 'text/plain; charset=utf8' };
const or = (condition: string, value: unknown, other: unknown): object => ({ $if: condition, $then: value, $else: other });

const CREATE = {
  ...WHO,
  Ticket: {
    Title: '{{attributes.title | truncate:255}}', Queue: or('attributes.assignmentGroup', '{{attributes.assignmentGroup}}', '{{variables.queue}}'), State: or('attributes.status', outward(STATUS, 'status'), 'new'), PendingTime: WAIT,
    Priority: or('attributes.priority', outward(PRIORITY, 'priority'), '3 normal'), CustomerUser: or('attributes.requester.id', '{{attributes.requester.id}}', '{{variables.customer}}'),
  },
  Article: { ...TEXT, IsVisibleForCustomer: 1, Subject: '{{attributes.title | truncate:255}}', Body: or('attributes.description', '{{attributes.description}}', '{{attributes.title}}') },
  DynamicField: [{ Name: 'ParleyKey', Value: '{{correlationKey}}' }], Attachment: FILES,
};
const UPDATE = {
  ...WHO, TicketID: '{{ticketId}}',
  Ticket: { $if: HAS_FIELDS, $then: { Title: '{{attributes.title | truncate:255}}', Queue: '{{attributes.assignmentGroup}}', State: outward(STATUS, 'status'), PendingTime: WAIT, Priority: outward(PRIORITY, 'priority') } },
  Article: {
    $if: HAS_ARTICLE,
    $then: { ...TEXT, IsVisibleForCustomer: { $query: "(attributes.comment.text && attributes.comment.visibility == 'public') && `1` || `0`" }, Subject: '{{attributes.title | default:"Note"}}', Body: or('attributes.comment.text', COMMENT, 'Files from the other system') },
  },
  Attachment: FILES,
};

const isArticle = (value: string): object => at(`ArticleID && ${value} || null`);

export const znuny: Preset = {
  id: 'znuny', title: 'Znuny and OTOBO', version: 3, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Tickets by a REST web service of the generic interface: created, updated, commented, files; an invoker tells what changes there, or what changed is searched for.',
  blanks: [BASE_URL, ...COMMON_BLANKS],
  values: { status: STATUS, priority: PRIORITY },
  endpoint: {
    name: 'Znuny', adapter: 'rest',
    settings: {
      baseUrl: 'https://znuny.example.com/znuny/nph-genericinterface.pl/Webservice/Parley', integrationUser: '2', echoByValue: false, variables: VARIABLES, secrets: { password: SECRET }, maxAnswerBytes: 8_388_608,
      check: { method: 'POST', path: '/TicketSearch', body: { ...WHO, Limit: 1 } },
      // Everything is answered 200: an error is a member of the answer.
      answers: { error: 'Error.ErrorMessage', credentialsWhen: [{ body: "ends_with(to_string(Error.ErrorCode), '.AuthFail')" }], notFoundWhen: [{ body: "Error.ErrorCode == 'TicketGet.AccessDenied'" }], rejectedWhen: [{ body: 'Error' }] },
    },
    entityTypes: [{
      name: 'Ticket',
      operations: { create: { method: 'POST', path: '/TicketCreate', body: CREATE, extract: { number: 'TicketNumber' } }, update: { method: 'POST', path: '/TicketUpdate', body: UPDATE } },
      response: { ticketId: 'TicketID' },
      // A search that finds nothing answers an empty object.
      lookup: {
        method: 'POST', path: '/TicketSearch', body: { ...WHO, DynamicField_ParleyKey: { Equals: '{{correlationKey}}' }, Limit: 2 },
        ticketId: at('length(TicketID) == `1` && TicketID[0]'), absentWhen: [{ status: [200], body: "type(@) == 'object' && length(keys(@)) == `0`" }, { status: [200], body: "type(TicketID) == 'array' && length(TicketID) == `0`" }],
      },
      inbound: {
        complete: [{ id: 'found', when: '!(event.item)', method: 'POST', path: '/TicketGet', body: { ...WHO, TicketID: { $query: 'event.TicketID || event.Event.TicketID || event.Ticket.TicketID' }, AllArticles: 1 } }],
        // The ticket, then its articles but the first, which is its description; of what was searched for one of these.
        each: at('(event.item && [event.part || event.item]) || [[found.Ticket[0]], found.Ticket[0].Article[1:]][]'), recent: { time: { path: 'CreateTime', zone: 'UTC' }, reference: { jmespath: '(found.Ticket[0] || event.item).Changed', zone: 'UTC' } },
        ticketId: 'TicketID', sender: at('(ArticleID && CreateBy) || ChangeBy'), occurredAt: { jmespath: '(ArticleID && CreateTime) || Changed', zone: 'UTC' },
        eventId: at("ArticleID && join(':', ['article', to_string(ArticleID)]) || join(':', ['ticket', to_string(TicketID), Changed, State, Priority, Queue, Title])"),
        attributes: {
          'ticket.id': at('to_string(TicketID)'), 'ticket.number': 'TicketNumber', 'ticket.type': 'Type', title: 'Title', description: 'Article[0].Body', status: inward(STATUS, 'State'), priority: inward(PRIORITY, 'Priority'),
          assignmentGroup: 'Queue', assignee: 'Owner', 'requester.id': 'CustomerUserID',
          'comment.id': isArticle('to_string(ArticleID)'), 'comment.text': isArticle('Body'), 'comment.author': isArticle('From'), 'comment.visibility': isArticle("(to_string(IsVisibleForCustomer) == '1' && 'public' || 'internal')"),
        },
      },
    }],
  },
  polling: {
    Ticket: {
      everySeconds: 60, method: 'POST', path: '/TicketSearch', body: { ...WHO, TicketLastChangeTimeNewerDate: '{{cursor}}', SortBy: 'Changed', OrderBy: 'Up', Limit: 500 },
      // The search gives ids alone, and no list where it finds nothing.
      list: at('TicketID || `[]`'),
      parts: {
        method: 'POST', path: '/TicketGet', body: { ...WHO, TicketID: '{{item}}', AllArticles: 1 },
        item: at('merge(Ticket[0], { Article: Ticket[0].Article[:1] })'), list: at('Ticket[0].Article[1:] || `[]`'), time: 'CreateTime',
      },
      // One that was moved out of sight meanwhile is left out.
      when: 'item.TicketID', cursor: { type: 'timestamp', field: 'Changed', format: 'yyyy-MM-dd HH:mm:ss', zone: 'UTC', overlapSeconds: 60 },
      version: [at("part && join(':', ['article', to_string(part.ArticleID)]) || join(':', ['ticket', to_string(item.TicketID), item.Changed, item.State, item.Priority, item.Queue, item.Title])")],
    },
  },
};
