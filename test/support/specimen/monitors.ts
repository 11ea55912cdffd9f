import { alertmanager } from '../../../src/adapter/preset/system/alertmanager.js';
import { eventsJson, eventsV2 } from '../../../src/adapter/preset/system/event-inlet.js';
import { icinga } from '../../../src/adapter/preset/system/icinga.js';
import { nagios } from '../../../src/adapter/preset/system/nagios.js';
import { opsgenie } from '../../../src/adapter/preset/system/opsgenie.js';
import { pagerDuty } from '../../../src/adapter/preset/system/pagerduty.js';
import { zabbix } from '../../../src/adapter/preset/system/zabbix.js';
import { BIG_ID, type PresetSpecimen } from './preset-specimen.js';

const FORM = 'application/x-www-form-urlencoded';
const form = (fields: Readonly<Record<string, string>>): { readonly body: string; readonly contentType: string } => ({ body: new URLSearchParams(fields).toString(), contentType: FORM });

const NAGIOS = { NOTIFICATIONTYPE: 'PROBLEM', HOSTNAME: 'web-1', HOSTADDRESS: '192.0.2.1', SERVICEDESC: 'HTTP', SERVICESTATE: 'CRITICAL', SERVICEPROBLEMID: BIG_ID, LASTSERVICEPROBLEMID: '0', SERVICEOUTPUT: 'HTTP CRITICAL: 500', AT: '1769846712' };
const ICINGA = { TYPE: 'PROBLEM', PROBLEM: 'web-1!HTTP@1769846712', HOST: 'web-1', SERVICE: 'HTTP', ADDRESS: '192.0.2.1', STATE: 'CRITICAL', OUTPUT: 'HTTP CRITICAL: 500', AUTHOR: '', COMMENT: '', AT: '1769846712' };
const alertOf = (action: string, more: object = {}): string => JSON.stringify({ action, alert: { alertId: BIG_ID, tinyId: '7', alias: 'k', message: 'VPN', priority: 'P2', username: 'vera', ...more } });
const ZABBIX = { eventid: BIG_ID, value: '1', update: '0', name: 'High CPU', severity: '4', host: 'web-1', trigger_id: '15112', sent_at: '2026-01-31T10:05:00Z', tags: [{ tag: 'scope', value: 'performance' }] };
const pagerDutyEvent = (type: string, data: object): string =>
  JSON.stringify({ event: { id: '01EVENT', event_type: type, resource_type: 'incident', occurred_at: '2026-01-31T10:05:00Z', agent: { id: 'PVERA', type: 'user_reference', summary: 'Vera' }, data } });

export const MONITORS: readonly PresetSpecimen[] = [
  {
    preset: alertmanager, does: 'receive', ticketId: 'a1b2c3d4e5f60718:2026-01-31T10:01:41.708348103Z', comment: null,
    inbound: {
      body: JSON.stringify({
        version: '4', groupKey: '{}:{alertname="DiskFull"}', status: 'firing', receiver: 'parley', externalURL: 'http://alertmanager', truncatedAlerts: 0,
        alerts: [{ status: 'firing', labels: { alertname: 'DiskFull', severity: 'critical' }, annotations: { summary: 'Disk 95 % full' }, startsAt: '2026-01-31T10:01:41.708348103Z', endsAt: '0001-01-01T00:00:00Z', generatorURL: 'http://prometheus', fingerprint: 'a1b2c3d4e5f60718' }],
      }),
    },
  },
  {
    preset: eventsV2, does: 'receive', ticketId: BIG_ID, comment: null,
    inbound: { body: JSON.stringify({ routing_key: 'k', event_action: 'trigger', dedup_key: BIG_ID, payload: { summary: 'Disk full', source: 'db-1', severity: 'error', timestamp: '2026-01-31T10:05:00Z' } }) },
  },
  { preset: eventsJson, does: 'receive', ticketId: BIG_ID, inbound: { body: `{"id":${BIG_ID},"status":"firing","title":"Disk full"}` }, comment: { body: `{"id":${BIG_ID},"title":"Disk full","comment":"on it"}` } },
  { preset: nagios, does: 'receive', ticketId: `web-1:HTTP:${BIG_ID}`, inbound: form(NAGIOS), comment: form({ ...NAGIOS, NOTIFICATIONTYPE: 'ACKNOWLEDGEMENT', NOTIFICATIONAUTHOR: 'vera', NOTIFICATIONCOMMENT: 'on it' }) },
  {
    preset: icinga, does: 'change', ticketId: ICINGA.PROBLEM, inbound: form(ICINGA), comment: form({ ...ICINGA, TYPE: 'ACKNOWLEDGEMENT', AUTHOR: 'vera', COMMENT: 'on it' }),
    changed: '{"results":[{"code":200,"status":"Successfully added comment."}]}', refusal: { status: 500, body: '{"results":[{"code":409,"status":"Service web-1!HTTP is OK."}]}', words: 'is OK' },
  },
  {
    preset: zabbix, does: 'change', ticketId: ZABBIX.eventid, inbound: { body: JSON.stringify(ZABBIX) },
    comment: { body: JSON.stringify({ ...ZABBIX, update: '1', update_action: 'commented', update_message: 'on it', update_user: 'vera', update_date: '2026.01.31', update_time: '10:05:00' }) },
    changed: '{"jsonrpc":"2.0","result":{"eventids":["20427"]},"id":1}', checked: '{"jsonrpc":"2.0","result":[],"id":1}',
    refusal: { status: 200, body: '{"jsonrpc":"2.0","error":{"code":-32500,"message":"Application error.","data":"No permissions to referred object"},"id":1}', words: 'No permissions to referred object' },
  },
  {
    preset: pagerDuty, does: 'create', ticketId: 'PT4KHLK', created: { status: 201, body: '{"incident":{"id":"PT4KHLK","incident_number":9007199254740993,"html_url":"https://acme.pagerduty.com/incidents/PT4KHLK"}}' },
    refusal: { status: 400, body: '{"error":{"message":"Invalid Input Provided","code":2001,"errors":["Title cannot be empty."]}}', words: 'Title cannot be empty.' },
    lookup: { list: (ids) => JSON.stringify({ incidents: ids.map((id) => ({ id })) }), isAbsenceKnown: true },
    inbound: { body: pagerDutyEvent('incident.triggered', { id: 'PT4KHLK', type: 'incident', number: 7, status: 'triggered', title: 'VPN', urgency: 'high', incident_key: 'k', assignees: [], teams: [] }) },
    comment: { body: pagerDutyEvent('incident.annotated', { id: 'PNOTE', type: 'incident_note', incident: { id: 'PT4KHLK' }, content: 'on it' }) },
  },
  {
    preset: opsgenie, does: 'create', ticketId: BIG_ID, created: { status: 202, body: '{"result":"Request will be processed","took":0.1,"requestId":"43a29c5c"}' }, followed: { status: 200, body: `{"data":{"success":true,"isSuccess":true,"action":"Create","alertId":"${BIG_ID}"},"requestId":"r"}` },
    refusal: { status: 422, body: '{"message":"Message can not be empty.","took":0.001,"requestId":"r"}', words: 'Message can not be empty.' },
    lookup: { list: (ids) => JSON.stringify({ data: ids.map((id) => ({ id })) }), isAbsenceKnown: true }, changed: '{"requestId":"r","data":{"isSuccess":true}}',
    inbound: { body: alertOf('Create') }, comment: { body: alertOf('AddNote', { note: 'on it' }) },
  },
];
