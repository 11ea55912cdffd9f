import { at, BASE_URL } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, type ValueTable } from '../value-table.js';

export const monitoringStatus: ValueTable = [['new', 'PROBLEM'], ['resolved', 'RECOVERY'], ['inProgress', 'ACKNOWLEDGEMENT']];
/** States of services and hosts. */
export const monitoringPriority: ValueTable = [['1', 'CRITICAL'], ['1', 'DOWN'], ['2', 'UNREACHABLE'], ['3', 'WARNING'], ['4', 'UNKNOWN']];

const STATE = '(SERVICEDESC && SERVICESTATE || HOSTSTATE)';
const NOW = "((SERVICEDESC && SERVICEPROBLEMID) || (!(SERVICEDESC) && HOSTPROBLEMID) || '0')";
const LAST = "((SERVICEDESC && LASTSERVICEPROBLEMID) || (!(SERVICEDESC) && LASTHOSTPROBLEMID) || '0')";
/** While something is well, its problem has the number 0: what recovers names the one before, or its own still. */
const ID = `join(':', [HOSTNAME, SERVICEDESC || '', ${NOW} != '0' && ${NOW} || ${LAST}][?@])`;
const OUTPUT = '(SERVICEDESC && SERVICEOUTPUT || HOSTOUTPUT)';
const said = (member: string): object => at(`NOTIFICATIONCOMMENT && ${member} || null`);
const unlessWell = (member: string): object => at(`NOTIFICATIONTYPE != 'RECOVERY' && ${member} || null`);

export const nagios: Preset = {
  id: 'nagios', title: 'Nagios', version: 1, lastChecked: '2026-11-21', testedAgainst: 'system',
  description: 'Problems of hosts and services by a notification command: each is a ticket that is opened and resolved with it.',
  blanks: [BASE_URL],
  values: { status: monitoringStatus, priority: monitoringPriority },
  endpoint: {
    name: 'Nagios', adapter: 'rest',
    settings: { baseUrl: 'https://nagios.example.com' },
    entityTypes: [{
      name: 'Problem',
      inbound: {
        // What is said while all is well (a downtime begins) belongs to no problem.
        when: { body: `HOSTNAME && (NOTIFICATIONTYPE == 'RECOVERY' && ${LAST} != '0' || ${NOW} != '0')` },
        ticketId: at(ID), messageType: 'NOTIFICATIONTYPE', occurredAt: 'AT', sender: at("NOTIFICATIONAUTHOR != '' && NOTIFICATIONAUTHOR || null"),
        attributes: {
          'ticket.id': at(ID), 'ticket.type': { value: 'event' }, title: at("(SERVICEDESC && join(' on ', [SERVICEDESC, HOSTNAME])) || HOSTNAME"),
          // An end has nothing to say of what was wrong.
          description: unlessWell(`join('\n', [${OUTPUT} || '', SERVICEDESC && LONGSERVICEOUTPUT || ''][?@])`),
          status: at(`contains(\`${JSON.stringify(monitoringStatus.map(([, theirs]) => theirs))}\`, NOTIFICATIONTYPE) && (${inward(monitoringStatus, 'NOTIFICATIONTYPE').jmespath}) || null`),
          priority: unlessWell(`(${inward(monitoringPriority, STATE).jmespath})`), state: at(STATE), output: at(`${OUTPUT} != '' && ${OUTPUT} || null`),
          ci: 'HOSTNAME', service: at("SERVICEDESC != '' && SERVICEDESC || null"), address: at("HOSTADDRESS != '' && HOSTADDRESS || null"),
          'comment.text': said('NOTIFICATIONCOMMENT'), 'comment.author': said('NOTIFICATIONAUTHOR'), 'comment.visibility': said("'internal'"),
        },
      },
    }],
  },
};
