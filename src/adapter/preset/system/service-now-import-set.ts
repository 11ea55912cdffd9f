import { at, blank } from '../parts.js';
import { ERROR, FIELDS, KEYS, NUMBER_BACK, POLICY, styleOf } from './service-now-parts.js';

const STAGING = '/api/now/import/{{variables.staging}}';
/** Columns of a staging table have the prefix of one's own. */
const columns = (fields: Readonly<Record<string, unknown>>): object => Object.fromEntries(Object.entries(fields).map(([name, value]) => [`u_${name}`, value]));

const ROW = 'result[0]';
/** A transform that did nothing names no row; one that found nothing to change names the one that it found. */
const NOT_DONE = `${ROW}.status == 'error' || ${ROW}.status == 'skipped' || (${ROW}.status == 'ignored' && !(${ROW}.sys_id))`;

export const serviceNowImportSet = styleOf({
  id: 'servicenow-import-set', title: 'ServiceNow by an import set', ticketId: `${ROW}.sys_id`,
  description: 'Incidents through a staging table, whose transform map guards the table itself: created, updated, commented, resolved; files, and what comes back, as with the Table API.',
  blanks: [blank('/settings/variables/staging', 'Name of the staging table')], variables: { staging: 'u_parley' },
  // The status is 201 whatever the transform did: what became of the row stands in the body alone.
  answers: { error: at(`${ROW}.error_message || ${ROW}.status_message || (${NOT_DONE}) && join(' ', ['The transform map says', ${ROW}.status]) || ${ERROR}`), rejectedWhen: [POLICY, { body: NOT_DONE }] },
  operations: {
    create: { method: 'POST', path: STAGING, body: columns({ ...FIELDS, ...KEYS }), extract: { number: at(`${ROW}.display_name == 'number' && ${ROW}.display_value || null`) } },
    update: { method: 'POST', path: STAGING, body: columns({ ...FIELDS, ...NUMBER_BACK, sys_id: '{{ticketId}}' }) },
  },
});
