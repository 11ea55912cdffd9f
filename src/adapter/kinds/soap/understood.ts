import type { Element } from '@xmldom/xmldom';
import { childOf, elementsOf, textOf, type ReadEnvelope } from './envelope-reader.js';
import { ADDRESSING, ENVELOPE, ROLES, WSSE } from './names.js';
import { namespacesOf } from './compiled.js';
import type { SoapSettings } from './settings.js';

/** What of WS-Addressing is read, or asks for what is done anyway. */
const ADDRESSED = new Set(['MessageID', 'Action', 'To', 'From', 'RelatesTo']);
/** Addresses of an answer that is given on the same connection. */
const SAME_CONNECTION = new Set(Object.values(ADDRESSING).flatMap((uri) => [`${uri}/anonymous`, `${uri}/role/anonymous`]));

/** Header blocks that are meant for us, must be understood, and are not. What must be understood is refused rather than passed over. */
export function notUnderstood(envelope: Pick<ReadEnvelope, 'header' | 'version'>, settings: SoapSettings): readonly Element[] {
  const { header, version } = envelope;
  if (header === null) return [];
  const own = new Set((settings.understoodHeaders ?? []).map((name) => fullName(name, namespacesOf(settings))));
  return elementsOf(header).filter((block) => mustBe(block, ENVELOPE[version], version) && !isUnderstood(block, settings) && !own.has(`{${block.namespaceURI ?? ''}}${block.localName ?? ''}`));
}

function mustBe(block: Element, envelope: string, version: ReadEnvelope['version']): boolean {
  const role = (block.getAttributeNS(envelope, version === '1.1' ? 'actor' : 'role') ?? '').trim();
  return /^(?:1|true)$/.test((block.getAttributeNS(envelope, 'mustUnderstand') ?? '').trim()) && ROLES.has(role);
}

function isUnderstood(block: Element, { inboundSecurity, signedRequests }: SoapSettings): boolean {
  if (block.namespaceURI === WSSE && block.localName === 'Security') return inboundSecurity !== undefined || signedRequests !== undefined;
  if (!Object.values(ADDRESSING).includes(block.namespaceURI ?? '')) return false;
  // An answer that is wanted elsewhere would not come there.
  const isReply = block.localName === 'ReplyTo' || block.localName === 'FaultTo';
  return ADDRESSED.has(block.localName ?? '') || (isReply && SAME_CONNECTION.has(textOf(block, 'Address', block.namespaceURI ?? '') ?? ''));
}

const fullName = (name: string, namespaces: Readonly<Record<string, string>>): string => {
  const [prefix = '', local = ''] = name.split(':');
  return `{${namespaces[prefix] ?? ''}}${local}`;
};

/** A header block as people and SOAP 1.2 name it. */
export const nameOf = (block: Element): string => `${block.localName ?? ''} (${block.namespaceURI ?? 'no namespace'})`;

/** Whether an envelope has a security header at all. */
export const hasSecurity = ({ header }: Pick<ReadEnvelope, 'header'>): boolean => header !== null && childOf(header, 'Security', WSSE) !== null;
