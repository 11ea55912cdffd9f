import { BASE_URL, blank, COMMENT, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { outward } from '../value-table.js';
import { ANSWERS_CLOUD, CLOUD, inbound, LOOKUP_CLOUD, POLLING_CLOUD, updateSteps, VALUES } from './jira-parts.js';

const REQUEST = '/rest/servicedeskapi/request';
const IS_FOR_ALL = `(${IS_PUBLIC}) || \`false\``;
/** Files are put down first, and hang on the request for those who may read what they came with. */
const FILES = { id: 'files', when: 'files', method: 'POST', path: `${REQUEST}/{{ticketId}}/attachment`, body: { temporaryAttachmentIds: { $each: 'files', $as: '{{item.token}}' }, public: { $query: `operation == 'CREATE' || ${IS_FOR_ALL}` } } };

const OPERATIONS = {
  upload: {
    method: 'POST', path: '/rest/servicedeskapi/servicedesk/{{variables.serviceDeskId}}/attachTemporaryFile', form: 'multipart', field: 'file', headers: { 'X-Atlassian-Token': 'no-check' },
    extract: { token: 'temporaryAttachments[0].temporaryAttachmentId' },
  },
  create: {
    steps: [
      {
        id: 'request', main: true, method: 'POST', path: REQUEST, extract: { number: 'issueKey' },
        body: {
          serviceDeskId: '{{variables.serviceDeskId}}', requestTypeId: '{{variables.requestTypeId}}', raiseOnBehalfOf: '{{attributes.requester.id}}',
          requestFieldValues: { summary: '{{attributes.title | truncate:255}}', description: '{{attributes.description}}', labels: ['parley', 'parley-{{correlationKey}}'] },
        },
      },
      // Few portals let their customers choose one.
      { id: 'priority', when: 'attributes.priority', method: 'PUT', path: '/rest/api/3/issue/{{ticketId}}', body: { fields: { priority: { name: outward(VALUES.priority, 'priority') } } } },
      FILES,
    ],
  },
  update: {
    steps: [
      ...updateSteps(CLOUD).filter((step) => !['comment', 'note'].includes((step as { readonly id: string }).id)),
      { id: 'comment', when: 'attributes.comment.text', method: 'POST', path: `${REQUEST}/{{ticketId}}/comment`, body: { body: COMMENT, public: { $query: IS_FOR_ALL } } },
      FILES,
    ],
  },
};

export const jiraServiceManagement: Preset = {
  id: 'jira-service-management', title: 'Jira Service Management by its customer requests', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Requests of a portal: opened for a customer, moved by transitions, commented publicly or internally, with files that customers see or not; webhooks or polling as with Jira Cloud.',
  blanks: [
    BASE_URL, blank('/settings/auth/username', 'E-mail address of the integration account'), secretBlank('/settings/auth/password', 'Its API token'), blank('/settings/integrationUser', 'Its accountId'), blank('/settings/variables/project', 'Key of the project'),
    blank('/settings/variables/serviceDeskId', 'Id of the service desk'), blank('/settings/variables/requestTypeId', 'Id of the request type'), secretBlank('/settings/verification/secret', 'Secret of the webhook'),
  ],
  values: VALUES,
  endpoint: {
    name: 'Jira Service Management', adapter: 'rest',
    settings: {
      baseUrl: 'https://example.atlassian.net', auth: { type: 'basic', username: 'parley@example.com', password: SECRET }, integrationUser: 'account-id-of-parley', echoByValue: false, verification: { type: 'jira', secret: SECRET }, maxAnswerBytes: 8_388_608,
      variables: { project: 'OPS', serviceDeskId: '1', requestTypeId: '25' }, check: { path: '/rest/servicedeskapi/servicedesk?limit=1' }, answers: ANSWERS_CLOUD,
    },
    entityTypes: [{ name: 'Issue', operations: OPERATIONS, response: { ticketId: 'issueId' }, lookup: LOOKUP_CLOUD, inbound: inbound(CLOUD) }],
  },
  polling: { Issue: POLLING_CLOUD },
};
