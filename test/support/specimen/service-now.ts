import { serviceNowImportSet } from '../../../src/adapter/preset/system/service-now-import-set.js';
import { serviceNowScripted } from '../../../src/adapter/preset/system/service-now-scripted.js';
import { serviceNowSoap } from '../../../src/adapter/preset/system/service-now-soap.js';
import { serviceNow } from '../../../src/adapter/preset/system/service-now.js';
import type { PresetSpecimen } from './preset-specimen.js';

const SYS_ID = '9d385017c611228701d22104cc95c371';
const FIELDS = { sys_id: SYS_ID, number: 'INC0010001', sys_mod_count: '3', sys_updated_on: '2026-01-31 10:05:00', sys_updated_by: 'vera', short_description: 'VPN', state: '2', hold_reason: '', priority: '2', comments: '', work_notes: '' };
const NOTE = { work_notes: 'hello' };
const row = (more: object = {}): string => JSON.stringify({ ...FIELDS, ...more });
const rule = { inbound: { body: row() }, comment: { body: row(NOTE) } } as const;
const lookup = { list: (ids: readonly string[]) => JSON.stringify({ result: ids.map((id) => ({ sys_id: id })) }), isAbsenceKnown: true } as const;
const policy = { status: 403, body: '{"error":{"message":"Operation Failed","detail":"Data Policy Exception: State is mandatory"},"status":"failure"}', words: 'State is mandatory' } as const;
const made = { status: 201, body: JSON.stringify({ result: { sys_id: SYS_ID, number: 'INC0010001' } }) } as const;
const transformed = (result: object): string => JSON.stringify({ import_set: 'ISET0010001', staging_table: 'u_parley', result: [{ transform_map: 'Parley', table: 'incident', ...result }] });

const envelope = (body: string): string => `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>`;
const answered = (name: string, content: string): string => envelope(`<${name}Response xmlns="http://www.service-now.com/incident">${content}</${name}Response>`);
const told = (more: object = {}): string => envelope(`<incident xmlns="urn:parley:servicenow">${Object.entries({ ...FIELDS, ...more }).map(([name, value]) => `<${name}>${value}</${name}>`).join('')}</incident>`);

export const SERVICE_NOW: readonly PresetSpecimen[] = [
  { preset: serviceNow, does: 'create', ticketId: SYS_ID, created: made, refusal: policy, lookup, ...rule },
  {
    preset: serviceNowImportSet, does: 'create', ticketId: SYS_ID, created: { status: 201, body: transformed({ status: 'inserted', display_name: 'number', display_value: 'INC0010001', sys_id: SYS_ID }) },
    refusal: { status: 201, body: transformed({ status: 'error', error_message: 'No such group', sys_id: '' }), words: 'No such group' }, lookup, ...rule,
  },
  { preset: serviceNowScripted, does: 'create', ticketId: SYS_ID, created: made, refusal: policy, lookup, ...rule },
  {
    preset: serviceNowSoap, does: 'create', ticketId: SYS_ID, created: { status: 200, body: answered('insert', `<sys_id>${SYS_ID}</sys_id><number>INC0010001</number>`) },
    refusal: { status: 500, body: envelope('<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>Insert Aborted : Data Policy Exception: State is mandatory</faultstring></SOAP-ENV:Fault>'), words: 'State is mandatory' },
    lookup: { list: (ids) => answered('getRecords', ids.map((id) => `<getRecordsResult><sys_id>${id}</sys_id></getRecordsResult>`).join('')), isAbsenceKnown: true },
    changed: answered('update', `<sys_id>${SYS_ID}</sys_id>`), checked: answered('getRecords', ''),
    inbound: { body: told(), contentType: 'text/xml; charset=utf-8' }, comment: { body: told(NOTE), contentType: 'text/xml; charset=utf-8' },
  },
];
