import { hash } from 'node:crypto';
import type { Adapter, ConnectedEndpoint, Consent } from '../../../contract.js';
import type { MailSettings, OAuthClient } from '../settings.js';
import { graphClient } from './graph-client.js';

/** A client in whose name a person signs in. */
export type ConsentedClient = OAuthClient & { readonly authorizationUrl: string };

export const isConsented = (client: OAuthClient): client is ConsentedClient => client.authorizationUrl !== undefined;

/** Those of both directions that ask for a person's consent. */
function consentedClients({ incoming, outgoing }: MailSettings): ConsentedClient[] {
  return [incoming, outgoing].flatMap((way) => (way === undefined ? [] : way.type === 'graph' ? graphClient(way) : 'oauth' in way && way.oauth !== undefined ? way.oauth : [])).filter(isConsented);
}

const isSame = (one: ConsentedClient, other: ConsentedClient): boolean => one.tokenUrl === other.tokenUrl && one.clientId === other.clientId && one.authorizationUrl === other.authorizationUrl;

/** Whether the consent of an endpoint is this client's: there is one, for both directions. */
export function isConsentOf(settings: MailSettings, client: ConsentedClient): boolean {
  const [first] = consentedClients(settings);
  return first !== undefined && isSame(first, client);
}

/** How a person signs in for a mailbox: once, for what both directions ask. */
export const consent: NonNullable<Adapter['consent']> = ({ settings }: Pick<ConnectedEndpoint, 'settings'>): Consent | null => {
  const [first, ...others] = consentedClients(settings as unknown as MailSettings);
  if (first === undefined) return null;
  const { authorizationUrl, authorizationParameters = {}, tokenUrl, clientId, clientSecret } = first;
  const scope = [...new Set([first, ...others.filter((one) => isSame(first, one))].flatMap((one) => one.scope.split(' ')))].join(' ');
  return {
    authorizationUrl, tokenUrl, clientId, tokenParameters: {}, parameters: { scope, ...authorizationParameters },
    authenticate: (body) => { body.set('client_id', clientId); body.set('client_secret', clientSecret); },
    fingerprint: hash('sha256', JSON.stringify([authorizationUrl, tokenUrl, clientId, scope])),
  };
};
