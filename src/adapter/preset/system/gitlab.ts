import { at, BASE_URL, blank, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import type { ValueTable } from '../value-table.js';

/** What GitLab calls the two states of an issue; in between they are moved by events. */
const status: ValueTable = [
  ['new', 'opened'], ['assigned', 'opened'], ['inProgress', 'opened'], ['pending', 'opened'], ['onHold', 'opened'], ['reopened', 'opened'], ['resolved', 'closed'], ['closed', 'closed'], ['cancelled', 'closed'],
];
const ENDED = '(contains(`["resolved", "closed", "cancelled"]`, attributes.status))';
const EVENT = `(attributes.status && ((${ENDED} && steps.now.state != 'closed' && 'close') || (!(${ENDED}) && steps.now.state == 'closed' && 'reopen'))) || null`;

const ISSUES = '/projects/{{variables.project}}/issues';
/** A remark in the text that nobody sees, since an issue has no field for the id of another system. */
const MARKED = "contains(description || '', 'parley:{{correlationKey}}')";
const WITHOUT_MARK = '(?s)^(.*?)(?:\\s*<!-- parley:[\\w-]+ -->)?\\s*$';

/** Texts one below the other; those that are not there are left out. Files are uploaded first and hang on a text. */
const below = (...texts: readonly string[]): { readonly $query: string } => ({ $query: `join('\n\n', [${texts.join(', ')}][?@])` });
const FILES = "join('\n\n', files[].markdown)";
const SAID = "(attributes.comment.text && attributes.comment.author && join(': ', [attributes.comment.author, attributes.comment.text])) || attributes.comment.text";

/** The issue: of its own webhook, of that of a comment, or as it was polled. */
const ISSUE = '(issue || object_attributes || @)';
const ACTION = 'object_attributes.action';
const KINDS = '`["issue", "work_item"]`';
const IS_NOTE = "object_kind == 'note'";
/** Only what opens or closes tells a status: any other change must not set the others back to new. */
const STATUS = `(!(object_kind) && ((state == 'closed' && 'resolved') || 'new')) || (contains(${KINDS}, object_kind || '') && ((${ACTION} == 'open' && 'new') || (${ACTION} == 'close' && 'resolved') || (${ACTION} == 'reopen' && 'reopened'))) || null`;
/** A comment that is edited is not said again. */
const said = (member: string): object => at(`${IS_NOTE} && ${ACTION} != 'update' && ${member} || null`);

const INBOUND = {
  when: { body: `contains(${KINDS}, object_kind || '') || (${IS_NOTE} && contains(\`["Issue", "WorkItem"]\`, object_attributes.noteable_type) && !(object_attributes.system)) || (!(object_kind) && iid)` },
  ticketId: at(`${ISSUE}.iid`), messageType: 'object_kind', sender: 'user.username', senderName: 'user.name', occurredAt: at(`object_attributes.updated_at || ${ISSUE}.updated_at`),
  attributes: {
    'ticket.id': at(`to_string(${ISSUE}.iid)`), 'ticket.number': at(`join('', ['#', to_string(${ISSUE}.iid)])`), 'ticket.url': at(`(${IS_NOTE} && issue.url) || object_attributes.url || web_url`), 'ticket.type': at(`${ISSUE}.type || issue_type`),
    title: at(`${ISSUE}.title`), description: { jmespath: `${ISSUE}.description`, pattern: WITHOUT_MARK }, status: at(STATUS), tags: at(`(object_kind && ${ISSUE}.labels[].title) || labels`),
    assignee: at('assignees[0].username'), 'requester.id': 'author.username', event: ACTION,
    'comment.id': said('to_string(object_attributes.id)'), 'comment.text': said('object_attributes.note'), 'comment.author': said('user.name'),
    // What is internal, or on a confidential issue, comes as an event of another type.
    'comment.visibility': said("((event_type == 'note' && !(object_attributes.internal) && 'public') || 'internal')"),
  },
};

export const gitLab: Preset = {
  id: 'gitlab', title: 'GitLab issues', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Issues of one project: opened, edited, closed, opened again, public and internal comments, files; webhooks bring what changes there, or they are polled.',
  blanks: [
    BASE_URL, secretBlank('/settings/auth/value', 'Access token with the scope api'), blank('/settings/integrationUser', 'User name of the integration account, so that what it writes is recognised'), blank('/settings/variables/login', 'The same user name once more'),
    blank('/settings/variables/project', 'Id of the project, or its path: group/project'), blank('/settings/variables/confidential', 'yes: issues are opened as confidential, else no'), secretBlank('/settings/verification/secret', 'Secret token of the webhook'),
  ],
  values: { status },
  endpoint: {
    name: 'GitLab', adapter: 'rest',
    settings: {
      baseUrl: 'https://gitlab.com/api/v4', auth: { type: 'header', name: 'PRIVATE-TOKEN', value: SECRET }, integrationUser: 'parley-bot', echoByValue: false,
      variables: { login: 'parley-bot', project: 'acme/support', confidential: 'no' }, verification: { type: 'sharedToken', header: 'x-gitlab-token', secret: SECRET }, check: { path: '/user' },
      answers: { error: at("error || (type(message) == 'string' && message) || join('; ', values(message)[])"), retryAfter: { header: 'ratelimit-reset' } },
    },
    entityTypes: [{
      name: 'Issue',
      operations: {
        upload: { method: 'POST', path: '/projects/{{variables.project}}/uploads', form: 'multipart', field: 'file', extract: { markdown: 'markdown' } },
        create: {
          method: 'POST', path: ISSUES, extract: { url: 'web_url' },
          body: {
            title: '{{attributes.title | truncate:255}}', description: below('attributes.description', FILES, "join('', ['<!-- parley:', correlationKey, ' -->'])"),
            labels: { $query: "[['parley'], attributes.tags || `[]`][] | join(',', @)" }, confidential: { $query: "variables.confidential == 'yes'" },
          },
        },
        update: {
          steps: [
            // The state is no field: it is moved by an event, where it is another now.
            { id: 'now', when: 'attributes.status', method: 'GET', path: `${ISSUES}/{{ticketId}}`, extract: { state: 'state' } },
            {
              id: 'issue', when: `attributes.title || attributes.description || (${EVENT})`, method: 'PUT', path: `${ISSUES}/{{ticketId}}`,
              body: { title: '{{attributes.title | truncate:255}}', description: '{{attributes.description}}', state_event: { $query: EVENT } },
            },
            { id: 'note', when: 'attributes.comment.text || files', method: 'POST', path: `${ISSUES}/{{ticketId}}/notes`, body: { body: below(SAID, FILES), internal: { $query: `!(${IS_PUBLIC})` } } },
          ],
        },
      },
      response: { ticketId: 'iid' },
      // One page that is cut off says nothing of what it leaves out.
      lookup: {
        method: 'GET', path: `${ISSUES}?scope=all&state=all&author_username={{variables.login}}&created_after={{searchFrom}}&per_page=100`,
        ticketId: at(`length([?${MARKED}]) == \`1\` && ([?${MARKED}].iid | [0])`), absentWhen: [{ status: [200], body: `type(@) == 'array' && length(@) < \`100\` && !([?${MARKED}])` }],
      },
      inbound: INBOUND,
    }],
  },
  polling: {
    Issue: {
      path: ISSUES, query: { scope: 'all', state: 'all', updated_after: '{{cursor}}', order_by: 'updated_at', sort: 'asc', per_page: '100' },
      cursor: { type: 'timestamp', field: 'updated_at', overlapSeconds: 60 }, paging: { type: 'linkHeader' }, version: ['id', 'updated_at'],
    },
  },
};
