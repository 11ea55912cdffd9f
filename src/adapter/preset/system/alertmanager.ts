import { at, BASE_URL } from '../parts.js';
import type { Preset } from '../preset.js';
import { inward, type ValueTable } from '../value-table.js';

const status: ValueTable = [['new', 'firing'], ['resolved', 'resolved']];
/** Severities are labels of free choice; these are those that people choose. */
const priority: ValueTable = [['1', 'critical'], ['1', 'page'], ['2', 'error'], ['2', 'high'], ['2', 'major'], ['3', 'warning'], ['3', 'medium'], ['4', 'minor'], ['4', 'low'], ['5', 'info'], ['5', 'none']];

/** What stands beside the list of alerts. */
const ofGroup = (path: string): { readonly path: string; readonly root: true } => ({ path, root: true });

/** The same labels fire under the same fingerprint for ever: each time that they do is a ticket of its own. */
const OCCURRENCE = at("fingerprint && startsAt && join(':', [fingerprint, startsAt])");

export const alertmanager: Preset = {
  id: 'alertmanager', title: 'Prometheus Alertmanager', version: 1, lastChecked: '2026-11-21', testedAgainst: 'system',
  description: 'Alerts by its webhook: each alert of a group is a ticket that is opened when it fires and resolved when it ends.',
  blanks: [BASE_URL],
  values: { status, priority },
  endpoint: {
    name: 'Alertmanager', adapter: 'rest',
    settings: { baseUrl: 'http://alertmanager.example.com:9093', check: { path: '/api/v2/status' } },
    entityTypes: [{
      name: 'Alert',
      inbound: {
        each: 'alerts', ticketId: OCCURRENCE, messageType: 'status', occurredAt: at("(status == 'resolved' && endsAt) || startsAt"),
        // Of the same firing nothing tells a repeat from a second time after a gap in which nobody reported: only an end is told once.
        eventId: at("status == 'resolved' && join(':', [fingerprint, startsAt, endsAt]) || null"),
        attributes: {
          'ticket.id': OCCURRENCE, 'ticket.type': { value: 'event' }, 'ticket.url': at("generatorURL != '' && generatorURL || null"),
          // A resolved alert has the annotations of whoever resolved it, often none: it must not overwrite the text of the firing one.
          title: at("annotations.summary || annotations.title || (status == 'firing' && labels.alertname) || null"), description: at('annotations.description || annotations.message || null'),
          status: inward(status, 'status'), priority: inward(priority, 'labels.severity'),
          // While it fires its end is in the year 1.
          startsAt: 'startsAt', resolvedAt: at("status == 'resolved' && endsAt || null"),
          fingerprint: 'fingerprint', labels: 'labels', annotations: 'annotations',
          'group.key': ofGroup('groupKey'), 'group.receiver': ofGroup('receiver'), 'group.url': ofGroup('externalURL'), 'group.truncatedAlerts': ofGroup('truncatedAlerts'),
        },
      },
    }],
  },
};
