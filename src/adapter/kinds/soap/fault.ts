import type { SendResult } from '../../contract.js';
import { childOf, textOf, type ReadEnvelope } from './envelope-reader.js';
import { ENVELOPE } from './names.js';

/** A fault as its sender means it, of either version. */
export interface Fault {
  /** Local name of the code: Server, Client.Rejected, Sender; in 1.2 of the class, the nearer code is `subcode`. */
  readonly code: string;
  readonly subcode: string | null;
  readonly text: string;
  readonly detail: string | null;
}

const MOST_WORDS = 300;

/** The fault that an envelope carries; null where it carries none. */
export function readFault({ version, body }: Pick<ReadEnvelope, 'version' | 'body'>): Fault | null {
  const namespace = ENVELOPE[version];
  const fault = childOf(body, 'Fault', namespace);
  if (fault === null) return null;
  // SOAP::Lite writes this form in either version.
  if (version === '1.1' || (childOf(fault, 'Code', namespace) === null && childOf(fault, 'faultcode') !== null)) {
    return { code: local(textOf(fault, 'faultcode')), subcode: null, text: words(textOf(fault, 'faultstring')), detail: words(textOf(fault, 'detail')) || null };
  }
  const code = childOf(fault, 'Code', namespace);
  const subcode = code === null ? null : childOf(code, 'Subcode', namespace);
  return {
    code: local(textOf(code, 'Value', namespace)), subcode: local(textOf(subcode, 'Value', namespace)) || null,
    text: words(textOf(childOf(fault, 'Reason', namespace), 'Text', namespace)), detail: words(textOf(fault, 'Detail', namespace)) || null,
  };
}

const local = (name: string | null): string => (name ?? '').replace(/^.*:/, '').trim();
const words = (text: string | null): string => (text ?? '').replace(/\s+/g, ' ').slice(0, MOST_WORDS);

/** Codes of WS-Security that speak of who we are. */
const CREDENTIALS = new Set(['FailedAuthentication', 'FailedCheck', 'InvalidSecurityToken', 'SecurityTokenUnavailable']);
/** Whose fault a code says it is; others are judged by the status of HTTP. */
const THEIRS = new Set(['Server', 'Receiver']);
const OURS = new Set(['Client', 'Sender', 'VersionMismatch', 'MustUnderstand', 'DataEncodingUnknown']);

/** What a fault makes of a result that was judged by its status, for which 500 is only the usual status of faults. */
export function judgedByFault(base: SendResult, fault: Fault): SendResult {
  const said = [fault.subcode ?? fault.code, fault.text].filter((one) => one !== '').join(': ');
  const common = { ...base, answer: faultAttributes(fault), error: `The target answered ${base.httpStatus} with a fault: ${said}` };
  // A status that says more than 500 does: busy, not allowed.
  if (base.outcome === 'credentials' || (base.outcome === 'retryable' && base.httpStatus !== 500)) return common;
  if (CREDENTIALS.has(fault.code) || CREDENTIALS.has(fault.subcode ?? '')) return { ...common, outcome: 'credentials', endpointFault: true };
  const [whose = ''] = fault.code.split('.');
  const isTheirs = THEIRS.has(whose) || (!OURS.has(whose) && (base.httpStatus ?? 0) >= 500);
  return isTheirs ? { ...common, outcome: 'retryable', endpointFault: true } : { ...common, outcome: 'rejected', endpointFault: false, retryAfterMs: null };
}

const faultAttributes = (fault: Fault): SendResult['answer'] => Object.fromEntries(Object.entries(fault).filter(([, value]) => value !== null).map(([name, value]) => [`fault.${name}`, value as string]));
