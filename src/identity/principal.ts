import type { Caller } from '../web/index.js';
import type { Permission } from './permission.js';

/** Who makes a request: a signed-in person or an API key, in one organization. */
export interface Principal extends Caller {
  /** E-mail address of a person, name of a key: for logs and the audit log. */
  readonly name: string;
  readonly permissions: ReadonlySet<Permission>;
  /** The session of a person; null for keys. */
  readonly session: string | null;
  /** The session is good in this organization only: its own sign-in provider opened it. */
  readonly isBound?: boolean;
}

/** What Parley does of itself (first start, demo) is written to the audit log under this name. */
export const SYSTEM: Pick<Principal, 'id' | 'name'> & { readonly kind: 'system' } = { kind: 'system', id: 'parley', name: 'Parley' };

/** Who can stand in the audit log. */
export type Actor = Pick<Principal, 'id' | 'name'> & { readonly kind: Principal['kind'] | 'system' };
