import { BASE_URL, blank, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { ANSWERS, ANSWERS_CLOUD, ATTACH, CLOUD, create, DATA_CENTER, inbound, LOOKUP_CLOUD, LOOKUP_DATA_CENTER, POLLING_CLOUD, POLLING_DATA_CENTER, updateSteps, VALUES } from './jira-parts.js';

const VARIABLES = { project: 'OPS', issueType: 'Incident', serviceDesk: 'yes' };
const COMMON_BLANKS = [blank('/settings/variables/project', 'Key of the project'), blank('/settings/variables/issueType', 'Name of the issue type'), blank('/settings/variables/serviceDesk', 'yes for a service project (internal comments stay internal), else no'), secretBlank('/settings/verification/secret', 'Secret of the webhook')];
const COMMON = { echoByValue: false, verification: { type: 'jira', secret: SECRET }, variables: VARIABLES, check: { path: '/rest/api/2/myself' }, answers: ANSWERS, maxAnswerBytes: 8_388_608 };

export const jiraCloud: Preset = {
  id: 'jira-cloud', title: 'Jira Cloud and Jira Service Management', version: 3, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Issues and requests: created, edited, moved by transitions, commented publicly or internally, files; signed webhooks bring what changes there, or issues are polled by JQL.',
  blanks: [BASE_URL, blank('/settings/auth/username', 'E-mail address of the integration account'), secretBlank('/settings/auth/password', 'Its API token'), blank('/settings/integrationUser', 'Its accountId'), ...COMMON_BLANKS],
  values: VALUES,
  endpoint: {
    name: 'Jira', adapter: 'rest',
    settings: { baseUrl: 'https://example.atlassian.net', auth: { type: 'basic', username: 'parley@example.com', password: SECRET }, integrationUser: 'account-id-of-parley', ...COMMON, check: { path: '/rest/api/3/myself' }, answers: ANSWERS_CLOUD },
    entityTypes: [{ name: 'Issue', operations: { create: create(CLOUD), update: { steps: updateSteps(CLOUD) }, attach: ATTACH(CLOUD) }, response: { ticketId: 'id' }, lookup: LOOKUP_CLOUD, inbound: inbound(CLOUD) }],
  },
  polling: { Issue: POLLING_CLOUD },
};

export const jiraDataCenter: Preset = {
  id: 'jira-data-center', title: 'Jira Data Center', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'The same for Jira on servers of one\'s own, with a personal access token and wiki markup.',
  blanks: [BASE_URL, secretBlank('/settings/auth/token', 'Personal access token of the integration user'), blank('/settings/integrationUser', 'Its user name'), ...COMMON_BLANKS],
  values: VALUES,
  endpoint: {
    name: 'Jira', adapter: 'rest',
    settings: { baseUrl: 'https://jira.example.com', auth: { type: 'bearer', token: SECRET }, integrationUser: 'parley', ...COMMON },
    entityTypes: [{
      name: 'Issue', operations: { create: create(DATA_CENTER), update: { steps: updateSteps(DATA_CENTER) }, attach: ATTACH(DATA_CENTER) }, response: { ticketId: 'id' }, lookup: LOOKUP_DATA_CENTER, inbound: inbound(DATA_CENTER),
    }],
  },
  polling: { Issue: POLLING_DATA_CENTER },
};
