import { at, blank } from '../parts.js';
import { ERROR, FIELDS, KEYS, NUMBER_BACK, POLICY, styleOf } from './service-now-parts.js';

const RESOURCE = '/api/x_parley/parley/incident';

export const serviceNowScripted = styleOf({
  id: 'servicenow-scripted', title: 'ServiceNow by a scripted REST resource', ticketId: 'result.sys_id',
  description: 'Incidents through a resource whose script is yours: the page brings one to begin with, which never makes two of one correlation id. Files, and what comes back, as with the Table API.',
  blanks: [blank('/entityTypes/0/operations/create/path', 'Path of the resource that creates'), blank('/entityTypes/0/operations/update/path', 'Path of the resource that updates, ending in /{{ticketId}}')],
  answers: { error: at(ERROR), rejectedWhen: [POLICY] },
  operations: {
    create: { method: 'POST', path: RESOURCE, body: { ...FIELDS, ...KEYS }, extract: { number: 'result.number' } },
    update: { method: 'PATCH', path: `${RESOURCE}/{{ticketId}}`, idempotent: false, body: { ...FIELDS, ...NUMBER_BACK } },
  },
});
