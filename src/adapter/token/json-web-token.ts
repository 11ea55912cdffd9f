import { createHmac, randomUUID, sign as signWith } from 'node:crypto';
import type { JwtSetting } from './oauth-setting.js';

const LIFE_S = 300;

const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed assertion (RFC 7523) that lives for five minutes. Throws where the key does not fit the algorithm. */
export function assertion({ key, algorithm = 'RS256', keyId, ...claims }: JwtSetting, defaults: { readonly issuer: string; readonly audience: string }, nowMs: number): string {
  const issuedAt = Math.floor(nowMs / 1_000);
  const issuer = claims.issuer ?? defaults.issuer;
  const signed = `${part({ alg: algorithm, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) })}.${part({
    iss: issuer, sub: claims.subject ?? issuer, aud: claims.audience ?? defaults.audience, iat: issuedAt, exp: issuedAt + LIFE_S, jti: randomUUID(),
  })}`;
  switch (algorithm) {
    case 'HS256': return `${signed}.${createHmac('sha256', key).update(signed).digest('base64url')}`;
    case 'RS256': return `${signed}.${signWith('sha256', Buffer.from(signed), key).toString('base64url')}`;
    case 'ES256': return `${signed}.${signWith('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  }
}
