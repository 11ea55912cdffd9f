import { at, BASE_URL, blank, COMMENT, IS_INTERNAL, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** Ids of a new installation: New, In Progress, Resolved, Feedback, Closed, Rejected. */
const status: ValueTable = [['new', 1], ['inProgress', 2], ['assigned', 2], ['reopened', 2], ['resolved', 3], ['pending', 4], ['onHold', 4], ['closed', 5], ['cancelled', 6]];
/** Low, Normal, High, Urgent, Immediate; Normal is what nobody thought about. */
const priority: ValueTable = [['1', 5], ['2', 4], ['2', 3], ['3', 2], ['4', 1], ['5', 1]];

const ISSUE = '/issues/{{ticketId}}.json';
const WANTED = `to_string(${outward(status, 'status').$query})`;

const CHANGES = { subject: '{{attributes.title | truncate:255}}', priority_id: outward(priority, 'priority') };
const UPLOADS = { $if: 'files', $then: { $each: 'files', $as: { token: '{{item.token}}', filename: '{{item.name}}', content_type: '{{item.contentType}}' } } };
const NOTES = { notes: { $if: 'attributes.comment.text', $then: COMMENT }, private_notes: { $if: IS_INTERNAL, $then: true } };

/** Whether a change adds something, and not only sets fields. */
const ADDS = 'attributes.comment.text || files';

/** Where the role of Parley's user may not make notes private, they become public there without a word. */
const MAY_NOTE = [
  { id: 'me', when: IS_INTERNAL, method: 'GET', path: '/users/current.json?include=memberships', extract: { isAdmin: 'user.admin', roles: at('user.memberships[].roles[].id') } },
  {
    id: 'roles', when: `(${IS_INTERNAL}) && !(steps.me.isAdmin)`, each: 'steps.me.roles', method: 'GET', path: '/roles/{{item}}.json', extract: { may: at("contains(role.permissions, 'set_notes_private') && 'yes'") },
    failWhen: "length(steps.roles) == `0` || steps.roles[?may != 'yes']", failMessage: 'The role of Parley\'s user may not set notes as private; the comment would be public.',
  },
];

const OPERATIONS = {
  upload: { method: 'POST', path: '/uploads.json?filename={{file.name}}&content_type={{file.contentType}}', form: 'binary', contentType: 'application/octet-stream', extract: { token: 'upload.token' } },
  create: {
    steps: [
      ...MAY_NOTE,
      {
        id: 'create', main: true, method: 'POST', path: '/issues.json', extract: { status: at('to_string(issue.status.id)') },
        body: { issue: { ...CHANGES, project_id: '{{variables.project}}', tracker_id: '{{variables.tracker}}', description: '{{attributes.description}}', custom_fields: [{ id: '{{variables.field | number}}', value: '{{correlationKey}}' }], uploads: UPLOADS } },
      },
      // A new issue begins where its workflow begins, whatever it was sent with; notes are only taken behind that.
      { id: 'more', when: `attributes.comment.text || (attributes.status && ${WANTED} != steps.create.status)`, method: 'PUT', path: ISSUE, idempotent: false, body: { issue: { status_id: outward(status, 'status'), ...NOTES } } },
    ],
  },
  update: {
    steps: [
      ...MAY_NOTE,
      // A status that is not allowed is dropped there without a word.
      {
        id: 'now', when: 'attributes.status', method: 'GET', path: `${ISSUE}?include=allowed_statuses`, extract: { status: at('to_string(issue.status.id)'), allowed: at('issue.allowed_statuses[].to_string(id)') },
        failWhen: `steps.now.allowed && steps.now.status != ${WANTED} && !contains(steps.now.allowed, ${WANTED})`, failMessage: 'The workflow does not let Parley\'s user set {{attributes.status}} from where the issue is.',
      },
      // The same fields once more do no harm.
      { id: 'set', when: `!(${ADDS})`, method: 'PUT', path: ISSUE, body: { issue: { ...CHANGES, status_id: outward(status, 'status') } } },
      // Notes are added each time, so the same once more does harm; a file's token works once.
      { id: 'write', when: ADDS, method: 'PUT', path: ISSUE, idempotent: false, body: { issue: { ...CHANGES, status_id: outward(status, 'status'), ...NOTES, uploads: UPLOADS } } },
    ],
  },
};

/** The id of what an issue is by now, where it is new or this entry made it so. A change that another has followed is not told: that one tells itself, or was ours. */
const now = (name: string): string => `((!part || to_string(item.${name}.id) == (part.details[?property == 'attr' && name == '${name}_id'].new_value | [0])) && to_string(item.${name}.id) || null)`;
const HAS_NOTES = "(part.notes && part.notes != '')";
const TOLD = ['status_id', 'priority_id', 'subject', 'assigned_to_id'].map((name) => `name == '${name}'`).join(' || ');

/** Of an issue, what its messages may tell; its journal would be in each of them. */
const ISSUE_NOW = `issue.{${['id', 'subject', 'description', 'status', 'priority', 'tracker', 'author', 'assigned_to', 'category', 'custom_fields', 'created_on'].map((name) => `${name}: ${name}`).join(', ')}}`;

/** The issue as it is, and beside it one entry of its journal or one of its files. */
const INBOUND = {
  ticketId: 'item.id', sender: at('to_string((part.user || part.author || item.author).id)'), senderName: at('(part.user || part.author || item.author).name'), occurredAt: at('part.created_on || item.created_on'),
  messageType: at("(!part && 'created') || (part.content_url && 'file') || 'changed'"),
  attachments: { list: at('part.content_url && [part] || `[]`'), name: 'filename', contentType: 'content_type', url: at("join('/', ['attachments/download', to_string(id)])") },
  attributes: {
    'ticket.id': at('to_string(item.id)'), 'ticket.number': at('to_string(item.id)'), 'ticket.type': 'item.tracker.name', 'ticket.externalId': at("item.custom_fields[?name == 'ParleyRef'].value | [0]"),
    title: 'item.subject', description: at('!part && item.description || null'),
    status: inward(status, now('status')), priority: inward(priority, now('priority')),
    'requester.name': 'item.author.name', assignee: 'item.assigned_to.name', category: 'item.category.name', event: at("(!part && 'created') || (part.content_url && 'file') || 'changed'"),
    'comment.text': at(`${HAS_NOTES} && part.notes || null`), 'comment.author': at(`${HAS_NOTES} && part.user.name || null`), 'comment.visibility': at(`${HAS_NOTES} && ((part.private_notes == \`false\` && 'public') || 'internal') || null`),
  },
};

export const redmine: Preset = {
  id: 'redmine', title: 'Redmine', version: 1, lastChecked: '2026-11-21', testedAgainst: 'system',
  description: 'Issues of a project: created, changed, commented publicly or privately, files; what changes there is polled, with journals.',
  blanks: [
    BASE_URL, secretBlank('/settings/auth/value', 'API key of Parley\'s user'), blank('/settings/integrationUser', 'Id of that user, a number'), blank('/settings/variables/project', 'Identifier of the project'),
    blank('/settings/variables/tracker', 'Id of the tracker, a number'), blank('/settings/variables/field', 'Id of the custom field ParleyRef, a number'),
  ],
  values: { status, priority },
  endpoint: {
    name: 'Redmine', adapter: 'rest',
    settings: {
      baseUrl: 'https://redmine.example.com', auth: { type: 'header', name: 'X-Redmine-API-Key', value: SECRET }, integrationUser: '5', echoByValue: false, variables: { project: 'itsm', tracker: '1', field: '1' },
      // Lists are answered to anybody, empty; this is not.
      check: { path: '/users/current.json' },
      // 403 speaks of this issue or project; who is not known is told 401.
      answers: { error: at("join('; ', errors)"), rejectedWhen: [{ status: [403] }] },
    },
    entityTypes: [{
      name: 'Issue', operations: OPERATIONS, response: { ticketId: 'issue.id' },
      lookup: { method: 'GET', path: '/issues.json?status_id=*&cf_{{variables.field}}={{correlationKey}}&limit=2', ticketId: at("total_count == `1` && (issues[?custom_fields[?name == 'ParleyRef' && value]].id | [0])"), absentWhen: [{ status: [200], body: 'total_count == `0`' }] },
      inbound: INBOUND,
      poll: {
        everySeconds: 30, path: '/issues.json', list: 'issues', version: ['item.id', 'part.id', 'part.content_url'],
        // The newest first: an issue that changes between two pages pushes others back, and none is missed.
        query: { project_id: '{{variables.project}}', status_id: '*', updated_on: '>={{cursor}}', sort: 'updated_on:desc' },
        cursor: { type: 'timestamp', field: 'updated_on', format: "yyyy-MM-dd'T'HH:mm:ss'Z'", overlapSeconds: 60 },
        paging: { type: 'offset', parameter: 'offset', limitParameter: 'limit', size: 100, total: 'total_count' },
        parts: { path: '/issues/{{item.id}}.json', query: { include: 'journals,attachments' }, item: at(ISSUE_NOW), list: at('[issue.journals, issue.attachments][]'), time: 'created_on', made: 'created_on' },
        when: `!part || part.content_url || ${HAS_NOTES} || part.details[?property == 'attr' && (${TOLD})]`,
      },
    }],
  },
};
