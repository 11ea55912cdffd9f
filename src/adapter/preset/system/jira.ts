import { at, BASE_URL, blank, COMMENT, IS_INTERNAL, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** Status names belong to each workflow; those of the shipped ones. The first of a canonical status is only for reading: any fits when writing. */
const status: ValueTable = [
  ['new', 'Open'], ['new', 'To Do'], ['assigned', 'Assigned'], ['inProgress', 'In Progress'], ['inProgress', 'Work in progress'], ['pending', 'Pending'], ['pending', 'Waiting for customer'],
  ['onHold', 'On Hold'], ['resolved', 'Resolved'], ['resolved', 'Completed'], ['resolved', 'Done'], ['closed', 'Closed'], ['closed', 'Done'], ['cancelled', 'Canceled'], ['reopened', 'Reopened'],
  ['assigned', 'In Progress'], ['assigned', 'Work in progress'], ['reopened', 'In Progress'], ['reopened', 'Work in progress'], ['onHold', 'Pending'], ['closed', 'Resolved'],
];
const priority: ValueTable = [['1', 'Highest'], ['2', 'High'], ['3', 'Medium'], ['4', 'Low'], ['5', 'Lowest']];

const ISSUE = '/rest/api/2/issue/{{ticketId}}';
const canonical = [...new Set(status.map(([ours]) => ours))];

/** For one canonical status: "there" where the issue has it, else the transition that leads to it. */
const wayTo = (wanted: string): string => {
  const names = JSON.stringify(status.filter(([ours]) => ours === wanted).map(([, theirs]) => theirs));
  return `(contains(\`${names}\`, fields.status.name) && 'there') || (transitions[?contains(\`${names}\`, to.name)].id | [0])`;
};
const WAY = canonical.map((one) => `(attributes.status == '${one}' && steps.issue.to_${one})`).join(' || ');

const fieldsOf = (attributes: Readonly<Record<string, unknown>>): object => ({ ...attributes, summary: '{{attributes.title | truncate:255}}', description: '{{attributes.description}}', priority: { $if: 'attributes.priority', $then: { name: outward(priority, 'priority') } } });

const OPERATIONS = {
  create: {
    method: 'POST', path: '/rest/api/2/issue',
    body: { fields: fieldsOf({ project: { key: '{{variables.project}}' }, issuetype: { name: '{{variables.issueType}}' }, labels: ['parley', 'parley-{{correlationKey}}'] }) },
    extract: { number: 'key' },
  },
  update: {
    steps: [
      // A status is no field: it is reached by the transition that leads there from where the issue is now.
      { id: 'issue', when: 'attributes.status', method: 'GET', path: `${ISSUE}?fields=status&expand=transitions`, extract: Object.fromEntries(canonical.map((one) => [`to_${one}`, at(wayTo(one))])), failWhen: `!(${WAY})`, failMessage: 'The workflow has no transition to {{attributes.status}} from where the issue is.' },
      { id: 'fields', when: 'attributes.title || attributes.description || attributes.priority', method: 'PUT', path: ISSUE, body: { fields: fieldsOf({}) } },
      { id: 'transition', when: `(${WAY}) != 'there' && (${WAY})`, method: 'POST', path: `${ISSUE}/transitions`, body: { transition: { id: { $query: WAY } } } },
      { id: 'comment', when: `(${IS_PUBLIC}) || (attributes.comment.text && variables.serviceDesk != 'yes')`, method: 'POST', path: `${ISSUE}/comment`, body: { body: COMMENT } },
      { id: 'note', when: `(${IS_INTERNAL}) && variables.serviceDesk == 'yes'`, method: 'POST', path: '/rest/servicedeskapi/request/{{ticketId}}/comment', body: { body: COMMENT, public: false } },
    ],
  },
  attach: { method: 'POST', path: `${ISSUE}/attachments`, form: 'multipart', field: 'file', headers: { 'X-Atlassian-Token': 'no-check' } },
};

const ERROR = at("errorMessages[0] || errorMessage || join('; ', values(errors))");

const inbound = (id: 'accountId' | 'name'): object => ({
  when: { body: "issue && webhookEvent != 'jira:issue_deleted' && webhookEvent != 'comment_deleted'" },
  ticketId: 'issue.id', sender: at(`user.${id} || comment.updateAuthor.${id} || comment.author.${id}`), senderName: at('user.displayName || comment.updateAuthor.displayName'),
  occurredAt: at("(starts_with(webhookEvent, 'comment') && comment.updated) || issue.fields.updated"),
  attributes: {
    'ticket.id': 'issue.id', 'ticket.number': 'issue.key', 'ticket.type': 'issue.fields.issuetype.name', title: 'issue.fields.summary', description: 'issue.fields.description',
    status: inward(status, 'issue.fields.status.name'), priority: inward(priority, 'issue.fields.priority.name'), assignee: 'issue.fields.assignee.displayName',
    'requester.name': 'issue.fields.reporter.displayName', 'requester.email': 'issue.fields.reporter.emailAddress', tags: 'issue.fields.labels', resolutionCode: 'issue.fields.resolution.name', event: 'webhookEvent',
    'comment.id': 'comment.id', 'comment.text': 'comment.body', 'comment.author': 'comment.author.displayName',
    'comment.visibility': at("comment && ((comment.jsdPublic == `true` && 'public') || 'internal') || null"),
  },
});

const LABEL = 'jql=labels%20%3D%20%22parley-{{correlationKey}}%22&fields=id&maxResults=2';
const ONE = at('length(issues) == `1` && issues[0].id');

const VARIABLES = { project: 'OPS', issueType: 'Incident', serviceDesk: 'yes' };
const COMMON_BLANKS = [blank('/settings/variables/project', 'Key of the project'), blank('/settings/variables/issueType', 'Name of the issue type'), blank('/settings/variables/serviceDesk', 'yes for a service project (internal comments stay internal), else no'), secretBlank('/settings/verification/secret', 'Secret of the webhook')];

export const jiraCloud: Preset = {
  id: 'jira-cloud', title: 'Jira Cloud and Jira Service Management', version: 1, lastChecked: '2026-11-20', testedAgainst: 'documentation',
  description: 'Issues and requests: created, edited, moved by transitions, commented publicly or internally, files; signed webhooks bring what changes there.',
  blanks: [BASE_URL, blank('/settings/auth/username', 'E-mail address of the integration account'), secretBlank('/settings/auth/password', 'Its API token'), blank('/settings/integrationUser', 'Its accountId'), ...COMMON_BLANKS],
  values: { status, priority },
  endpoint: {
    name: 'Jira', adapter: 'rest',
    settings: {
      baseUrl: 'https://example.atlassian.net', auth: { type: 'basic', username: 'parley@example.com', password: SECRET }, integrationUser: 'account-id-of-parley', echoByValue: false,
      verification: { type: 'jira', secret: SECRET }, variables: VARIABLES, check: { path: '/rest/api/2/myself' }, answers: { error: ERROR },
    },
    entityTypes: [{
      name: 'Issue', operations: OPERATIONS, response: { ticketId: 'id' },
      // The search there lags behind: it may find the issue, but that it finds none says nothing.
      lookup: { method: 'GET', path: `/rest/api/3/search/jql?${LABEL}`, ticketId: ONE },
      inbound: inbound('accountId'),
    }],
  },
};

export const jiraDataCenter: Preset = {
  id: 'jira-data-center', title: 'Jira Data Center', version: 1, lastChecked: '2026-11-20', testedAgainst: 'documentation',
  description: 'The same for Jira on servers of one\'s own, with a personal access token.',
  blanks: [BASE_URL, secretBlank('/settings/auth/token', 'Personal access token of the integration user'), blank('/settings/integrationUser', 'Its user name'), ...COMMON_BLANKS],
  values: { status, priority },
  endpoint: {
    name: 'Jira', adapter: 'rest',
    settings: {
      baseUrl: 'https://jira.example.com', auth: { type: 'bearer', token: SECRET }, integrationUser: 'parley', echoByValue: false,
      verification: { type: 'jira', secret: SECRET }, variables: VARIABLES, check: { path: '/rest/api/2/myself' }, answers: { error: ERROR },
    },
    entityTypes: [{
      name: 'Issue', operations: OPERATIONS, response: { ticketId: 'id' },
      lookup: { method: 'GET', path: `/rest/api/2/search?${LABEL}`, ticketId: ONE, absentWhen: [{ status: [200], body: 'total == `0`' }] },
      inbound: inbound('name'),
    }],
  },
};
