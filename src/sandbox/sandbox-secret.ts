import { hash } from 'node:crypto';
import type { SecretBox, SecretPlace } from '../identity/index.js';
import type { OrganizationId } from '../store/organization.js';

/** What a tool's webhooks prove themselves with. */
export interface HookSecrets {
  /** Key of the signature. */
  readonly secret: string;
  /** Value of the header `Authorization`; null where the receiver asks for none. */
  readonly authorization: string | null;
}

/** Where a tool's webhook secrets are sealed. */
const secretPlace = (organization: OrganizationId, name: string): SecretPlace => ({ organization, table: 'sandbox', column: 'webhook_secret', row: name });

export const sealHookSecrets = (box: SecretBox, organization: OrganizationId, name: string, secrets: HookSecrets): Buffer =>
  box.seal(secretPlace(organization, name), JSON.stringify(secrets));

export const openHookSecrets = (box: SecretBox, organization: OrganizationId, name: string, sealed: Uint8Array): HookSecrets =>
  JSON.parse(box.openText(secretPlace(organization, name), sealed)) as HookSecrets;

/** An address as it may be shown: a token in its query is not. */
export const shownAddress = (url: string): string => url.replace(/\?.*$/s, '?…');

/** What is kept of an API token. */
export const tokenHash = (token: string): Buffer => hash('sha256', token, 'buffer');
