import { XMLSerializer } from '@xmldom/xmldom';
import { sameName } from '../../../core/message/fold.js';
import type { Result } from '../../../core/message/result.js';
import type { ConnectedEndpoint } from '../../contract.js';
import type { MessageView } from '../../place/message-view.js';
import { asWord, compilePlace, type PlaceReader } from '../../place/place.js';
import { compileElements } from '../../place/xml-document.js';
import { compilePredicates, type Predicate } from '../../answer/predicate.js';
import { secretForms } from '../../setting/secret-text.js';
import { secretsOfOAuth } from '../../token/oauth-setting.js';
import { compileSoapAnswer, withNamespaces, type SoapAnswerRules } from './answer.js';
import { ENVELOPE, WSSE, XSD, XSI, type SoapVersion } from './names.js';
import { soapEntityType, soapSettings, type SoapAnswer, type SoapAuth, type SoapLookup, type SoapPoll, type SoapRequest, type SoapSession, type SoapSettings } from './settings.js';
import { compileXmlTemplate, escapeText, type XmlTemplate } from './xml-template.js';

/** A call with its templates taken apart. */
export interface CompiledRequest {
  readonly request: SoapRequest;
  readonly body: Result<XmlTemplate, string>;
  readonly header: Result<XmlTemplate, string> | null;
  readonly answer: SoapAnswerRules;
  readonly isIdempotent: boolean;
}

export interface CompiledLookup extends CompiledRequest {
  readonly ticketId: PlaceReader;
  readonly absentWhen: Predicate;
}

/** A list that is polled: its call, and what finds its elements. */
export interface CompiledPoll {
  readonly setting: SoapPoll;
  readonly request: CompiledRequest;
  readonly elements: ReturnType<typeof compileElements>;
}

/** How a session is begun, ended, and known to be over. */
export interface CompiledSession {
  readonly login: CompiledRequest;
  readonly logout: CompiledRequest | null;
  /** The token in the answer to the login; null where there is none. */
  readonly token: (view: MessageView, document: unknown) => string | null;
  readonly isOver: Predicate;
}

export interface CompiledEntityType {
  readonly name: string;
  readonly create: CompiledRequest | null;
  readonly update: CompiledRequest | null;
  readonly attach: CompiledRequest | null;
  readonly lookup: CompiledLookup | null;
  readonly poll: CompiledPoll | null;
  readonly hasTicketId: boolean;
}

/** What the settings of an endpoint come to, made once per endpoint object. */
export interface CompiledEndpoint {
  readonly settings: SoapSettings;
  readonly version: SoapVersion;
  /** Prefixes of templates and of XPaths. */
  readonly namespaces: Readonly<Record<string, string>>;
  /** HTTP headers of every request, credentials included. */
  readonly headers: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly check: CompiledRequest | null;
  readonly session: CompiledSession | null;
  /** What addresses of tokens that are paths stand below. */
  readonly origin: string;
  entityType(name: string): CompiledEntityType | null;
}

const known = new WeakMap<ConnectedEndpoint, CompiledEndpoint>();

export function compile(endpoint: ConnectedEndpoint): CompiledEndpoint {
  const found = known.get(endpoint);
  if (found !== undefined) return found;
  const settings = soapSettings(endpoint);
  const version = settings.version ?? '1.1';
  const namespaces = namespacesOf(settings);
  const make = (request: SoapRequest, general: readonly (SoapAnswer | undefined)[]): CompiledRequest => compileRequest(request, general, settings, namespaces);
  const entityTypes = endpoint.entityTypes.map((one): CompiledEntityType => {
    const { operations = {}, response, lookup, poll } = soapEntityType(one);
    const general = [response, settings.answers];
    const optional = (request: SoapRequest | undefined, rules: typeof general): CompiledRequest | null => (request === undefined ? null : make(request, rules));
    return {
      name: one.name, create: optional(operations.create, general), update: optional(operations.update, general), attach: optional(operations.attach, [settings.answers]),
      lookup: lookup === undefined ? null : compileLookup(lookup, make(lookup, [settings.answers]), namespaces),
      poll: poll === undefined ? null : { setting: poll, request: make(poll, [settings.answers]), elements: compileElements(poll.list, namespaces) },
      hasTicketId: [operations.create?.answer, response, settings.answers].some((answer) => answer?.ticketId !== undefined),
    };
  });
  const made: CompiledEndpoint = {
    settings, version, namespaces, headers: headersOf(settings), secrets: secretsOf(settings),
    check: settings.check === undefined ? null : make(settings.check, [settings.answers]), origin: originOf(settings),
    session: settings.auth?.type === 'session' ? compileSession(settings.auth, settings, namespaces) : null,
    entityType: (name) => entityTypes.find((one) => sameName(one.name, name)) ?? null,
  };
  known.set(endpoint, made);
  return made;
}

/** Prefixes of an endpoint's templates and XPaths: its own, and those of every envelope. */
export const namespacesOf = (settings: SoapSettings): Readonly<Record<string, string>> => ({ ...settings.namespaces, soap: ENVELOPE[settings.version ?? '1.1'], soap11: ENVELOPE['1.1'], soap12: ENVELOPE['1.2'], xsi: XSI, xsd: XSD, wsse: WSSE });

function compileRequest(request: SoapRequest, general: readonly (SoapAnswer | undefined)[], settings: SoapSettings, namespaces: Readonly<Record<string, string>>): CompiledRequest {
  const header = [settings.header, request.header].filter((one) => one !== undefined).join('');
  return {
    request, body: compileXmlTemplate(request.body, namespaces), header: header === '' ? null : compileXmlTemplate(header, namespaces),
    answer: compileSoapAnswer([request.answer, ...general], namespaces), isIdempotent: request.idempotent ?? false,
  };
}

const compileLookup = (lookup: SoapLookup, request: CompiledRequest, namespaces: Readonly<Record<string, string>>): CompiledLookup => ({
  ...request, ticketId: compilePlace(withNamespaces(lookup.ticketId, namespaces)), absentWhen: compilePredicates(lookup.absentWhen.map((one) => withNamespaces(one, namespaces))),
});

/** Of the address: scheme, host and port. */
export const originOf = ({ address }: Pick<SoapSettings, 'address'>): string => (URL.canParse(address) ? new URL(address).origin : address);

function compileSession(auth: SoapSession, { header: _header, ...settings }: SoapSettings, namespaces: Readonly<Record<string, string>>): CompiledSession {
  // The header of every call may carry what the login is to bring.
  const make = (request: SoapRequest): CompiledRequest => compileRequest(request, [settings.answers], settings, namespaces);
  const text = compilePlace(withNamespaces(auth.token, namespaces));
  const xpath = typeof auth.token === 'object' && auth.tokenForm === 'element' ? auth.token.xpath : undefined;
  const elements = xpath === undefined ? null : compileElements(xpath, namespaces);
  const element = (view: MessageView): string | null => {
    const found = elements?.ok === true && view.xml !== null ? elements.value(view.xml)[0] : undefined;
    return found === undefined ? null : new XMLSerializer().serializeToString(found);
  };
  return {
    login: make(auth.login), logout: auth.logout === undefined ? null : make(auth.logout),
    token: auth.tokenForm === 'element' ? element : (view, document) => asWord(text(view, document))?.trim() ?? null,
    isOver: compilePredicates(auth.invalidWhen?.map((one) => withNamespaces(one, namespaces))),
  };
}

function headersOf({ auth, headers = {} }: SoapSettings): Readonly<Record<string, string>> {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const common = { accept: 'text/xml, application/soap+xml, multipart/related', 'user-agent': 'Parley', ...own };
  switch (auth?.type) {
    case undefined: case 'none': case 'oauth2': case 'session': return common;
    case 'basic': return { ...common, authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
    case 'bearer': return { ...common, authorization: `Bearer ${auth.token}` };
    case 'header': return { ...common, [auth.name.toLowerCase()]: auth.value };
  }
}

/** Every form of a secret that may not be seen, as XML writes it included. */
function secretsOf(settings: SoapSettings): readonly string[] {
  const { auth, security, inboundSecurity, encryptedAnswers, secrets, tls } = settings as SoapSettings & { readonly tls?: { readonly key?: string } };
  const all = [...inAuth(auth), security?.usernameToken?.password, security?.signature?.key, security?.assertion, encryptedAnswers?.key, inboundSecurity?.password, ...Object.values(secrets ?? {}), tls?.key].filter((one) => one !== undefined);
  return secretForms([...all, ...all.map(escapeText)]);
}

function inAuth(auth: SoapAuth | undefined): readonly (string | undefined)[] {
  switch (auth?.type) {
    case undefined: case 'none': return [];
    case 'basic': return [auth.password, `${auth.username}:${auth.password}`];
    case 'bearer': return [auth.token];
    case 'header': return [auth.value];
    case 'oauth2': return secretsOfOAuth(auth);
    case 'session': return [auth.password];
  }
}
