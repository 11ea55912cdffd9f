import { lookup } from 'node:dns/promises';
import { failure, type Failure } from '../core/message/failure.js';
import { err, ok, type Result } from '../core/message/result.js';
import { addressBytes } from './address.js';
import type { EgressPolicy } from './egress-policy.js';

/**
 * The address behind a name, for protocols whose client makes its connection itself: resolved once, every answer judged, one
 * refused answer refuses the name. Whoever dials the name instead asks the name server again and loses the guard.
 */
export async function judgedAddress(policy: EgressPolicy, host: string, port: number): Promise<Result<string, Failure>> {
  const bare = host.replace(/^\[|\]$/g, '');
  const found = addressBytes(bare) === null ? await lookup(bare, { all: true }).catch(() => null) : [{ address: bare }];
  const first = found?.[0];
  if (found === null || first === undefined) return err(failure('target-down', 'dns', 'The host name does not resolve.'));
  for (const { address } of found) {
    const verdict = await policy.judge(address, port);
    if (verdict === 'allowed') continue;
    return err(failure('denied', 'egress', `The address is ${verdict === 'own' ? "Parley's own" : verdict.refused}; connections to it are not allowed.`));
  }
  return ok(first.address);
}
