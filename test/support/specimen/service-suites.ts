import { glpi, glpi11 } from '../../../src/adapter/preset/system/glpi.js';
import { itop } from '../../../src/adapter/preset/system/itop.js';
import { zammad } from '../../../src/adapter/preset/system/zammad.js';
import { znunySoap } from '../../../src/adapter/preset/system/znuny-soap.js';
import { znuny } from '../../../src/adapter/preset/system/znuny.js';
import { BIG_ID as ID, type PresetSpecimen } from './preset-specimen.js';

const NOW = '2026-01-31 10:05:00';
const listed = (ids: readonly string[]): string => `[${ids.map((id) => `{"id":${id}}`).join(',')}]`;

const ticketOfGlpi = `{"id":${ID},"name":"VPN","content":"&#60;p&#62;Since&#60;/p&#62;","status":2,"priority":4,"impact":3,"urgency":3,"externalid":null,"users_id_lastupdater":7,"date_mod":"${NOW}"}`;
const glpiHook = (item: string): string => `{"event":"update","item":${item}}`;

const object = (fields: string): string => `{"code":0,"key":"${ID}","class":"Incident","fields":{"ref":"I-000042","title":"VPN","status":"new","impact":"1","urgency":"2","priority":"1","last_update":"${NOW}"${fields}}}`;

const ticketOfZnuny = (articles: string): string => `{"Ticket":[{"TicketID":"${ID}","TicketNumber":"2026013110000015","Title":"VPN","State":"open","Priority":"4 high","Queue":"Raw","Changed":"${NOW}","ChangeBy":"7","Article":[{"ArticleID":"455","TicketID":"${ID}","Body":"Since 07:40","CreateTime":"${NOW}","CreateBy":"7"}${articles}]}]}`;
const NAMESPACE = 'http://www.otrs.org/TicketConnector/';
const envelope = (name: string, body: string): string => `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body><${name} xmlns="${NAMESPACE}">${body}</${name}></soap:Body></soap:Envelope>`;
const invoked = (event: string, article: string): string => envelope('Parley', `<Ticket><TicketID>${ID}</TicketID><TicketNumber>2026013110000015</TicketNumber><Title>VPN</Title><State>open</State><Priority>3 normal</Priority><Queue>Raw</Queue><Changed>${NOW}</Changed><ChangeBy>7</ChangeBy>${article}</Ticket><Event>${event}<TicketID>${ID}</TicketID></Event>`);

const ticketOfZammad = `"ticket":{"id":${ID},"number":"67001","title":"VPN","state":"open","priority":{"id":2,"name":"2 normal"},"group":{"id":1,"name":"Users"},"updated_at":"2026-01-31T10:05:00.000Z","updated_by_id":7,"article_count":2}`;

export const SERVICE_SUITES: readonly PresetSpecimen[] = [
  {
    preset: glpi, does: 'create', ticketId: ID, created: { status: 201, body: `{"id":${ID},"message":""}` }, changed: '[{"15":true,"message":""}]',
    login: { path: /\/initSession$/, status: 200, body: '{"session_token":"t0ken-of-the-s3ssion"}', token: 't0ken-of-the-s3ssion' },
    refusal: { status: 400, body: '["ERROR_GLPI_ADD","The title is mandatory"]', words: 'The title is mandatory' }, lookup: { list: listed, isAbsenceKnown: true },
    inbound: { body: `{"2":${ID},"19":"${NOW}"}`, fetched: [ticketOfGlpi, '[]'] },
    comment: { body: `{"2":${ID},"19":"${NOW}"}`, fetched: [ticketOfGlpi, `[{"id":9,"items_id":${ID},"users_id":7,"content":"hello","date_mod":"${NOW}"}]`] },
  },
  {
    preset: glpi11, does: 'create', ticketId: ID, created: { status: 201, body: `{"id":${ID},"href":"/Assistance/Ticket/1"}` },
    login: { path: /\/token$/, status: 200, body: '{"access_token":"t0ken-of-the-s3ssion","token_type":"Bearer","expires_in":3600}', token: 't0ken-of-the-s3ssion' },
    refusal: { status: 400, body: '{"status":"ERROR_INVALID_PARAMETER","title":"The title is mandatory","detail":null}', words: 'The title is mandatory' }, lookup: { list: listed, isAbsenceKnown: true },
    inbound: { body: glpiHook(`{"id":${ID},"name":"VPN","status":{"id":2},"priority":3,"date_mod":"2026-01-31T10:05:00+00:00"}`) },
    comment: { body: glpiHook(`{"id":9,"itemtype":"Ticket","items_id":${ID},"content":"hello","date_mod":"2026-01-31T10:05:00+00:00"}`) },
  },
  {
    preset: znuny, does: 'create', ticketId: ID, created: { status: 200, body: `{"TicketID":${ID},"TicketNumber":"2026013110000015","ArticleID":"455"}` },
    refusal: { status: 200, body: '{"Error":{"ErrorCode":"TicketCreate.InvalidParameter","ErrorMessage":"Ticket->Queue parameter is invalid!"}}', words: 'Ticket->Queue parameter is invalid!' },
    lookup: { list: (ids) => (ids.length === 0 ? '{}' : `{"TicketID":[${ids.join(',')}]}`), isAbsenceKnown: true }, checked: '{}',
    inbound: { body: `{"TicketID":${ID}}`, fetched: [ticketOfZnuny('')] },
    comment: { body: `{"TicketID":${ID}}`, fetched: [ticketOfZnuny(`,{"ArticleID":"456","TicketID":"${ID}","Body":"hello","From":"Vera","CreateTime":"${NOW}","CreateBy":"9"}`)] },
  },
  {
    preset: znunySoap, does: 'create', ticketId: ID, created: { status: 200, body: envelope('TicketCreateResponse', `<TicketID>${ID}</TicketID><TicketNumber>2026013110000015</TicketNumber>`) },
    refusal: { status: 200, body: envelope('TicketCreateResponse', '<Error><ErrorCode>TicketCreate.InvalidParameter</ErrorCode><ErrorMessage>Ticket->Queue parameter is invalid!</ErrorMessage></Error>'), words: 'Ticket->Queue parameter is invalid!' },
    lookup: { list: (ids) => envelope('TicketSearchResponse', ids.map((id) => `<TicketID>${id}</TicketID>`).join('')), isAbsenceKnown: true },
    changed: envelope('TicketUpdateResponse', `<TicketID>${ID}</TicketID>`), checked: envelope('TicketSearchResponse', ''),
    inbound: { body: invoked('', ''), contentType: 'text/xml; charset=utf-8' },
    comment: { body: invoked('<ArticleID>456</ArticleID>', `<Article><Body>hello</Body><From>Vera</From><CreateBy>9</CreateBy><CreateTime>${NOW}</CreateTime></Article>`), contentType: 'text/xml; charset=utf-8' },
  },
  {
    preset: zammad, does: 'create', ticketId: ID, created: { status: 201, body: `{"id":${ID},"number":"67001"}` },
    refusal: { status: 422, body: '{"error":"No lookup value found for \'group\': \\"Nobody\\"","error_human":"No lookup value found for \'group\': \\"Nobody\\""}', words: 'No lookup value found' }, lookup: { list: listed, isAbsenceKnown: true },
    inbound: { body: `{${ticketOfZammad},"article":{}}` },
    comment: { body: `{${ticketOfZammad},"article":{"id":9,"body":"hello","content_type":"text/plain","from":"Vera","created_by_id":7,"created_at":"2026-01-31T10:05:00.000Z","attachments":[]}}` },
  },
  {
    preset: itop, does: 'create', ticketId: ID, created: { status: 200, body: `{"code":0,"message":null,"objects":{"Incident::1":${object('')}}}` }, changed: `{"code":0,"message":null,"objects":{"Incident::1":${object('')}}}`, checked: '{"code":0,"message":"Found: 0","objects":null}',
    refusal: { status: 200, body: '{"code":100,"message":"Error: title: the attribute is read-only","objects":null}', words: 'the attribute is read-only' },
    lookup: { list: (ids) => `{"code":0,"message":"Found: ${ids.length}","objects":${ids.length === 0 ? 'null' : `{${ids.map((id, index) => `"Incident::${index}":{"code":0,"key":"${id}"}`).join(',')}}`}}`, isAbsenceKnown: true },
    inbound: { body: object(',"public_log":{"entries":[]},"private_log":{"entries":[]}') },
    comment: { body: object(`,"public_log":{"entries":[]},"private_log":{"entries":[{"date":"${NOW}","user_id":"9","user_login":"Vera","message":"hello"}]}`) },
  },
];
