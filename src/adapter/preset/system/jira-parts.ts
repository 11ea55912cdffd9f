import { at, COMMENT, IS_INTERNAL, IS_PUBLIC, surelyBy } from '../parts.js';
import { inward, outward, type ValueTable } from '../value-table.js';

/** Status names belong to each workflow; those of the shipped ones. The first of a canonical status is only for reading: any fits when writing. */
const status: ValueTable = [
  ['new', 'Open'], ['new', 'To Do'], ['assigned', 'Assigned'], ['inProgress', 'In Progress'], ['inProgress', 'Work in progress'], ['pending', 'Pending'], ['pending', 'Waiting for customer'],
  ['onHold', 'On Hold'], ['resolved', 'Resolved'], ['resolved', 'Completed'], ['resolved', 'Done'], ['closed', 'Closed'], ['closed', 'Done'], ['cancelled', 'Canceled'], ['reopened', 'Reopened'],
  ['assigned', 'In Progress'], ['assigned', 'Work in progress'], ['reopened', 'In Progress'], ['reopened', 'Work in progress'], ['onHold', 'Pending'], ['closed', 'Resolved'],
];
const priority: ValueTable = [['1', 'Highest'], ['2', 'High'], ['3', 'Medium'], ['4', 'Low'], ['5', 'Lowest']];
export const VALUES = { status, priority };
const canonical = [...new Set(status.map(([ours]) => ours))];

/** For one canonical status: "there" where the issue has it, else the transition that leads to it. */
const wayTo = (wanted: string): string => {
  const names = JSON.stringify(status.filter(([ours]) => ours === wanted).map(([, theirs]) => theirs));
  return `(contains(\`${names}\`, fields.status.name) && 'there') || (transitions[?contains(\`${names}\`, to.name)].id | [0])`;
};
const WAY = canonical.map((one) => `(attributes.status == '${one}' && steps.issue.to_${one})`).join(' || ');

/** Version 3 of the API takes documents where 2 takes wiki markup. */
export interface Api {
  readonly version: '2' | '3';
  readonly text: 'toAdf' | 'toWiki';
  /** What names a person. */
  readonly person: 'accountId' | 'name';
}
export const CLOUD: Api = { version: '3', text: 'toAdf', person: 'accountId' };
export const DATA_CENTER: Api = { version: '2', text: 'toWiki', person: 'name' };

const issueOf = ({ version }: Api): string => `/rest/api/${version}/issue/{{ticketId}}`;
/** What a person typed is no markup: signs of it mean themselves. */
const rich = ({ text }: Api): object => ({ $query: "join(': ', [attributes.comment.author, attributes.comment.text][?@])", $filter: text });

const fieldsOf = (api: Api, attributes: Readonly<Record<string, unknown>>): object => ({
  ...attributes, summary: '{{attributes.title | truncate:255}}', description: `{{attributes.description | ${api.text}}}`, duedate: "{{attributes.dueAt | date:'yyyy-MM-dd':'utc'}}", priority: { $if: 'attributes.priority', $then: { name: outward(priority, 'priority') } },
});

/** Files that customers see, too, go another way than those for agents. */
export const ATTACH = (api: Api): object => ({ method: 'POST', path: `${issueOf(api)}/attachments`, form: 'multipart', field: 'file', headers: { 'X-Atlassian-Token': 'no-check' } });
export const create = (api: Api): object => ({
  method: 'POST', path: `/rest/api/${api.version}/issue`,
  body: { fields: fieldsOf(api, { project: { key: '{{variables.project}}' }, issuetype: { name: '{{variables.issueType}}' }, labels: ['parley', 'parley-{{correlationKey}}'] }) },
  extract: { number: 'key' },
});

export const NOTE = { id: 'note', when: `(${IS_INTERNAL}) && variables.serviceDesk == 'yes'`, method: 'POST', path: '/rest/servicedeskapi/request/{{ticketId}}/comment', body: { body: COMMENT, public: false } };
export const updateSteps = (api: Api): readonly object[] => [
  // A status is no field: it is reached by the transition that leads there from where the issue is now.
  { id: 'issue', when: 'attributes.status', method: 'GET', path: `${issueOf(api)}?fields=status&expand=transitions`, extract: Object.fromEntries(canonical.map((one) => [`to_${one}`, at(wayTo(one))])), failWhen: `!(${WAY})`, failMessage: 'The workflow has no transition to {{attributes.status}} from where the issue is.' },
  { id: 'fields', when: 'attributes.title || attributes.description || attributes.priority || attributes.dueAt', method: 'PUT', path: issueOf(api), body: { fields: fieldsOf(api, {}) } },
  { id: 'transition', when: `(${WAY}) != 'there' && (${WAY})`, method: 'POST', path: `${issueOf(api)}/transitions`, body: { transition: { id: { $query: WAY } } } },
  { id: 'comment', when: `(${IS_PUBLIC}) || (attributes.comment.text && variables.serviceDesk != 'yes')`, method: 'POST', path: `${issueOf(api)}/comment`, body: { body: rich(api) } },
  NOTE,
];

/** Of issues and of the service desk; what has no words of its own names its fields. */
export const ANSWERS = { error: at("errorMessages[0] || errorMessage || join('; ', values(errors))"), retryAfter: { header: 'x-ratelimit-reset' } };

/** Cloud says whose limit it is: that of one issue holds nobody else up. */
export const ANSWERS_CLOUD = { ...ANSWERS, ticketWaitsWhen: [{ status: [429], header: { 'ratelimit-reason': '^jira-per-issue' } }] };

const root = (jmespath: string): { readonly jmespath: string; readonly root: true } => ({ jmespath, root: true });
/** An issue of a webhook, or of a poll, which is asked for whole. */
const ISSUE = '(event.issue || whole || event)';
/** A webhook of Cloud has wiki markup where its API has documents. */
const TEXT = { adf: true, wiki: true } as const;

/** What a webhook tells: a change of the issue, a comment, the files that its history names; of a polled issue all that is new. */
const messagesOf = ({ person }: Api): string => {
  const by = (people: string): string => `by: ${people}.${person}, name: ${people}.displayName`;
  const comments = (list: string): string => `${list}[].{ id: id, body: body, isPublic: jsdPublic == \`true\` && !visibility, ${by('author')}, at: created }`;
  const files = (condition: string, list: string): string => `(${condition} && ${list} || \`[]\`)[].{ id: id, file: @, ${by('author')}, at: created }`;
  return `[(event.webhookEvent && !starts_with(event.webhookEvent, 'comment_') && [{ isState: \`true\`, ${by('event.user')}, at: event.issue.fields.updated }]) || \`[]\`,`
    + ` (event.comment && [event.comment] || \`[]\`)[].{ id: id, body: body, isPublic: jsdPublic == \`true\` && !visibility, ${by('author')}, at: created || updated },`
    + ` ${files("(event.changelog.items[?field == 'Attachment'] || event.webhookEvent == 'jira:issue_created')", 'event.issue.fields.attachment')},`
    + ` (whole && [{ isState: \`true\`, by: ${surelyBy('reverse(sort_by(whole.changelog.histories || `[]`, &created))', `author.${person}`, 2)} || (!(whole.changelog.histories) && whole.fields.creator.${person}) || null, at: whole.fields.updated }]) || \`[]\`,`
    + ` ${comments('whole.fields.comment.comments')} || \`[]\`, ${files('whole', 'whole.fields.attachment')}][]`;
};

export const inbound = (api: Api): object => ({
  // An edited comment is not said again; of what is deleted nobody is told.
  when: { body: "(issue && !contains(['jira:issue_deleted', 'comment_deleted', 'comment_updated'], webhookEvent)) || (fields && !(webhookEvent))" },
  complete: [{ id: 'whole', when: '!(event.webhookEvent)', method: 'GET', path: `/rest/api/${api.version}/issue/{{ticketId}}?expand=changelog` }],
  each: at(messagesOf(api)), recent: { time: at('!isState && at || null'), reference: at(`${ISSUE}.fields.updated`) },
  // Read before the issue is asked for, too.
  ticketId: { ...root('event.issue.id || event.id'), else: root('issue.id || id') }, sender: 'by', senderName: 'name', occurredAt: 'at',
  eventId: at("!isState && id && join(':', [(file && 'file') || 'comment', id]) || null"),
  attributes: {
    'ticket.id': root(`${ISSUE}.id`), 'ticket.number': root(`${ISSUE}.key`), 'ticket.type': root(`${ISSUE}.fields.issuetype.name`), title: root(`${ISSUE}.fields.summary`), description: { ...root(`${ISSUE}.fields.description`), ...TEXT },
    status: { ...inward(status, `${ISSUE}.fields.status.name`), root: true }, priority: { ...inward(priority, `${ISSUE}.fields.priority.name`), root: true }, assignee: root(`${ISSUE}.fields.assignee.displayName`),
    'requester.name': root(`${ISSUE}.fields.reporter.displayName`), 'requester.email': root(`${ISSUE}.fields.reporter.emailAddress`), tags: root(`${ISSUE}.fields.labels`), resolutionCode: root(`${ISSUE}.fields.resolution.name`),
    createdAt: { ...root(`${ISSUE}.fields.created`), zone: 'UTC' }, dueAt: root(`${ISSUE}.fields.duedate`), event: root('event.webhookEvent'),
    'comment.id': at('body && id || null'), 'comment.text': { path: 'body', ...TEXT }, 'comment.author': at('body && name || null'), 'comment.visibility': at("body && ((isPublic && 'public') || 'internal') || null"),
  },
  attachments: { list: at('file && [file] || null'), name: 'filename', contentType: 'mimeType', url: 'content' },
});

const LABEL = 'jql=labels%20%3D%20%22parley-{{correlationKey}}%22&fields=id&maxResults=2';
const ONE = at('length(issues) == `1` && issues[0].id');
/** The search of Cloud lags behind: it may find the issue, but that it finds none says nothing. */
export const LOOKUP_CLOUD = { method: 'GET', path: `/rest/api/3/search/jql?${LABEL}`, ticketId: ONE };
export const LOOKUP_DATA_CENTER = { method: 'GET', path: `/rest/api/2/search?${LABEL}`, ticketId: ONE, absentWhen: [{ status: [200], body: 'total == `0`' }] };

/** Minutes are the finest that is asked for, in the zone of Parley's user; two of them are looked back. */
const JQL = "project = \"{{variables.project}}\" AND updated >= \"{{cursor | date:'yyyy/MM/dd HH:mm':'utc'}}\" ORDER BY updated ASC";
const CURSOR = { type: 'timestamp', field: 'fields.updated', overlapSeconds: 180 };
/** Of the search no more than what is asked for. */
const FIELDS = 'updated';

export const POLLING_CLOUD = {
  path: '/rest/api/3/search/jql', query: { jql: JQL, fields: FIELDS, maxResults: '100' }, list: 'issues', cursor: CURSOR, version: ['id', 'fields.updated'],
  // There is no total, and a page may be short.
  paging: { type: 'cursor', parameter: 'nextPageToken', next: at('isLast != `true` && nextPageToken || null') },
};
export const POLLING_DATA_CENTER = {
  path: '/rest/api/2/search', query: { jql: JQL, fields: FIELDS }, list: 'issues', cursor: CURSOR, version: ['id', 'fields.updated'], paging: { type: 'offset', parameter: 'startAt', limitParameter: 'maxResults', size: 100, total: 'total' },
};
