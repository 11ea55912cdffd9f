import type { Element } from '@xmldom/xmldom';
import type { InboundAnswer, InboundTold } from '../../contract.js';
import { compileXmlTemplate, escapeAttribute, escapeText } from './xml-template.js';
import { ENVELOPE, SERVICE, WSSE, type SoapVersion } from './names.js';
import type { ServiceOperation } from './service.js';
import type { SoapInbound } from './settings.js';

const TYPES: Readonly<Record<SoapVersion, string>> = { '1.1': 'text/xml; charset=utf-8', '1.2': 'application/soap+xml; charset=utf-8' };
/** Statuses that say more than that there is a fault, and that clients act upon. */
const TELLING = new Set([401, 413, 429, 503]);
/** Codes by whose fault it is. */
const SIDES = { '1.1': { ours: 'Server', theirs: 'Client' }, '1.2': { ours: 'Receiver', theirs: 'Sender' } } as const;
/** Code of a refusal for header blocks that must be understood. */
export const NOT_UNDERSTOOD = 'not-understood';

type Refused = Extract<InboundTold, { kind: 'refused' }>;

/** What an answer is made of besides what is told. */
export interface Answering {
  /** Of our own service; null of a mapping. */
  readonly operation: ServiceOperation | null;
  readonly custom: SoapInbound['answer'] | undefined;
  /** Header blocks; empty where there are none. */
  readonly header: string;
}

/** What a sender is told of its envelope, in the version that it speaks. */
export function soapAnswer(told: InboundTold, version: SoapVersion, { operation, custom, header }: Answering): InboundAnswer {
  const body = told.kind === 'refused' ? faultOf(told, version) : accepted(told, operation, custom);
  const declared = Object.entries(custom?.namespaces ?? {}).map(([prefix, uri]) => ` xmlns:${prefix}="${escapeAttribute(uri)}"`).join('');
  return { status: told.kind === 'accepted' ? 200 : faultStatus(told, version), contentType: TYPES[version], body: `<?xml version="1.0" encoding="utf-8"?><soap:Envelope xmlns:soap="${ENVELOPE[version]}"${declared}>${header === '' ? '' : `<soap:Header>${header}</soap:Header>`}<soap:Body>${body}</soap:Body></soap:Envelope>` };
}

function accepted({ messageId, replayed }: Extract<InboundTold, { kind: 'accepted' }>, operation: ServiceOperation | null, custom: SoapInbound['answer'] | undefined): string {
  if (custom !== undefined) {
    const values: Readonly<Record<string, string | boolean>> = { messageId, replayed };
    const template = compileXmlTemplate(custom.body, custom.namespaces ?? {});
    if (template.ok) return template.value.write({ read: (name) => values[name], document: () => values }, () => '');
  }
  return `<${operation ?? 'Accepted'}${operation === null ? '' : 'Response'} xmlns="${SERVICE}"><messageId>${escapeText(messageId)}</messageId><repeated>${replayed}</repeated></${operation ?? 'Accepted'}${operation === null ? '' : 'Response'}>`;
}

// Of what was not understood both versions say 500.
const faultStatus = ({ status, code }: Refused, version: SoapVersion): number => (code === NOT_UNDERSTOOD ? 500 : TELLING.has(status) ? status : version === '1.2' && status < 500 ? 400 : 500);

/** What the header of a fault says of each block that was not understood; SOAP 1.1 has nothing of the kind. */
export const notUnderstoodHeader = (blocks: readonly Element[], version: SoapVersion): string => (version === '1.1' ? '' : blocks.map((block) =>
  (block.namespaceURI === null ? `<soap:NotUnderstood qname="${escapeAttribute(block.nodeName)}"/>` : `<soap:NotUnderstood xmlns:q="${escapeAttribute(block.namespaceURI)}" qname="q:${escapeAttribute(block.localName ?? '')}"/>`)).join(''));

function faultOf({ status, code, detail }: Refused, version: SoapVersion): string {
  const whose = code === NOT_UNDERSTOOD ? 'MustUnderstand' : SIDES[version][status >= 500 || status === 429 ? 'ours' : 'theirs'];
  const security = code === 'failed-check' ? 'wsse:FailedCheck' : 'wsse:FailedAuthentication';
  const problem = `<problem xmlns="${SERVICE}"><code>${escapeText(code)}</code><status>${status}</status></problem>`;
  const isSecurity = status === 401;
  if (version === '1.1') {
    const name = isSecurity ? security : `soap:${whose}`;
    return `<soap:Fault${isSecurity ? ` xmlns:wsse="${WSSE}"` : ''}><faultcode>${name}</faultcode><faultstring>${escapeText(detail)}</faultstring><detail>${problem}</detail></soap:Fault>`;
  }
  const subcode = isSecurity ? `<soap:Subcode><soap:Value xmlns:wsse="${WSSE}">${security}</soap:Value></soap:Subcode>` : '';
  return `<soap:Fault><soap:Code><soap:Value>soap:${whose}</soap:Value>${subcode}</soap:Code><soap:Reason><soap:Text xml:lang="en">${escapeText(detail)}</soap:Text></soap:Reason><soap:Detail>${problem}</soap:Detail></soap:Fault>`;
}
