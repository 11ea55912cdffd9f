import type { Element } from '@xmldom/xmldom';
import type { SendResult } from '../../contract.js';
import { childOf, childrenOf, elementsOf, textOf, type ReadEnvelope } from './envelope-reader.js';
import { isEnvelopeNamespace, XML } from './names.js';

/** A fault as its sender means it, of either version. */
export interface Fault {
  /** Local name of the code: Server, Client.Rejected, Sender; in 1.2 of the class, the nearer code is `subcode`. */
  readonly code: string;
  readonly subcode: string | null;
  readonly text: string;
  readonly detail: string | null;
}

const MOST_WORDS = 300;

/**
 * The fault that an envelope carries; null where it carries none. Services write the form of one version into the envelope of the other
 * (SOAP::Lite, gateways that translate), and forget namespaces: what has a code in either form is a fault all the same.
 */
export function readFault({ body }: Pick<ReadEnvelope, 'body'>): Fault | null {
  const fault = childrenOf(body, 'Fault').find(({ namespaceURI }) => isEnvelopeNamespace(namespaceURI) || (namespaceURI ?? '') === '');
  if (fault === undefined) return null;
  const code = childOf(fault, 'Code');
  const faultcode = textOf(fault, 'faultcode');
  if (code === null && faultcode === null && !isEnvelopeNamespace(fault.namespaceURI)) return null;
  if (code === null) return { code: local(faultcode), subcode: null, text: words(textOf(fault, 'faultstring')), detail: words(textsIn(childOf(fault, 'detail'))) || null };
  return { code: local(textOf(code, 'Value')), subcode: local(textOf(childOf(code, 'Subcode'), 'Value')) || null, text: words(reasonOf(fault)), detail: words(textsIn(childOf(fault, 'Detail'))) || null };
}

/** Of a reason in several languages the English one, else the first. */
function reasonOf(fault: Element): string | null {
  const reason = childOf(fault, 'Reason');
  const all = reason === null ? [] : childrenOf(reason, 'Text');
  return (all.find((one) => /^en\b/i.test(one.getAttributeNS(XML, 'lang') ?? '')) ?? all[0])?.textContent ?? null;
}

/** Texts of an element and of all below it, with blanks between them. */
function textsIn(element: Element | null): string {
  if (element === null) return '';
  const below = elementsOf(element);
  return below.length === 0 ? (element.textContent ?? '').trim() : below.map(textsIn).filter((one) => one !== '').join(' ');
}

const local = (name: string | null): string => (name ?? '').replace(/^.*:/, '').trim();
const words = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').slice(0, MOST_WORDS);

/** Codes of WS-Security that speak of who we are. */
const CREDENTIALS = new Set(['FailedAuthentication', 'FailedCheck', 'InvalidSecurityToken', 'SecurityTokenUnavailable']);
/** The nearer part of a code that says the same: Client.Authentication is the example of SOAP 1.1 itself, Unauthenticated is what Axis says. */
const UNKNOWN_CALLER = /^(?:Authentication|(?:Un|Not)Authenticated)$/i;
/** Whose fault a code says it is; others are judged by the status of HTTP. */
const THEIRS = new Set(['Server', 'Receiver']);
const OURS = new Set(['Client', 'Sender', 'VersionMismatch', 'MustUnderstand', 'DataEncodingUnknown']);

/** What a fault makes of a result that was judged by its status, for which 500 is only the usual status of faults. */
export function judgedByFault(base: SendResult, fault: Fault): SendResult {
  const said = [fault.subcode ?? fault.code, fault.text].filter((one) => one !== '').join(': ');
  const common = { ...base, answer: faultAttributes(fault), error: `The target answered ${base.httpStatus} with a fault: ${said}` };
  // A status that says more than 500 does: busy, not allowed.
  if (base.outcome === 'credentials' || (base.outcome === 'retryable' && base.httpStatus !== 500)) return common;
  if (isOfCaller(fault)) return { ...common, outcome: 'credentials', endpointFault: true };
  const [whose = ''] = fault.code.split('.');
  const isTheirs = THEIRS.has(whose) || (!OURS.has(whose) && (base.httpStatus ?? 0) >= 500);
  return isTheirs ? { ...common, outcome: 'retryable', endpointFault: true } : { ...common, outcome: 'rejected', endpointFault: false, retryAfterMs: null };
}

/** Whether a fault speaks of who we are. */
export const isOfCaller = ({ code, subcode }: Fault): boolean => [code, ...code.split('.').slice(1), subcode ?? ''].some((one) => CREDENTIALS.has(one) || UNKNOWN_CALLER.test(one));

const faultAttributes = (fault: Fault): SendResult['answer'] => Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== null).map(([name, value]) => [`fault.${name}`, value as string]));
