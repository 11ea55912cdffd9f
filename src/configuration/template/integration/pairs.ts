import type { Template } from '../template.js';
import { pair, type Desk } from './pair.js';

const SERVICE_NOW: Desk = { name: 'ServiceNow', entityType: 'Incident', resolution: 'field' };
const JIRA: Desk = { name: 'Jira', entityType: 'Issue', resolution: 'comment' };

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
];
