import { foldEmail } from '../../store/identity/person.store.js';
import type { RoleOfValue } from '../../store/identity/sign-in-provider.store.js';
import type { Role } from '../permission.js';
import { SignInRefused } from './refusal.js';

/** What a provider says of somebody, checked to be said by it. */
export type Claims = Readonly<Record<string, unknown>> & { readonly sub: string };

/** The e-mail address that a provider has verified, in a domain that is let in (`domains` empty: any). */
export function verifiedEmail(claims: Claims, domains: readonly string[]): string {
  const { email, email_verified: verified } = claims;
  if (typeof email !== 'string' || !/^[^\s@]+@[^\s@]+$/.test(email) || email.length > 320) throw new SignInRefused('email-missing');
  // Some providers write the truth as text.
  if (verified !== true && verified !== 'true') throw new SignInRefused('email-unverified');
  const domain = foldEmail(email).split('@')[1];
  if (domains.length > 0 && !domains.some((one) => one.toLowerCase() === domain)) throw new SignInRefused('email-domain');
  return email;
}

/** The role of somebody new: of the first line of the map that fits, else the default; null: none. */
export function roleOf(claims: Claims, { roleClaim, roleMap, defaultRole }: { readonly roleClaim: string | null; readonly roleMap: readonly RoleOfValue[]; readonly defaultRole: string | null }): Role | null {
  const values = roleClaim === null ? [] : valuesOf(claimAt(claims, roleClaim));
  return (roleMap.find(({ value }) => values.includes(value))?.role ?? defaultRole) as Role | null;
}

/** A claim by its name, or by the path to it: `realm_access.roles`. */
export function claimAt(claims: Readonly<Record<string, unknown>>, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name.split('.').reduce<unknown>((at, key) => (typeof at === 'object' && at !== null && Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined), claims);
}

const valuesOf = (claim: unknown): unknown[] => (Array.isArray(claim) ? (claim as unknown[]) : [claim]);

/** What they are called; else their address. */
export const nameOf = ({ name }: Claims, email: string): string => (typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 200) : email);
