import type { Template, TemplateParameter } from '../template.js';
import { eventRules } from './event.js';

const SEVERITY_WORDS = 'Priority where the severity is none of the usual words';

const parametersOf = (source: { readonly title: string; readonly entityType: string; readonly adapters: readonly string[] }, own: readonly TemplateParameter[]): readonly TemplateParameter[] => [
  { name: 'source', title: source.title, kind: 'endpoint', adapters: source.adapters },
  { name: 'sourceEntityType', title: 'Its entity type', kind: 'text', default: source.entityType },
  { name: 'target', title: 'Endpoint that gets the tickets', kind: 'endpoint', adapters: ['rest', 'soap'] },
  { name: 'targetEntityType', title: 'Its entity type', kind: 'text', default: 'Incident' },
  { name: 'assignedGroup', title: 'Group there that gets them; empty: whichever', kind: 'text', default: '' },
  { name: 'defaultPriority', title: SEVERITY_WORDS, kind: 'text', default: '3' },
  { name: 'tellsRepeats', title: 'What is told again becomes an internal comment', kind: 'boolean', default: true },
  ...own,
];

/** Events that become tickets. */
export const EVENTS: readonly Template[] = [
  {
    id: 'event-mail', title: 'Event mails become tickets',
    description: 'A monitoring system that mails opens a ticket for each problem. Further mails about it are told to the same ticket; its recovery resolves it; a problem that comes back reopens it.',
    parameters: parametersOf({ title: 'Mailbox that the monitoring system writes to', entityType: 'mail', adapters: ['mail'] }, [
      { name: 'stateAttribute', title: 'Attribute that tells whether it is a problem or its end', kind: 'text', default: 'event.Notification Type' },
      { name: 'raisedValue', title: 'What it says of a problem', kind: 'text', default: 'PROBLEM' },
      { name: 'clearedValue', title: 'What it says of its end', kind: 'text', default: 'RECOVERY' },
      { name: 'severityAttribute', title: 'Attribute of the severity', kind: 'text', default: 'event.State' },
    ]),
    rules: eventRules({
      state: '{{stateAttribute}}', raised: '{{raisedValue}}', cleared: '{{clearedValue}}', severity: '{{severityAttribute}}', hasSteadyTitle: false,
      over: { text: 'It is over: ${title}', attributes: { title: 'Disk is fine' }, said: 'It is over: Disk is fine' },
    }),
  },
  {
    id: 'alertmanager', title: 'Alerts of Prometheus become tickets',
    description: 'Each alert that fires opens a ticket. What Alertmanager repeats is told to the same ticket, a severity or summary that changes is carried over; the end of the alert resolves it.',
    parameters: parametersOf({ title: 'Endpoint of Alertmanager', entityType: 'Alert', adapters: ['rest'] }, []),
    rules: eventRules({
      state: 'status', raised: 'new', cleared: 'resolved', severity: 'priority', hasSteadyTitle: true,
      over: { text: 'The alert ended at ${resolvedAt}.', attributes: { resolvedAt: '2026-01-31T10:09:41Z' }, said: 'The alert ended at 2026-01-31T10:09:41Z.' },
    }),
  },
];
