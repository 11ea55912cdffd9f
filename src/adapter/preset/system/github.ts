import { at, BASE_URL, blank, COMMENT, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { outward, type ValueTable } from '../value-table.js';

const status: ValueTable = [
  ['new', 'open'], ['assigned', 'open'], ['inProgress', 'open'], ['pending', 'open'], ['onHold', 'open'], ['reopened', 'open'], ['resolved', 'closed'], ['closed', 'closed'], ['cancelled', 'closed'],
];
const REASON = "(attributes.status == 'cancelled' && 'not_planned') || (attributes.status == 'reopened' && 'reopened') || ((attributes.status == 'resolved' || attributes.status == 'closed') && 'completed') || null";

const ISSUES = '/repos/{{variables.owner}}/{{variables.repo}}/issues';
/** A remark in the text that nobody sees, since an issue has no field for the id of another system. */
const MARK = 'parley:{{correlationKey}}';
const MARKED = `contains(body || '', '${MARK}')`;
const WITHOUT_MARK = '(?s)^(.*?)(?:\\s*<!-- parley:[\\w-]+ -->)?\\s*$';
const CONTENT = { title: '{{attributes.title | truncate:256}}' };

/** The issue: of a webhook, or as it was polled. */
const ISSUE = '(issue || @)';
/** Only what opens or closes tells a status: a comment on an open issue must not set the others back to new. */
const STATUS = `(!(action) || contains(\`["opened", "closed", "reopened"]\`, action)) && ((${ISSUE}.state == 'closed' && ((contains(\`["not_planned", "duplicate"]\`, ${ISSUE}.state_reason || '') && 'cancelled') || 'resolved')) || (${ISSUE}.state_reason == 'reopened' && 'reopened') || 'new') || null`;
/** A comment that is edited is not said again. */
const said = (member: string): object => at(`action == 'created' && comment && ${member} || null`);

const INBOUND = {
  when: { body: `(issue || number) && !(${ISSUE}.pull_request) && action != 'deleted' && action != 'transferred'` },
  ticketId: at(`${ISSUE}.number`), messageType: { header: 'x-github-event' }, eventId: { header: 'x-github-delivery' }, sender: 'sender.login',
  occurredAt: at(`(action == 'created' && comment.created_at) || ${ISSUE}.updated_at`),
  attributes: {
    'ticket.id': at(`to_string(${ISSUE}.number)`), 'ticket.number': at(`${ISSUE}.number && join('', ['#', to_string(${ISSUE}.number)])`), 'ticket.url': at(`${ISSUE}.html_url`), title: at(`${ISSUE}.title`),
    description: { jmespath: `${ISSUE}.body`, pattern: WITHOUT_MARK }, status: at(STATUS), assignee: at(`${ISSUE}.assignee.login`), 'requester.id': at(`${ISSUE}.user.login`), tags: at(`${ISSUE}.labels[].name`), event: 'action',
    'comment.id': said('to_string(comment.id)'), 'comment.text': said('comment.body'), 'comment.author': said('comment.user.login'), 'comment.visibility': said("'internal'"),
  },
};

export const gitHub: Preset = {
  id: 'github', title: 'GitHub issues', version: 2, lastChecked: '2026-11-21', testedAgainst: 'documentation',
  description: 'Issues of one repository: opened, edited, closed with a reason, opened again, public comments; signed webhooks bring what changes there, or they are polled.',
  blanks: [
    BASE_URL, secretBlank('/settings/auth/token', 'Token of the integration account'), blank('/settings/integrationUser', 'Login of that account, so that what it writes is recognised'), blank('/settings/variables/login', 'The same login once more'),
    blank('/settings/variables/owner', 'Owner of the repository'), blank('/settings/variables/repo', 'Name of the repository'), secretBlank('/settings/verification/secret', 'Secret of the webhook'),
  ],
  values: { status },
  endpoint: {
    name: 'GitHub', adapter: 'rest',
    settings: {
      baseUrl: 'https://api.github.com', auth: { type: 'bearer', token: SECRET }, headers: { 'Accept': 'application/vnd.github+json', 'X-GitHub-Api-Version': '2022-11-28' },
      integrationUser: 'parley-bot', echoByValue: false, variables: { login: 'parley-bot', owner: 'acme', repo: 'support' }, verification: { type: 'github', secret: SECRET }, check: { path: '/rate_limit' },
      // Whoever writes faster than once a second runs into limits of another kind.
      rate: { perSecond: 1, burst: 5 },
      answers: {
        error: at("message && join('; ', [message, errors[].message, errors[].code][] | [?@])"),
        // A limit is told as 403, as missing rights are.
        retryWhen: [{ status: [403], header: { 'retry-after': '.' } }, { status: [403], header: { 'x-ratelimit-remaining': '^0$' } }, { status: [403], text: 'secondary rate limit' }], retryAfter: { header: 'x-ratelimit-reset' },
      },
    },
    entityTypes: [{
      name: 'Issue',
      operations: {
        create: {
          method: 'POST', path: ISSUES, extract: { url: 'html_url' },
          body: { ...CONTENT, body: `{{attributes.description | truncate:60000 | default:''}}\n\n<!-- ${MARK} -->`, labels: { $query: "[['parley'], attributes.tags || `[]`][]" } },
        },
        update: {
          steps: [
            {
              id: 'issue', when: 'attributes.title || attributes.description || attributes.status', method: 'PATCH', path: `${ISSUES}/{{ticketId}}`, idempotent: true,
              body: { ...CONTENT, body: '{{attributes.description | truncate:60000}}', state: outward(status, 'status'), state_reason: { $query: REASON } },
            },
            // Everybody who sees the issue reads its comments.
            { id: 'comment', when: IS_PUBLIC, method: 'POST', path: `${ISSUES}/{{ticketId}}/comments`, body: { body: COMMENT } },
          ],
        },
      },
      response: { ticketId: 'number' },
      // The search lags behind; the list does not. One that is cut off says nothing of what it leaves out.
      lookup: {
        method: 'GET', path: `${ISSUES}?creator={{variables.login}}&since={{searchFrom}}&state=all&sort=created&direction=desc&per_page=100`,
        ticketId: at(`length([?${MARKED}]) == \`1\` && ([?${MARKED}].number | [0])`), absentWhen: [{ status: [200], body: `type(@) == 'array' && length(@) < \`100\` && !([?${MARKED}])` }],
      },
      inbound: INBOUND,
    }],
  },
  polling: {
    Issue: {
      path: ISSUES, query: { state: 'all', since: '{{cursor}}', sort: 'updated', direction: 'asc', per_page: '100' },
      cursor: { type: 'timestamp', field: 'updated_at', format: "yyyy-MM-dd'T'HH:mm:ss'Z'", overlapSeconds: 60 }, paging: { type: 'linkHeader' }, version: ['id', 'updated_at'],
      // The list of issues holds pull requests as well.
      when: '!(pull_request)',
    },
  },
};
