import { sameName } from '../../../core/message/fold.js';
import { compilePattern, type Pattern } from '../../../core/rule/pattern.js';
import type { ConnectedEndpoint } from '../../contract.js';
import { secretForms } from '../../setting/secret-text.js';
import { compileExtractions, type CompiledExtraction } from './extraction.js';
import { Floods } from './judge/floods.js';
import { mailEntityType, mailSettings, type MailEntityType, type MailSettings } from './settings.js';
import type { CorrelationSettings } from './thread/correlation.js';
import type { ThreadKeys } from './thread/token.js';

/** What the settings of an endpoint come to, made once per endpoint object. */
export interface CompiledMail {
  readonly endpointId: string;
  readonly settings: MailSettings;
  readonly keys: ThreadKeys;
  readonly correlation: CorrelationSettings;
  /** Of lines from which on a later mail is left out. */
  readonly cutFrom: readonly Pattern[];
  readonly ownAddresses: readonly string[];
  readonly floods: Floods;
  /** Every form of a secret that may not be seen. */
  readonly secrets: readonly string[];
  entityType(name: string): { readonly settings: MailEntityType; readonly extractions: readonly CompiledExtraction[] };
}

const known = new WeakMap<ConnectedEndpoint, CompiledMail>();

export function compileMail(endpoint: ConnectedEndpoint): CompiledMail {
  const found = known.get(endpoint);
  if (found !== undefined) return found;
  const settings = mailSettings(endpoint);
  const keys: ThreadKeys = { key: settings.threadKey ?? `${endpoint.organization} ${endpoint.id}`, address: settings.address.toLowerCase(), delimiter: settings.delimiter ?? '+' };
  const patterns = (sources: readonly string[] = []): Pattern[] => sources.map((source) => compilePattern(source, { ignoreCase: true })).flatMap((pattern) => (pattern.ok ? [pattern.value] : []));
  const types = endpoint.entityTypes.map((one) => ({ name: one.name, settings: mailEntityType(one), extractions: compileExtractions(mailEntityType(one).extract ?? []) }));
  const none = { settings: {}, extractions: [] };
  const made: CompiledMail = {
    endpointId: endpoint.id, settings, keys, correlation: { keys, numbers: patterns(settings.numbers), numbersInText: settings.numbersInText ?? false }, cutFrom: patterns(settings.cutFrom),
    ownAddresses: [settings.address, ...(settings.aliases ?? [])].map((one) => one.toLowerCase()), floods: new Floods(settings), secrets: secretForms(secretsOf(settings)),
    entityType: (name) => types.find((one) => sameName(one.name, name)) ?? none,
  };
  known.set(endpoint, made);
  return made;
}

function secretsOf({ threadKey, incoming, outgoing }: MailSettings): string[] {
  const servers = [incoming, outgoing].flatMap((one) => (one === undefined ? [] : [one as Readonly<Record<string, unknown>>]));
  const found = servers.flatMap((one) => [one['password'], one['clientSecret'], (one['oauth'] as { readonly clientSecret?: string } | undefined)?.clientSecret, (one['dkim'] as { readonly privateKey?: string } | undefined)?.privateKey]);
  return [threadKey, ...found].filter((one) => typeof one === 'string');
}
