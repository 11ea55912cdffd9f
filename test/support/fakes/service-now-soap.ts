import type { Element } from '@xmldom/xmldom';
import { readXml } from '../../../src/adapter/place/xml-document.js';
import type { Behaviour } from '../fake-target.js';
import { Refused, type Row, type ServiceNowTables } from './service-now-tables.js';

const NAMESPACE = 'http://www.service-now.com/';
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
const envelope = (status: number, body: string): Behaviour =>
  ({ do: 'answer', status, headers: { 'content-type': 'text/xml;charset=UTF-8' }, body: `<SOAP-ENV:Envelope xmlns:SOAP-ENV="http://schemas.xmlsoap.org/soap/envelope/"><SOAP-ENV:Body>${body}</SOAP-ENV:Body></SOAP-ENV:Envelope>` });
const fault = (text: string): Behaviour => envelope(500, `<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>${escaped(text)}</faultstring><detail>com.glide.processors.soap.SOAPProcessingException: ${escaped(text)}</detail></SOAP-ENV:Fault>`);
const xmlOf = (row: Readonly<Record<string, string>>): string => Object.entries(row).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`).join('');

/** Direct SOAP of a table. Its elements are unqualified: one that has a namespace is a name that nobody knows, and is ignored as such are. */
export function serviceNowSoap(tables: ServiceNowTables, table: string, text: string): Behaviour {
  const operation = operationOf(text);
  if (operation === null) return fault('Unable to parse SOAP document');
  const fields = Object.fromEntries(Array.from(operation.childNodes).filter((one) => one.nodeType === 1 && (one as Element).namespaceURI === null).map((one) => [one.nodeName, one.textContent ?? '']));
  const answer = (content: string): Behaviour => envelope(200, `<${operation.localName}Response xmlns="${NAMESPACE}${table}">${content}</${operation.localName}Response>`);
  try {
    return table === 'ecc_queue' ? attached(tables, fields, answer) : ran(tables, { name: operation.localName ?? '', fields }, answer);
  } catch (error) {
    if (error instanceof Refused) return fault(`Insert Aborted : Error during insert of incident: ${error.message}`);
    throw error;
  }
}

function ran(tables: ServiceNowTables, { name, fields }: { readonly name: string; readonly fields: Row }, answer: (content: string) => Behaviour): Behaviour {
  switch (name) {
    case 'insert': {
      const { sys_id: sysId = '', number = '' } = tables.insert(fields);
      return answer(xmlOf({ sys_id: sysId, number }));
    }
    case 'update': {
      const row = tables.find(fields['sys_id']);
      if (row === undefined) return fault(`org.mozilla.javascript.WrappedException: Wrapped com.glide.processors.soap.SOAPProcessingException: Record not found: ${fields['sys_id'] ?? ''}`);
      const { sys_id: _, ...rest } = fields;
      tables.write(row, rest);
      return answer(xmlOf({ sys_id: row['sys_id']! }));
    }
    case 'getRecords': {
      const found = tables.query(tables.rows, fields['__encoded_query'] ?? '').slice(0, Number(fields['__limit'] ?? 250));
      return answer(found.map((row) => `<getRecordsResult>${xmlOf({ sys_id: row['sys_id']!, number: row['number']! })}</getRecordsResult>`).join(''));
    }
    default:
      return fault(`Unknown operation ${name}`);
  }
}

/** A file goes by a queue: its name and type, its row, its content. */
function attached(tables: ServiceNowTables, { agent, name = '', source = '', payload = '' }: Row, answer: (content: string) => Behaviour): Behaviour {
  const [, sysId = ''] = source.split(':');
  const [, fileName = '', type = ''] = /^(.*):([^:]*)$/.exec(name) ?? [];
  if (agent === 'AttachmentCreator' && tables.find(sysId) !== undefined) tables.keep(sysId, fileName, { type, text: Buffer.from(payload, 'base64').toString() });
  return answer(xmlOf({ sys_id: 'e'.repeat(32) }));
}

function operationOf(text: string): Element | null {
  const read = readXml(text);
  const body = read.ok ? Array.from(read.value.documentElement!.childNodes).find((one) => one.nodeType === 1 && (one as Element).localName === 'Body') : undefined;
  return (Array.from(body?.childNodes ?? []).find((one) => one.nodeType === 1) as Element | undefined) ?? null;
}
