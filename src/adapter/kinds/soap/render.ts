import { createHash } from 'node:crypto';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import { uuidTimeMs } from '../../../store/pipeline/uuid.js';
import { fillText, type TemplateScope } from '../../template/body-template.js';
import type { CarriedAttachment, ConnectedEndpoint, OutboundDelivery, RenderedRequest } from '../../contract.js';
import { deliveryScope } from '../../template/delivery-scope.js';
import { compile, type CompiledEndpoint, type CompiledEntityType, type CompiledRequest } from './compiled.js';
import { writeRelated, type RelatedPart } from './multipart-related.js';
import { ADDRESSING, ENCODING, WSU, XOP, XSD, XSI } from './names.js';
import { encryptEnvelope } from './encryption.js';
import { BODY_ID, securityHeader, type Freshness } from './security.js';
import type { SoapSecurity } from './settings.js';
import { signEnvelope } from './signature.js';
import { escapeAttribute, escapeText, type WriteFile } from './xml-template.js';

/** The call that a delivery asks for, or the reason why there is none. */
export function operationOf(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): Result<{ readonly entityType: CompiledEntityType; readonly operation: CompiledRequest }, Failure> {
  const entityType = compile(endpoint).entityType(delivery.entityType);
  const operation = delivery.operation === 'CREATE' ? entityType?.create : entityType?.update;
  if (entityType === null || operation === null || operation === undefined) {
    return err(failure('invalid', 'operation-missing', `The entity type ${delivery.entityType} of endpoint ${endpoint.id} has no ${delivery.operation.toLowerCase()} operation.`));
  }
  return ok({ entityType, operation });
}

export const scopeOf = (delivery: OutboundDelivery, { settings }: CompiledEndpoint): TemplateScope =>
  deliveryScope({ delivery, attributes: delivery.attributes, settings, steps: () => ({}), uploaded: () => undefined });

/** The request of a create or an update as it would be sent; time and nonce of its security header are those of the delivery, not of an attempt. */
export function renderMain(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): Result<RenderedRequest, Failure> {
  const found = operationOf(delivery, endpoint);
  if (!found.ok) return found;
  const connected = compile(endpoint);
  return renderCall(connected, found.value.operation, { scope: scopeOf(delivery, connected), key: delivery.id, files: delivery.attachments, fresh: shownFreshness(delivery.id), token: SHOWN_TOKEN });
}

export function shownFreshness(id: string): Freshness {
  const ms = /^[0-9a-f]{8}-[0-9a-f]{4}-7/.test(id) ? uuidTimeMs(id) : 0;
  return { nowMs: Number.isNaN(ms) ? 0 : ms, nonce: createHash('sha256').update(id).digest().subarray(0, 16), random: null };
}

export interface Calling {
  readonly scope: TemplateScope;
  /** Under which the target may recognise a repeat; null where nothing is changed. */
  readonly key: string | null;
  readonly files: readonly CarriedAttachment[];
  readonly fresh: Freshness;
  /** What was given for who we are, read as `{{token}}`; null where nothing was. */
  readonly token: string | null;
}

/** What stands for a token where a request is only shown. */
export const SHOWN_TOKEN = '***';

/** One call as an HTTP request. */
export function renderCall(connected: CompiledEndpoint, { request, body, header }: CompiledRequest, calling: Calling): Result<RenderedRequest, Failure> {
  const problem = !body.ok ? body.error : header !== null && !header.ok ? header.error : null;
  if (problem !== null) return err(failure('invalid', 'template-unreadable', `The template cannot be read: ${problem}`));
  const { key, fresh, token } = calling;
  const scope = withToken(calling.scope, token);
  const { settings, version } = connected;
  if ((request.mtom === true || request.swa === true) && (settings.security?.signature ?? settings.security?.encryption) !== undefined) return err(failure('invalid', 'signed-mtom', 'A signed or encrypted request cannot carry files as parts of their own.'));
  const action = headerText(fillText(request.action ?? '', scope));
  const parts: RelatedPart[] = [];
  const write = fileWriter(calling.files, request.mtom === true, parts);
  const content = body.ok ? body.value.write(scope, write) : '';
  const custom = header?.ok === true ? header.value.write(scope, write) : '';
  const unsigned = envelope(connected, request, { content, header: custom + addressing(connected, request, action, key) + securityHeader(settings.security, fresh, token) });
  const signed = sign(unsigned, settings.security?.signature?.key);
  if (!signed.ok) return signed;
  const sealed = encrypt(signed.value, settings.security?.encryption, fresh);
  if (!sealed.ok) return sealed;
  const bytes = Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${sealed.value}`);
  const own = Object.fromEntries(Object.entries(request.headers ?? {}).map(([name, template]) => [name.toLowerCase(), headerText(fillText(template, scope))]));
  const typed = request.swa === true ? attached(calling.files, bytes, { version, action, key }) : request.mtom === true ? related(parts, bytes, { version, action, key }) : { contentType: contentType(version, action), body: bytes };
  return ok({
    method: 'POST', url: addressOf(settings.address, request.path),
    headers: { ...connected.headers, 'content-type': typed.contentType, ...(version === '1.1' ? { soapaction: `"${action}"` } : {}), ...(key === null ? {} : { 'idempotency-key': key }), ...own },
    body: typed.body,
  });
}

const withToken = (scope: TemplateScope, token: string | null): TemplateScope =>
  (token === null ? scope : { read: (name) => (name === 'token' ? token : scope.read(name)), document: () => ({ ...scope.document(), token }) });

const addressOf = (address: string, path: string | undefined): string => (path === undefined ? address : address.replace(/\/+$/, '') + path);
/** What is inserted into a header is one line of ASCII without quotes. */
const headerText = (text: string): string => text.replace(/[\r\n]+/g, ' ').replace(/[^\x20-\x7e]|["\\]/g, '');
const contentType = (version: CompiledEndpoint['version'], action: string): string =>
  (version === '1.1' ? 'text/xml; charset=utf-8' : `application/soap+xml; charset=utf-8${action === '' ? '' : `; action="${action}"`}`);

function envelope({ version, namespaces, settings }: CompiledEndpoint, request: CompiledRequest['request'], { content, header }: { readonly content: string; readonly header: string }): string {
  const isSigned = settings.security?.signature !== undefined;
  const { soap = '', xsi: _xsi, xsd: _xsd, soap11: _11, soap12: _12, wsse: _wsse, ...own } = namespaces;
  const declared = Object.entries({ soap, xsi: XSI, xsd: XSD, ...(isSigned ? { wsu: WSU } : {}), ...own }).map(([prefix, uri]) => ` xmlns:${prefix}="${escapeAttribute(uri)}"`).join('');
  const encoding = request.use === 'encoded' ? ` soap:encodingStyle="${ENCODING[version]}"` : '';
  const isRpc = request.style === 'rpc' && request.rpc !== undefined;
  const { name = '', namespace } = request.rpc ?? {};
  const inside = !isRpc ? content
    : namespace === undefined ? `<${name}${encoding}>${content}</${name}>` : `<rpc:${name} xmlns:rpc="${escapeAttribute(namespace)}"${encoding}>${content}</rpc:${name}>`;
  return `<soap:Envelope${declared}>${header === '' ? '' : `<soap:Header>${header}</soap:Header>`}<soap:Body${isSigned ? ` wsu:Id="${BODY_ID}"` : ''}>${inside}</soap:Body></soap:Envelope>`;
}

/** WS-Addressing; the message id is the delivery's key, the same on every attempt. */
function addressing({ settings }: CompiledEndpoint, request: CompiledRequest['request'], action: string, key: string | null): string {
  if (settings.addressing === undefined) return '';
  const { version = '2005/08', to, replyTo } = settings.addressing;
  const uri = ADDRESSING[version];
  const id = key === null ? '' : `<wsa:MessageID>${escapeText(/^[0-9a-f-]{36}$/.test(key) ? `urn:uuid:${key}` : `urn:parley:${key}`)}</wsa:MessageID>`;
  const reply = replyTo ?? (version === '2005/08' ? `${uri}/anonymous` : `${uri}/role/anonymous`);
  return `<wsa:To xmlns:wsa="${uri}">${escapeText(to ?? addressOf(settings.address, request.path))}</wsa:To><wsa:Action xmlns:wsa="${uri}">${escapeText(action)}</wsa:Action>`
    + id.replace('<wsa:MessageID>', `<wsa:MessageID xmlns:wsa="${uri}">`) + `<wsa:ReplyTo xmlns:wsa="${uri}"><wsa:Address>${escapeText(reply)}</wsa:Address></wsa:ReplyTo>`;
}

function sign(xml: string, key: string | undefined): Result<string, Failure> {
  if (key === undefined) return ok(xml);
  try {
    return ok(signEnvelope(xml, key));
  } catch {
    return err(failure('invalid', 'cannot-sign', 'The request cannot be signed: its key is no RSA key in PEM.'));
  }
}

function encrypt(xml: string, encryption: SoapSecurity['encryption'], { random }: Freshness): Result<string, Failure> {
  if (encryption === undefined || random === null) return ok(xml);
  try {
    return ok(encryptEnvelope(xml, encryption, random));
  } catch {
    return err(failure('invalid', 'cannot-encrypt', 'The request cannot be encrypted: the certificate of the target is none of RSA in PEM.'));
  }
}

/** Writes the content of a file in its place, or a reference to a part that carries it. */
function fileWriter(files: readonly CarriedAttachment[], isMtom: boolean, parts: RelatedPart[]): WriteFile {
  return (id) => {
    const file = files.find((one) => one.id === id);
    if (file === undefined) return '';
    if (!isMtom) return Buffer.from(file.content.buffer, file.content.byteOffset, file.content.byteLength).toString('base64');
    const part = { id: `file-${parts.length}@parley`, contentType: typeOf(file), content: file.content };
    parts.push(part);
    return `<xop:Include xmlns:xop="${XOP}" href="cid:${part.id}"/>`;
  };
}

const typeOf = ({ contentType: given }: CarriedAttachment): string => (/^[\w.+-]+\/[\w.+-]+$/.test(given) ? given : 'application/octet-stream');

interface Sending {
  readonly version: CompiledEndpoint['version'];
  readonly action: string;
  readonly key: string | null;
}

/** SOAP with attachments: the envelope is an ordinary one, the files stand beside it under their ids. */
function attached(files: readonly CarriedAttachment[], body: Buffer, { version, action, key }: Sending): { readonly contentType: string; readonly body: Uint8Array } {
  const root = { id: 'envelope@parley', contentType: contentType(version, action), content: body };
  const written = writeRelated([root, ...files.map((file) => ({ id: file.id, contentType: typeOf(file), content: file.content }))], boundaryOf(key), { type: version === '1.1' ? 'text/xml' : 'application/soap+xml' });
  return version === '1.2' && action !== '' ? { ...written, contentType: `${written.contentType}; action="${action}"` } : written;
}

const boundaryOf = (key: string | null): string => `parley-${(key ?? 'call').replace(/[^\w-]/g, '')}`;

function related(parts: readonly RelatedPart[], body: Buffer, { version, action, key }: Sending): { readonly contentType: string; readonly body: Uint8Array } {
  const type = version === '1.1' ? 'text/xml' : 'application/soap+xml';
  const root = { id: 'envelope@parley', contentType: `application/xop+xml; charset=utf-8; type="${type}"`, content: body };
  const written = writeRelated([root, ...parts], boundaryOf(key), { type: 'application/xop+xml', startInfo: type });
  return version === '1.2' && action !== '' ? { ...written, contentType: `${written.contentType}; action="${action}"` } : written;
}
