import { Injectable } from '@nestjs/common';
import { SecretBox, type SecretPlace } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { claimRenewal, readTokens, refuseTokens, releaseRenewal, replaceTokens, seedTokens, type ConnectionPlace } from '../../store/endpoint/connection-tokens.js';
import type { KeptTokens, TokenKeeper } from '../contract.js';

/** The tokens of connected endpoints, sealed in the store. */
@Injectable()
export class ConnectionKeepers {
  constructor(private readonly database: Database, private readonly box: SecretBox) {}

  /** `fingerprint`: of the settings; tokens that were given for others are none. `refreshToken`: what the settings begin with. */
  of(place: ConnectionPlace, { fingerprint, refreshToken }: { readonly fingerprint: string; readonly refreshToken?: string }): TokenKeeper {
    const { worker } = this.database;
    const read: TokenKeeper['read'] = async () => {
      const stored = await readTokens(worker, place);
      return stored === null || stored.fingerprint !== fingerprint ? null : { ...this.open(place, stored.sealed), version: stored.version };
    };
    return {
      read: async () => {
        const known = await read();
        if (known !== null || refreshToken === undefined) return known;
        await seedTokens(worker, place, fingerprint, this.seal(place, { accessToken: '', refreshToken, usableUntilMs: 0 }));
        return read();
      },
      claim: (version, leaseMs) => claimRenewal(worker, place, version, leaseMs),
      replace: async (version, tokens) => { await replaceTokens(worker, place, version, this.seal(place, tokens)); },
      release: async (version) => { await releaseRenewal(worker, place, version); },
      refuse: async (version, reason) => { await refuseTokens(worker, place, version, reason); },
    };
  }

  seal(place: ConnectionPlace, { accessToken, refreshToken, usableUntilMs }: KeptTokens): Buffer {
    return this.box.seal(secretPlace(place), JSON.stringify({ accessToken, refreshToken, usableUntilMs }));
  }

  private open(place: ConnectionPlace, sealed: Buffer): KeptTokens {
    return JSON.parse(this.box.openText(secretPlace(place), sealed)) as KeptTokens;
  }
}

const secretPlace = ({ organization, endpoint }: ConnectionPlace): SecretPlace => ({ organization, table: 'endpoint_connection', column: 'tokens', row: endpoint });
