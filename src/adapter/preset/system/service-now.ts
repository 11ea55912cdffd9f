import { at } from '../parts.js';
import { ERROR, FIELDS, KEYS, NUMBER_BACK, POLICY, styleOf, TABLE } from './service-now-parts.js';

export const serviceNow = styleOf({
  id: 'servicenow', title: 'ServiceNow', ticketId: 'result.sys_id',
  description: 'Incidents by the Table API: created, updated, commented, resolved, files; a business rule brings what changes there, or they are polled with their journals and files.',
  answers: { error: at(ERROR), rejectedWhen: [POLICY] },
  operations: {
    create: { method: 'POST', path: `${TABLE}?sysparm_fields=sys_id,number&sysparm_exclude_reference_link=true`, body: { ...FIELDS, ...KEYS }, extract: { number: 'result.number' } },
    // Journal fields add a line each time, so the same once more does harm.
    update: { method: 'PATCH', path: `${TABLE}/{{ticketId}}?sysparm_fields=sys_id,number,state&sysparm_exclude_reference_link=true`, idempotent: false, body: { ...FIELDS, ...NUMBER_BACK } },
  },
});
