import { gitHub } from '../../../src/adapter/preset/system/github.js';
import { gitLab } from '../../../src/adapter/preset/system/gitlab.js';
import { jiraServiceManagement } from '../../../src/adapter/preset/system/jira-service-management.js';
import { jiraCloud, jiraDataCenter } from '../../../src/adapter/preset/system/jira.js';
import { redmine } from '../../../src/adapter/preset/system/redmine.js';
import { requestTracker } from '../../../src/adapter/preset/system/request-tracker.js';
import { BIG_ID as ID, type PresetSpecimen } from './preset-specimen.js';

const each = (ids: readonly string[], item: (id: string) => string): string => `[${ids.map(item).join(',')}]`;

const jiraHook = (comment = ''): string =>
  `{"timestamp":1769846712000,"webhookEvent":"${comment === '' ? 'jira:issue_updated' : 'comment_created'}","user":{"accountId":"u1","name":"vera","displayName":"Vera"},"issue":{"id":"${ID}","key":"OPS-1","fields":{"summary":"VPN","updated":"2026-01-31T10:05:00.000+0000","status":{"name":"To Do"},"priority":{"name":"High"},"labels":[]}}${comment}}`;
const jira = {
  does: 'create', ticketId: ID, created: { status: 201, body: `{"id":"${ID}","key":"OPS-1"}` },
  refusal: { status: 400, body: '{"errorMessages":[],"errors":{"summary":"You must specify a summary."}}', words: 'You must specify a summary.' },
  inbound: { body: jiraHook() }, comment: { body: jiraHook(',"comment":{"id":"9","body":"hello","author":{"accountId":"u1","displayName":"Vera"},"updated":"2026-01-31T10:05:00.000+0000"}') },
} as const;

const issueOfGitHub = `{"number":${ID},"title":"VPN","body":"Since 07:40","state":"open","user":{"login":"vera"},"labels":[{"name":"net"}],"updated_at":"2026-01-31T10:05:00Z"}`;
const issueOfGitLab = (more = ''): string => `{"iid":${ID},"title":"VPN","description":"Since 07:40","updated_at":"2026-01-31 10:05:00 UTC"${more}}`;

const issueOfRedmine = `{"id":${ID},"subject":"VPN","description":"Since 07:40","status":{"id":1},"priority":{"id":2},"tracker":{"id":1,"name":"Bug"},"author":{"id":7,"name":"Vera"},"created_on":"2026-01-31T10:05:00Z"}`;
const ticketOfRt = `{"id":${ID},"Subject":"VPN","Status":"open","Priority":"50","Owner":{"id":"Nobody"},"Requestor":[{"id":"anna@x.example"}],"CustomFields":[]}`;
const entryOfRt = (type: string): string => `{"id":"31","Type":"${type}","Field":"Subject","NewValue":"VPN","ObjectId":${ID},"Creator":{"id":"vera"},"Created":"2026-01-31T10:05:00Z"}`;

export const TRACKERS: readonly PresetSpecimen[] = [
  { preset: jiraCloud, ...jira, lookup: { list: (ids) => `{"issues":${each(ids, (id) => `{"id":"${id}"}`)}}`, isAbsenceKnown: false } },
  {
    preset: jiraServiceManagement, ...jira, created: { status: 201, body: `{"issueId":"${ID}","issueKey":"OPS-1"}` }, lookup: { list: (ids) => `{"issues":${each(ids, (id) => `{"id":"${id}"}`)}}`, isAbsenceKnown: false },
    refusal: { status: 400, body: '{"errorMessage":"summary: Please provide a valid value","i18nErrorMessage":{}}', words: 'Please provide a valid value' },
  },
  { preset: jiraDataCenter, ...jira, lookup: { list: (ids) => `{"total":${ids.length},"issues":${each(ids, (id) => `{"id":"${id}"}`)}}`, isAbsenceKnown: true } },
  {
    preset: gitHub, does: 'create', ticketId: ID, created: { status: 201, body: `{"number":${ID},"html_url":"https://github.com/acme/support/issues/1"}` },
    refusal: { status: 422, body: '{"message":"Validation Failed","errors":[{"resource":"Issue","field":"title","code":"missing_field"}]}', words: 'missing_field' },
    lookup: { list: (ids, key) => `[${['{"number":1,"body":null}', ...ids.map((id) => `{"number":${id},"body":"x <!-- parley:${key} -->"}`)].join(',')}]`, isAbsenceKnown: true },
    inbound: { body: `{"action":"edited","issue":${issueOfGitHub},"sender":{"login":"vera"}}`, headers: { 'x-github-event': 'issues', 'x-github-delivery': 'uuid-1' } },
    comment: { body: `{"action":"created","issue":${issueOfGitHub},"comment":{"id":9,"body":"hello","user":{"login":"vera"},"created_at":"2026-01-31T10:05:00Z"},"sender":{"login":"vera"}}`, headers: { 'x-github-event': 'issue_comment' } },
  },
  {
    preset: gitLab, does: 'create', ticketId: ID, created: { status: 201, body: `{"id":1,"iid":${ID},"web_url":"https://gitlab.com/x"}` },
    refusal: { status: 400, body: '{"message":{"title":["is too long (maximum is 255 characters)"]}}', words: 'is too long' },
    lookup: { list: (ids, key) => `[${['{"iid":1,"description":null}', ...ids.map((id) => `{"iid":${id},"description":"x <!-- parley:${key} -->"}`)].join(',')}]`, isAbsenceKnown: true },
    inbound: { body: `{"object_kind":"issue","event_type":"issue","user":{"username":"vera","name":"Vera"},"object_attributes":${issueOfGitLab(',"action":"open","state":"opened"')}}` },
    comment: { body: `{"object_kind":"note","user":{"username":"vera","name":"Vera"},"object_attributes":{"id":9,"note":"hello","noteable_type":"Issue","action":"create","updated_at":"2026-01-31 10:05:00 UTC"},"issue":${issueOfGitLab()}}` },
  },
  {
    preset: requestTracker, does: 'create', ticketId: ID, forbidden: 'rejected', created: { status: 201, body: `{"id":${ID},"type":"ticket"}` },
    refusal: { status: 400, body: '{"message":"New tickets can not have that status in this queue."}', words: 'New tickets can not have that status' },
    lookup: { list: (ids) => `{"count":${ids.length},"items":${each(ids, (id) => `{"id":${id},"type":"ticket"}`)}}`, isAbsenceKnown: true },
    inbound: { body: entryOfRt('Set'), fetched: [ticketOfRt] },
    comment: { body: entryOfRt('Comment'), fetched: [ticketOfRt, '{"items":[{"id":"9","ContentType":"text/plain","ContentLength":"5"}]}', '{"id":9,"ContentType":"text/plain","Content":"aGVsbG8=\\n"}'] },
  },
  {
    preset: redmine, does: 'create', ticketId: ID, forbidden: 'rejected', created: { status: 201, body: `{"issue":{"id":${ID},"status":{"id":1}}}` },
    refusal: { status: 422, body: '{"errors":["Subject cannot be blank"]}', words: 'Subject cannot be blank' },
    lookup: { list: (ids, key) => `{"total_count":${ids.length},"issues":${each(ids, (id) => `{"id":${id},"custom_fields":[{"id":1,"name":"ParleyRef","value":"${key}"}]}`)}}`, isAbsenceKnown: true },
    // Of an administrator: what his role allows need not be asked.
    changed: '{"user":{"admin":true}}',
    inbound: { body: `{"item":${issueOfRedmine}}` },
    comment: { body: `{"item":${issueOfRedmine},"part":{"id":9,"user":{"id":7,"name":"Vera"},"notes":"hello","details":[],"created_on":"2026-01-31T10:05:00Z"}}` },
  },
];
