import { at, BASE_URL, blank, HTML_COMMENT, IS_INTERNAL, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

const status: ValueTable = [
  ['new', 1], ['assigned', 2], ['inProgress', 2], ['reopened', 2], ['inProgress', 3], ['pending', 4], ['onHold', 4], ['resolved', 5], ['closed', 6], ['cancelled', 6],
];
/** There 5 is the highest, and 6 is a priority that only people give. */
const level: ValueTable = [['1', 5], ['2', 4], ['3', 3], ['4', 2], ['5', 1], ['1', 6]];

/** Without impact and urgency of its own a message is classed by its priority: the diagonal of the matrix that computes it there. */
const either = (own: string): object => ({ $if: `attributes.${own}`, $then: outward(level, own), $else: outward(level, 'priority') });
const FIELDS = { name: '{{attributes.title | truncate:255}}', content: '{{attributes.description | toHtml}}', impact: either('impact'), urgency: either('urgency') };
const IS_SOLVED = "attributes.status == 'resolved' && attributes.resolution";
const HAS_FIELDS = `attributes.title || attributes.description || attributes.priority || attributes.impact || attributes.urgency || (attributes.status && !(${IS_SOLVED}))`;

/** An update is answered 200 with a boolean under the ticket's own id. */
const WRITTEN = { successWhen: [{ body: 'contains(values([0]), `true`)' }] };
const child = (input: object): object => ({ input: { itemtype: 'Ticket', items_id: '{{ticketId}}', ...input } });
const followup = (isPrivate: 0 | 1): object => ({ method: 'POST', path: '/ITILFollowup', body: child({ content: HTML_COMMENT, is_private: isPrivate }) });

const VALUES = { status, impact: level, urgency: level, priority: level };

/** Of a comment, which names what it belongs to; null of the ticket itself. */
const ofComment = (value: string): string => `items_id && ${value} || null`;

export const glpi: Preset = {
  id: 'glpi', title: 'GLPI', version: 1, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Tickets by the REST API of GLPI 10 (and 11): created, updated, commented, solved, files; what changes there is polled.',
  blanks: [
    BASE_URL, secretBlank('/settings/auth/password', 'API token of the integration user'), secretBlank('/settings/secrets/appToken', 'Application token of the API client'),
    blank('/settings/integrationUser', 'Id of the integration user, a number'), blank('/entityTypes/0/poll/cursor/zone', 'Time zone of the integration user there'), blank('/entityTypes/0/inbound/occurredAt/zone', 'The same time zone'),
  ],
  values: VALUES,
  endpoint: {
    name: 'GLPI', adapter: 'rest',
    settings: {
      baseUrl: 'https://glpi.example.com/apirest.php', integrationUser: '2', echoByValue: false, secrets: { appToken: SECRET },
      auth: {
        type: 'session', password: SECRET, login: { method: 'GET', path: '/initSession', form: 'none', headers: { Authorization: 'user_token {{password}}', 'App-Token': '{{secrets.appToken}}' } },
        token: 'session_token', headers: { 'Session-Token': '{{token}}', 'App-Token': '{{secrets.appToken}}' }, logout: { method: 'GET', path: '/killSession' },
      },
      check: { path: '/Ticket?range=0-0' },
      // Errors are a list of a code and a sentence, or of a code and what became of each item. Rights that a ticket asks for are not who we are.
      answers: { error: at("[0].message || [1][0].message || (type([1]) == 'string' && join(': ', [[0], [1]])) || [0]"), rejectedWhen: [{ status: [401, 403], body: "[0] == 'ERROR_RIGHT_MISSING'" }] },
    },
    entityTypes: [{
      name: 'Ticket',
      operations: {
        create: { method: 'POST', path: '/Ticket', body: { input: { ...FIELDS, type: 1, externalid: '{{correlationKey}}', status: outward(status, 'status'), _users_id_requester: '{{attributes.requester.id}}' } } },
        update: {
          steps: [
            { id: 'ticket', when: HAS_FIELDS, method: 'PUT', path: '/Ticket/{{ticketId}}', body: { input: { ...FIELDS, status: { $if: IS_SOLVED, $else: outward(status, 'status') } } }, answer: WRITTEN },
            // A solution solves the ticket by itself.
            { id: 'solution', when: IS_SOLVED, method: 'POST', path: '/ITILSolution', body: child({ content: '{{attributes.resolution | toHtml}}' }) },
            { id: 'comment', when: IS_PUBLIC, ...followup(0) },
            { id: 'note', when: IS_INTERNAL, ...followup(1) },
          ],
        },
        // A document that is made for an item is linked with it in the same request.
        attach: { method: 'POST', path: '/Document', form: 'multipart', jsonPart: 'uploadManifest', field: 'filename[0]', body: child({ name: '{{file.name}}', _filename: ['{{file.name}}'] }) },
      },
      response: { ticketId: 'id' },
      lookup: {
        method: 'GET', path: '/Ticket?searchText[externalid]={{correlationKey}}&range=0-1', ticketId: at("type(@) == 'array' && length(@) == `1` && [0].id"),
        absentWhen: [{ status: [200, 206], body: "type(@) == 'array' && length(@) == `0`" }],
      },
      inbound: {
        // The list tells columns by numbers; the ticket is read by its id, with its newest comments.
        complete: [
          { id: 'ticket', method: 'GET', path: '/Ticket/{{event.2}}' },
          { id: 'comments', method: 'GET', path: '/Ticket/{{event.2}}/ITILFollowup?range=0-49&order=DESC' },
        ],
        each: at('[[ticket], comments][]'), recent: { time: { path: 'date_mod', zone: 'UTC' }, reference: { path: 'ticket.date_mod', zone: 'UTC' } },
        ticketId: { path: 'ticket.id', root: true }, sender: at('(items_id && users_id) || users_id_lastupdater'), occurredAt: { path: 'date_mod', zone: 'UTC' }, eventId: [at("items_id && 'comment'"), 'id', 'date_mod'],
        attributes: {
          'ticket.id': { jmespath: 'to_string(ticket.id)', root: true }, 'ticket.number': { jmespath: 'to_string(ticket.id)', root: true }, 'ticket.externalId': at("externalid != '' && externalid || null"),
          title: 'name', description: { jmespath: '!(items_id) && content || null', html: true },
          status: inward(status, 'status'), priority: inward(level, 'priority'), impact: inward(level, 'impact'), urgency: inward(level, 'urgency'),
          'comment.id': at(ofComment('id')), 'comment.text': { jmespath: ofComment('content'), html: true }, 'comment.author': at(ofComment('to_string(users_id)')),
          'comment.visibility': at(ofComment("(is_private == `0` && 'public' || 'internal')")),
        },
      },
      poll: {
        path: '/search/Ticket',
        query: { 'criteria[0][field]': '19', 'criteria[0][searchtype]': 'morethan', 'criteria[0][value]': '{{cursor}}', sort: '19', order: 'ASC', 'forcedisplay[0]': '2', 'forcedisplay[1]': '19', 'forcedisplay[2]': '1', 'forcedisplay[3]': '3', 'forcedisplay[4]': '12' },
        // A second may bring two changes: title, priority and status tell them apart. Without rows there is no list, but a count that says so.
        list: at('data || (totalcount == `0` && `[]`)'),
        cursor: { type: 'timestamp', field: '19', format: 'yyyy-MM-dd HH:mm:ss', zone: 'UTC', overlapSeconds: 60 }, paging: { type: 'range', parameter: 'range', size: 50 }, version: ['2', '19', '1', '3', '12'],
      },
    }],
  },
};

const TIMELINE = '/Assistance/Ticket/{{ticketId}}/Timeline';
const STATUS = { $if: `attributes.status && !(${IS_SOLVED})`, $then: { id: outward(status, 'status') } };
/** Of a followup, which names what it belongs to; null of the ticket itself. */
const ofFollowup = (value: string): string => `itemtype && ${value} || null`;

export const glpi11: Preset = {
  id: 'glpi-11', title: 'GLPI 11', version: 4, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Tickets by the high-level API of GLPI 11: created, updated, commented, solved; signed webhooks bring what changes there, or tickets are polled.',
  blanks: [
    BASE_URL, blank('/settings/auth/clientId', 'Client id of the OAuth client'), secretBlank('/settings/auth/clientSecret', 'Its secret'),
    blank('/settings/auth/username', 'User name of the integration user'), secretBlank('/settings/auth/password', 'Its password'), blank('/settings/integrationUser', 'Its id, a number'),
    secretBlank('/settings/verification/secret', 'Secret of the webhooks'), secretBlank('/settings/handshake/secret', 'The same secret once more'),
  ],
  values: VALUES,
  endpoint: {
    name: 'GLPI', adapter: 'rest',
    settings: {
      baseUrl: 'https://glpi.example.com/api.php', integrationUser: '2', verification: { type: 'glpi', secret: SECRET }, handshake: { type: 'hmacQuery', parameter: 'crc_token', secret: SECRET },
      auth: { type: 'oauth2', grant: 'password', tokenUrl: '/token', clientAuth: 'body', clientId: 'client-id', clientSecret: SECRET, scope: 'api', username: 'parley', password: SECRET },
      check: { path: '/Assistance/Ticket?limit=1' },
      answers: { error: at("join(': ', [title, detail][?@])"), rejectedWhen: [{ status: [401, 403], body: "status == 'ERROR_RIGHT_MISSING'" }] },
    },
    entityTypes: [{
      name: 'Ticket',
      operations: {
        create: { method: 'POST', path: '/Assistance/Ticket', body: { ...FIELDS, type: 1, external_id: '{{correlationKey}}', status: STATUS } },
        update: {
          steps: [
            { id: 'ticket', when: HAS_FIELDS, method: 'PATCH', path: '/Assistance/Ticket/{{ticketId}}', idempotent: true, body: { ...FIELDS, status: STATUS } },
            { id: 'solution', when: IS_SOLVED, method: 'POST', path: `${TIMELINE}/Solution`, body: { content: '{{attributes.resolution | toHtml}}' } },
            { id: 'comment', when: 'attributes.comment.text', method: 'POST', path: `${TIMELINE}/Followup`, body: { content: HTML_COMMENT, is_private: { $query: `!(${IS_PUBLIC})` } } },
          ],
        },
      },
      response: { ticketId: 'id' },
      lookup: {
        method: 'GET', path: '/Assistance/Ticket?filter=external_id=={{correlationKey}}&limit=2', ticketId: at("type(@) == 'array' && length(@) == `1` && [0].id"),
        absentWhen: [{ status: [200], body: "type(@) == 'array' && length(@) == `0`" }],
      },
      inbound: {
        // Comments of problems and changes come by the same webhook.
        when: { body: "item && event != 'delete' && (!(item.itemtype) || item.itemtype == 'Ticket')" },
        // Of a polled ticket: itself, or one of the followups of its timeline.
        each: at('[part.item || item]'),
        ticketId: at('itemtype && items_id || id'), sender: at(ofFollowup('(user.id || users_id)')), senderName: at(ofFollowup('user.name')), occurredAt: 'date_mod',
        eventId: [at("itemtype && 'comment' || 'ticket'"), 'id', { path: 'event', root: true }, 'date_mod', at('to_string([status.id, priority, impact, urgency])')],
        attributes: {
          'ticket.id': at('to_string(itemtype && items_id || id)'), 'ticket.number': at('to_string(itemtype && items_id || id)'), 'ticket.externalId': at("external_id != '' && external_id || null"),
          title: 'name', description: { jmespath: '!(itemtype) && content || null', html: true },
          status: inward(status, 'status.id'), priority: inward(level, 'priority'), impact: inward(level, 'impact'), urgency: inward(level, 'urgency'), category: 'category.name', event: { path: 'event', root: true },
          'comment.id': at(ofFollowup('to_string(id)')), 'comment.text': { jmespath: ofFollowup('content'), html: true },
          'comment.author': at(ofFollowup('(user.name || users_id && to_string(users_id))')), 'comment.visibility': at(ofFollowup("(is_private == `false` && 'public' || 'internal')")),
        },
      },
    }],
  },
  polling: {
    Ticket: {
      // What is compared is a text to the database there: a time in its own zone.
      path: '/Assistance/Ticket', query: { filter: 'date_mod=ge="{{cursor}}"', sort: 'date_mod:asc,id:asc' }, cursor: { type: 'timestamp', field: 'date_mod', format: 'yyyy-MM-dd HH:mm:ss', zone: 'UTC', overlapSeconds: 60 },
      paging: { type: 'offset', parameter: 'start', limitParameter: 'limit', size: 100 },
      parts: { path: '/Assistance/Ticket/{{item.id}}/Timeline/Followup', list: at('@'), time: 'item.date_creation' },
      // A followup without its author might be our own, and would go to and fro.
      when: '!(item.is_deleted) && (!(part) || part.item.user.id)',
      version: [at("part && join(':', ['comment', to_string(part.item.id)]) || join(':', ['ticket', to_string(item.id), item.date_mod, item.name, to_string([item.status.id, item.priority, item.impact, item.urgency])])")],
    },
  },
};
