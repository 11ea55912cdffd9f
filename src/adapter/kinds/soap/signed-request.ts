import { hash } from 'node:crypto';
import { XMLSerializer, type Element } from '@xmldom/xmldom';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import { readXml } from '../../place/xml-document.js';
import { messageIdOf } from './addressed.js';
import { alone, childrenOf, readEnvelope, textOf, type ReadEnvelope } from './envelope-reader.js';
import { essenceOf } from './essence.js';
import { ADDRESSING, isEnvelopeNamespace, SIGNATURE, WSSE, WSU } from './names.js';
import type { SoapSettings } from './settings.js';
import { isFresh, signedParts } from './signature.js';

const DEFAULT_AGE_S = 300;

const refused = (message: string): Result<void, Failure> => err(failure('denied', 'failed-check', `The envelope is not believed: ${message}.`));

/**
 * Checks that Body and Timestamp of an envelope are what a trusted sender signed. What is read later is the Body as our own parser has it:
 * it is held against what the signature covers, so that neither a second element with its id nor another reading of the same bytes passes for it.
 */
export function verifySignedRequest(envelope: ReadEnvelope, { certificates, maxAgeSeconds = DEFAULT_AGE_S }: NonNullable<SoapSettings['signedRequests']>, nowMs: number): Result<void, Failure> {
  if (envelope.isRelated) return refused('a signed envelope cannot come with parts beside it');
  const signed = signedParts(envelope.view.text, certificates);
  if (!signed.ok) return refused(signed.error);
  const elements = signed.value.map(rootOf).filter((one) => one !== null);
  const bodies = elements.filter((one) => one.localName === 'Body' && isEnvelopeNamespace(one.namespaceURI));
  if (bodies.length !== 1) return refused(bodies.length === 0 ? 'its Body is not signed' : 'more than one Body is signed');
  if (essenceOf(bodies[0]!) !== essenceOf(envelope.body)) return refused('the Body that is signed is not its Body');
  const timestamp = timestampOf(envelope);
  if (timestamp === null) return refused('it has no Timestamp, or several');
  const isSigned = (element: Element | null): boolean => element !== null && elements.some((one) => essenceOf(one) === essenceOf(element));
  if (!isSigned(timestamp)) return refused('its Timestamp is not signed');
  // One that was moved away would make a repeat look new.
  if (elements.some(isMessageId) && !isSigned(messageIdOf(envelope))) return refused('the MessageID that is signed is not its MessageID');
  return isFresh(timestamp, { nowMs, maxAgeSeconds }) ? ok(undefined) : refused('its Timestamp is too old, or the clocks differ');
}

function rootOf(canonical: string): Element | null {
  const read = readXml(canonical);
  return read.ok ? read.value.documentElement : null;
}

function timestampOf({ header }: ReadEnvelope): Element | null {
  const all = (header === null ? [] : childrenOf(header, 'Security', WSSE)).flatMap((one) => childrenOf(one, 'Timestamp', WSU));
  return all.length === 1 ? all[0]! : null;
}

/** An envelope of which nothing but its Body is seen by mappings; its header stays at hand for what belongs to the answer. */
export function bodyAlone(envelope: ReadEnvelope): Result<ReadEnvelope, Failure> {
  const document = alone(envelope.root)!;
  const root = document.documentElement!;
  for (const child of Array.from(root.childNodes)) if (!((child as Element).localName === 'Body' && (child as Element).namespaceURI === root.namespaceURI)) root.removeChild(child);
  const body = Buffer.from(new XMLSerializer().serializeToString(root));
  const read = readEnvelope({ ...envelope.view.received, body, contentType: 'text/xml; charset=utf-8' });
  return read.ok ? ok({ ...read.value, header: envelope.header }) : read;
}

/**
 * Tells one signed message from every other: its MessageID where that is signed, else what is signed itself. Sent once more by whoever has caught it,
 * under whatever header, it is the same. Null where it carries no Timestamp: nobody sent it, it was fetched.
 */
export function signedId(envelope: ReadEnvelope): string | null {
  const timestamp = timestampOf(envelope);
  if (timestamp === null) return null;
  const messageId = messageIdOf(envelope);
  const id = messageId?.getAttributeNS(WSU, 'Id') ?? '';
  if (id !== '' && referencesOf(envelope).includes(`#${id}`)) return messageId!.textContent;
  return `signed:${hash('sha256', `${textOf(timestamp, 'Created', WSU) ?? ''} ${essenceOf(envelope.body)}`)}`;
}

/** What the signature says that it covers. */
const referencesOf = ({ header }: ReadEnvelope): readonly string[] => ['Signature', 'SignedInfo', 'Reference']
  .reduce<readonly Element[]>((found, name) => found.flatMap((one) => childrenOf(one, name, SIGNATURE)), header === null ? [] : childrenOf(header, 'Security', WSSE))
  .map((one) => one.getAttribute('URI') ?? '');

const isMessageId = ({ localName, namespaceURI }: Element): boolean => localName === 'MessageID' && Object.values<string | null>(ADDRESSING).includes(namespaceURI);
