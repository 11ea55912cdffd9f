import type { GraphMailbox, GraphOut, OAuthClient } from '../settings.js';

const LOGIN = 'https://login.microsoftonline.com';
export const GRAPH = 'https://graph.microsoft.com';

/** How a mailbox at Microsoft Graph is signed in to: as the application, or in the name of a person. */
export function graphClient({ loginUrl, graphUrl, tenant, clientId, clientSecret, delegated }: GraphOut | GraphMailbox): OAuthClient {
  const [login, graph] = [(loginUrl ?? LOGIN).replace(/\/+$/, ''), (graphUrl ?? GRAPH).replace(/\/+$/, '')];
  const client = { tokenUrl: `${login}/${tenant}/oauth2/v2.0/token`, clientId, clientSecret };
  return delegated === true
    ? { ...client, authorizationUrl: `${login}/${tenant}/oauth2/v2.0/authorize`, scope: `${graph}/Mail.ReadWrite ${graph}/Mail.Send offline_access` }
    : { ...client, scope: `${graph}/.default` };
}
