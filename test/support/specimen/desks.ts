import { bmcHelix } from '../../../src/adapter/preset/system/bmc-helix.js';
import { efecte } from '../../../src/adapter/preset/system/efecte.js';
import { freshservice } from '../../../src/adapter/preset/system/freshservice.js';
import { tmf621, tmf621v4 } from '../../../src/adapter/preset/system/tmf621.js';
import { topdesk } from '../../../src/adapter/preset/system/topdesk.js';
import { zendesk } from '../../../src/adapter/preset/system/zendesk.js';
import { BIG_ID as ID, type PresetSpecimen } from './preset-specimen.js';

const UUID = '0b3ae1d4-44a1-4d8b-93a8-0e3b6c4a9f10';
const NUMBER = 'INC000000000101';
const NOW = '2026-01-31T10:05:00Z';

const ofZendesk = (type: string, event: object): string => JSON.stringify({ id: `e-${type}`, type: `zen:event-type:ticket.${type}`, time: NOW, detail: { id: ID, actor_id: '7' }, event });
const ticketOfZendesk = `{"ticket":{"id":${ID},"subject":"VPN","description":"Since 07:40","status":"open","priority":"high","tags":[]}}`;
const ticketOfFreshservice = `{"ticket":{"id":${ID},"subject":"VPN","description_text":"Since 07:40","status":2,"priority":3,"created_at":"2026-01-01T00:00:00Z","updated_at":"${NOW}"}}`;
const conversation = (visible: string): string => `{"conversations":[{"id":9,"body_text":"hello","user_id":7,"created_at":"${NOW}"${visible}}]}`;
const incident = { values: { 'Incident Number': NUMBER, Description: 'VPN', Status: 'Assigned', Priority: 'High', 'Last Modified By': 'vera', 'Last Modified Date': '2026-01-31T10:05:00.000+0000' } };
const incidentOfTopdesk = JSON.stringify({ id: UUID, number: 'I 2601 001', briefDescription: 'VPN', processingStatus: { name: 'Registered' }, priority: { name: 'P2' }, modifier: { id: 'op', name: 'Vera' }, modificationDate: NOW });
const request = `[{"id":"r1","memoText":"Since 07:40","entryDate":"${NOW}","person":{"id":"p1","name":"Anna"}}]`;

const troubleTicket = (more: object = {}): string =>
  JSON.stringify({ eventId: 'e1', eventTime: NOW, eventType: 'TroubleTicketAttributeValueChangeEvent', event: { troubleTicket: { id: ID, name: 'VPN', status: 'pending', severity: 'Minor', priority: 'High', lastUpdate: NOW, ...more } } });
const tmf = {
  does: 'create', ticketId: ID, created: { status: 201, body: `{"id":"${ID}","@type":"TroubleTicket","status":"acknowledged"}` },
  login: { path: /\/oauth2\/token$/, status: 200, body: '{"access_token":"t0ken-of-the-s3ssion","token_type":"Bearer","expires_in":3600}', token: 't0ken-of-the-s3ssion' },
  refusal: { status: 400, body: '{"code":"20","reason":"Invalid body","message":"There is no such status"}', words: 'There is no such status' },
  inbound: { body: troubleTicket() }, comment: { body: troubleTicket({ note: [{ id: 'n1', text: 'hello', author: 'vera', date: NOW }] }) },
} as const;

const card = (more: object = {}): string => JSON.stringify({
  dataCardId: ID, templateCode: 'incident', data: { subject: { values: [{ value: 'VPN' }] }, status: { values: [{ value: '01 - New' }] }, priority: { values: [{ value: '2. High' }] }, efecteid: { values: [{ value: 'INC-1' }] }, updated: { values: [{ value: NOW }] }, ...more },
});

export const DESKS: readonly PresetSpecimen[] = [
  {
    preset: zendesk, does: 'create', ticketId: ID, created: { status: 201, body: `{"ticket":{"id":${ID}}}` }, changed: `{"ticket":{"id":${ID},"updated_at":"${NOW}"}}`,
    refusal: { status: 422, body: '{"error":"RecordInvalid","description":"Record validation errors","details":{"status":[{"description":"Status: closed prevents ticket update"}]}}', words: 'closed prevents ticket update' },
    lookup: { list: (ids) => `{"tickets":[${ids.map((id) => `{"id":${id}}`).join(',')}]}`, isAbsenceKnown: true },
    inbound: { body: ofZendesk('status_changed', { current: 'OPEN', previous: 'NEW' }), fetched: [ticketOfZendesk] },
    comment: { body: ofZendesk('comment_added', { comment: { id: '55', body: 'hello', author: { id: '8', name: 'Vera' } } }), fetched: [ticketOfZendesk] },
  },
  {
    preset: freshservice, does: 'create', ticketId: ID, created: { status: 201, body: `{"ticket":{"id":${ID}}}` },
    refusal: { status: 400, body: '{"description":"Validation failed","errors":[{"field":"priority","message":"It should be one of these values","code":"invalid_value"}]}', words: 'It should be one of these values' },
    lookup: { list: (ids) => `{"tickets":[${ids.map((id) => `{"id":${id}}`).join(',')}]}`, isAbsenceKnown: false },
    inbound: { body: `{"ticket_id":${ID}}`, fetched: [ticketOfFreshservice, '{"activities":[]}', '{"conversations":[]}'] },
    comment: { body: `{"ticket_id":${ID}}`, fetched: [ticketOfFreshservice, '{"activities":[]}', conversation('')] },
  },
  {
    preset: bmcHelix, does: 'create', ticketId: NUMBER, created: { status: 201, body: JSON.stringify({ values: { 'Incident Number': NUMBER } }) }, changed: JSON.stringify({ entries: [{ values: { 'Request ID': 'INC1|INC1' } }] }),
    login: { path: /\/jwt\/login$/, status: 200, body: 't0ken-of-the-s3ssion', token: 't0ken-of-the-s3ssion' },
    refusal: { status: 500, body: '[{"messageType":"ERROR","messageText":"You cannot modify a closed incident.","messageNumber":1291053,"messageAppendedText":null}]', words: 'You cannot modify a closed incident.' },
    lookup: { list: (ids) => JSON.stringify({ entries: ids.map((id) => ({ values: { 'Incident Number': id } })) }), isAbsenceKnown: true },
    inbound: { body: JSON.stringify({ item: incident }) },
    comment: { body: JSON.stringify({ item: incident, part: { values: { 'Work Log ID': 'WLG1', 'Detailed Description': 'hello', Submitter: 'vera', 'Submit Date': '2026-01-31T10:05:00.000+0000' } } }) },
  },
  {
    preset: topdesk, does: 'create', ticketId: UUID, created: { status: 201, body: JSON.stringify({ id: UUID, number: 'I 2601 001' }) },
    refusal: { status: 400, body: '[{"message":"The value for the field \'processingStatus\' cannot be found."}]', words: 'cannot be found' },
    lookup: { list: (ids) => JSON.stringify(ids.map((id) => ({ id }))), isAbsenceKnown: true },
    inbound: { body: '{"number":"I 2601 001"}', fetched: [incidentOfTopdesk, request, '[]', '[]'] },
    comment: { body: '{"number":"I 2601 001"}', fetched: [incidentOfTopdesk, request, `[{"id":"a1","memoText":"hello","entryDate":"${NOW}","operator":{"id":"op","name":"Vera"}}]`, '[]'] },
  },
  {
    preset: tmf621, ...tmf, lookup: { list: (ids, key) => JSON.stringify(ids.map((id) => ({ id, externalIdentifier: [{ id: key, owner: 'Parley' }] }))), isAbsenceKnown: true },
  },
  { preset: tmf621v4, ...tmf, lookup: { list: (ids, key) => JSON.stringify(ids.map((id) => ({ id, externalId: key }))), isAbsenceKnown: true } },
  {
    preset: efecte, does: 'create', ticketId: ID, created: { status: 201, body: `{"dataCard":{"dataCardId":${ID}}}` },
    login: { path: /\/users\/login$/, status: 200, body: '{"token":"Bearer t0ken-of-the-s3ssion"}', token: 't0ken-of-the-s3ssion' },
    refusal: { status: 201, body: '{"meta":{"errors":[{"attributeCode":"folder","message":"There is no such folder"}]}}', words: 'There is no such folder' },
    lookup: { list: (ids) => `{"data":[${ids.map((id) => `{"dataCardId":${id}}`).join(',')}]}`, isAbsenceKnown: true },
    inbound: { body: card() }, comment: { body: card({ internal_comments: { values: [{ value: 'hello', author: 'Vera', date: NOW }] } }) },
  },
];
