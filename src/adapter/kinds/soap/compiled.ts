import { sameName } from '../../../core/message/fold.js';
import type { Result } from '../../../core/message/result.js';
import type { ConnectedEndpoint } from '../../contract.js';
import { compilePlace, type PlaceReader } from '../../place/place.js';
import { compileElements } from '../../place/xml-document.js';
import { compilePredicates, type Predicate } from '../../answer/predicate.js';
import { secretForms } from '../../setting/secret-text.js';
import { compileSoapAnswer, withNamespaces, type SoapAnswerRules } from './answer.js';
import { ENVELOPE, WSSE, XSD, XSI, type SoapVersion } from './names.js';
import { soapEntityType, soapSettings, type SoapAnswer, type SoapLookup, type SoapPoll, type SoapRequest, type SoapSettings } from './settings.js';
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
    check: settings.check === undefined ? null : make(settings.check, [settings.answers]),
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

function headersOf({ auth, headers = {} }: SoapSettings): Readonly<Record<string, string>> {
  const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  const common = { accept: 'text/xml, application/soap+xml, multipart/related', 'user-agent': 'Parley', ...own };
  switch (auth?.type) {
    case undefined: case 'none': return common;
    case 'basic': return { ...common, authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}` };
    case 'bearer': return { ...common, authorization: `Bearer ${auth.token}` };
    case 'header': return { ...common, [auth.name.toLowerCase()]: auth.value };
  }
}

/** Every form of a secret that may not be seen, as XML writes it included. */
function secretsOf(settings: SoapSettings): readonly string[] {
  const { auth, security, inboundSecurity, secrets, tls } = settings as SoapSettings & { readonly tls?: { readonly key?: string } };
  const inAuth = auth?.type === 'basic' ? [auth.password, `${auth.username}:${auth.password}`] : auth?.type === 'bearer' ? [auth.token] : auth?.type === 'header' ? [auth.value] : [];
  const all = [...inAuth, security?.usernameToken?.password, security?.signature?.key, inboundSecurity?.password, ...Object.values(secrets ?? {}), tls?.key].filter((one) => one !== undefined);
  return secretForms([...all, ...all.map(escapeText)]);
}
