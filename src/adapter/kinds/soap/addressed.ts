import type { Element } from '@xmldom/xmldom';
import type { InboundTold } from '../../contract.js';
import { childOf, textOf, type ReadEnvelope } from './envelope-reader.js';
import { ADDRESSING, SERVICE } from './names.js';
import type { ServiceOperation } from './service.js';
import { escapeText } from './xml-template.js';

/** What an envelope says of itself by WS-Addressing, of either version. */
export interface Addressed {
  readonly namespace: string;
  /** The sender's own id of the message. */
  readonly messageId: string;
  readonly action: string | null;
}

/** The MessageID of an envelope, of either version. */
export const messageIdOf = ({ header }: Pick<ReadEnvelope, 'header'>): Element | null =>
  (header === null ? null : (Object.values(ADDRESSING).map((namespace) => childOf(header, 'MessageID', namespace)).find((one) => one !== null) ?? null));

/** Null where the envelope has no MessageID. */
export function addressedBy({ header }: ReadEnvelope): Addressed | null {
  for (const namespace of Object.values(ADDRESSING)) {
    const messageId = textOf(header, 'MessageID', namespace);
    if (messageId !== null) return { namespace, messageId, action: textOf(header, 'Action', namespace) };
  }
  return null;
}

/** The action of an operation of our own service, or of its answer. */
export const actionOf = (operation: ServiceOperation, suffix: '' | 'Response' = ''): string => `${SERVICE}/${operation}${suffix}`;

/** The header blocks of an answer to such an envelope: clients that speak WS-Addressing take no other for the answer to theirs. */
export function answerHeader(asked: Addressed | null, told: InboundTold, operation: ServiceOperation | null): string {
  if (asked === null) return '';
  const action = told.kind === 'refused' ? `${asked.namespace}/fault` : operation === null ? `${asked.action ?? ''}Response` : actionOf(operation, 'Response');
  const element = (name: string, text: string): string => `<wsa:${name} xmlns:wsa="${asked.namespace}">${escapeText(text)}</wsa:${name}>`;
  return element('Action', action) + element('RelatesTo', asked.messageId);
}
