import type { FastifyRequest } from 'fastify';
import type { OrganizationId } from '../../store/organization.js';
import type { SecretBox, SecretPlace } from '../secret-box.js';
import type { Beginning } from './oidc-client.js';

/** Time to sign in at the provider. */
const LIFETIME_MS = 10 * 60_000;

/** Whose sign-in it is: a cookie that was made for another provider does not open. */
export interface SignInPlace {
  readonly organization: OrganizationId;
  readonly provider: string;
}

/** A sign-in under way: kept by the browser alone, sealed. */
export interface SignInUnderWay extends Beginning {
  /** Where the person wanted to go. */
  readonly next: string;
}

const nameOf = (request: FastifyRequest): string => (request.protocol === 'https' ? '__Host-parley_sign_in' : 'parley_sign_in');

const placeOf = ({ organization, provider }: SignInPlace): SecretPlace => ({ organization, table: 'sign_in', column: 'cookie', row: provider });

/** Lax, since the browser comes back from another site; null removes it. */
export function writeBeginning(request: FastifyRequest, box: SecretBox, place: SignInPlace, underWay: SignInUnderWay | null): string {
  const value = underWay === null ? '' : box.seal(placeOf(place), JSON.stringify({ ...underWay, untilMs: Date.now() + LIFETIME_MS })).toString('base64url');
  return `${nameOf(request)}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${underWay === null ? 0 : LIFETIME_MS / 1_000}${request.protocol === 'https' ? '; Secure' : ''}`;
}

/** The sign-in that this browser began with this provider; null where there is none, or it is over. */
export function readBeginning(request: FastifyRequest, box: SecretBox, place: SignInPlace): SignInUnderWay | null {
  const name = `${nameOf(request)}=`;
  const value = (request.headers.cookie ?? '').split(';').map((part) => part.trim()).find((part) => part.startsWith(name))?.slice(name.length);
  if (value === undefined || value === '') return null;
  try {
    const { untilMs, ...underWay } = JSON.parse(box.openText(placeOf(place), Buffer.from(value, 'base64url'))) as SignInUnderWay & { readonly untilMs: number };
    return untilMs > Date.now() ? underWay : null;
  } catch {
    return null; // of another provider, another key, or no cookie of ours
  }
}
