import type { Template } from '../template.js';
import { pair, type Desk } from './pair.js';

const SERVICE_NOW: Desk = { name: 'ServiceNow', entityType: 'Incident', resolution: 'field' };
const JIRA: Desk = { name: 'Jira', entityType: 'Issue', resolution: 'comment' };
const ZENDESK: Desk = { name: 'Zendesk', entityType: 'Ticket', resolution: 'comment' };
const REQUEST_TRACKER: Desk = { name: 'Request Tracker', entityType: 'Ticket', resolution: 'comment' };
/** A desk of which nothing is known but that it uses the canonical words. */
const ANY: Desk = { name: 'the other desk', resolution: 'both' };

/** Integrations of two desks. */
export const PAIRS: readonly Template[] = [
  pair({
    id: 'servicenow-jira', title: 'ServiceNow and Jira', source: SERVICE_NOW, target: JIRA,
    description: 'An incident is opened as an issue in Jira, whose key comes back. Status, priority, public comments with their author and files go both ways; internal comments stay; a resolution arrives with its text; what one side refuses the other is told.',
  }),
  pair({
    id: 'servicenow-servicenow', title: 'ServiceNow and ServiceNow', source: SERVICE_NOW, target: SERVICE_NOW, hasSameCodes: true,
    description: 'An incident of one company is opened in the other one\'s ServiceNow, whose number comes back. Status, priority, public comments with their author and files go both ways; work notes stay; a resolution arrives with its code and text.',
  }),
  pair({
    id: 'zendesk-jira', title: 'Zendesk and Jira', source: ZENDESK, target: JIRA,
    description: 'A ticket of customer support is opened as an issue in Jira. Status, priority, public comments with their author and files go both ways; internal ones stay; whoever solves it solves it at both.',
  }),
  pair({
    id: 'request-tracker', title: 'Request Tracker and another desk', source: REQUEST_TRACKER, target: ANY,
    description: 'A ticket of a queue is opened at another desk that is connected by a preset, or uses the same words. Status, priority, replies and files go both ways; comments stay; whoever resolves it resolves it at both.',
  }),
];
