import { at, BASE_URL, blank, COMMENT, IS_PUBLIC, SECRET, secretBlank } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward } from '../value-table.js';
import { monitoringPriority, monitoringStatus } from './nagios.js';

const WORKED_ON = "contains(`[\"assigned\", \"inProgress\", \"pending\", \"onHold\"]`, attributes.status || '')";
const TAKEN_BACK = "attributes.status == 'new' || attributes.status == 'reopened'";
/** A ticket id is the object's full name and the instant at which its problem began. */
const OBJECT = '{{ticketId | beforeLast:"@"}}';
const action = (id: string, when: string, body: object): object => ({
  id, when, method: 'POST', path: `/v1/actions/${id.replaceAll('_', '-')}`,
  body: { $merge: [{ $if: "contains(ticketId, '!')", $then: { type: 'Service', service: OBJECT }, $else: { type: 'Host', host: OBJECT } }, { author: '{{variables.author}}', ...body }] },
});
const COMMENT_OR = { $if: IS_PUBLIC, $then: COMMENT, $else: '{{variables.acknowledged}}' };

const said = (member: string): object => at(`COMMENT && ${member} || null`);
const unlessWell = (member: string): object => at(`TYPE != 'RECOVERY' && ${member} || null`);

const INBOUND = {
  when: { body: 'PROBLEM' },
  ticketId: 'PROBLEM', messageType: 'TYPE', occurredAt: 'AT', sender: at("AUTHOR != '' && AUTHOR || null"),
  attributes: {
    'ticket.id': 'PROBLEM', 'ticket.type': { value: 'event' }, title: at("(SERVICE && join(' on ', [SERVICE, HOST])) || HOST"),
    description: unlessWell('OUTPUT'), status: at(`contains(\`${JSON.stringify(monitoringStatus.map(([, theirs]) => theirs))}\`, TYPE) && (${inward(monitoringStatus, 'TYPE').jmespath}) || null`),
    priority: unlessWell(`(${inward(monitoringPriority, 'STATE').jmespath})`), state: 'STATE', output: at("OUTPUT != '' && OUTPUT || null"), ci: 'HOST', service: at("SERVICE != '' && SERVICE || null"), address: at("ADDRESS != '' && ADDRESS || null"),
    'comment.text': said('COMMENT'), 'comment.author': said('AUTHOR'), 'comment.visibility': said("'internal'"),
  },
};

export const icinga: Preset = {
  id: 'icinga', title: 'Icinga 2', version: 1, lastChecked: '2026-11-21', testedAgainst: 'system',
  description: 'Problems of hosts and services by a notification command: each is a ticket that is opened and resolved with it; acknowledgements and public comments go back by the API.',
  blanks: [
    BASE_URL, blank('/settings/auth/username', 'Name of the ApiUser'), secretBlank('/settings/auth/password', 'Its password'),
    blank('/settings/variables/author', 'Name under which Parley acknowledges and comments'), blank('/settings/integrationUser', 'The same name once more, so that what it writes is recognised'),
  ],
  values: { status: monitoringStatus, priority: monitoringPriority },
  endpoint: {
    name: 'Icinga', adapter: 'rest',
    settings: {
      baseUrl: 'https://icinga.example.com:5665', auth: { type: 'basic', username: 'parley', password: SECRET }, integrationUser: 'Parley', echoByValue: false,
      variables: { author: 'Parley', acknowledged: 'A ticket is being worked on.' }, check: { path: '/v1' },
      answers: {
        error: at('results[0].status || status'),
        // The verdict on the object stands in the body; the status follows it in newer versions only.
        duplicateWhen: [{ body: "results[0].code == `409` && contains(results[0].status, 'already acknowledged')" }], rejectedWhen: [{ body: 'results[0].code >= `300`' }],
      },
    },
    entityTypes: [{
      name: 'Problem',
      operations: {
        update: {
          steps: [
            // Nobody needs to be told of an acknowledgement that comes from the ticket.
            { ...action('acknowledge_problem', WORKED_ON, { comment: COMMENT_OR, sticky: true, notify: false }), idempotent: true },
            { ...action('remove_acknowledgement', TAKEN_BACK, {}), idempotent: true },
            action('add_comment', `(${IS_PUBLIC}) && !(${WORKED_ON})`, { comment: COMMENT }),
          ],
        },
      },
      inbound: INBOUND,
    }],
  },
};
