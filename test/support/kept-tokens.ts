import { expect } from '@jest/globals';
import type { KeptTokens, TokenKeeper } from '../../src/adapter/contract.js';

/** The store's part, as all instances see it. */
export class KeptInMemory implements TokenKeeper {
  version = 1;
  refusedFor: string | null = null;
  private claimed: number | null = null;
  brokenWrites = 0;

  constructor(public tokens: KeptTokens | null) {}

  read(): ReturnType<TokenKeeper['read']> { return Promise.resolve(this.tokens === null || this.refusedFor !== null ? null : { ...this.tokens, version: this.version }); }

  claim(version: number): Promise<boolean> {
    const isFree = version === this.version && this.claimed === null;
    if (isFree) this.claimed = version;
    return Promise.resolve(isFree);
  }

  replace(version: number, tokens: KeptTokens): Promise<void> {
    if (this.brokenWrites-- > 0) return Promise.reject(new Error('the database is away'));
    expect(version).toBe(this.version);
    [this.tokens, this.claimed] = [tokens, null];
    this.version += 1;
    return Promise.resolve();
  }

  release(): Promise<void> { this.claimed = null; return Promise.resolve(); }
  refuse(_: number, reason: string): Promise<void> { this.refusedFor = reason; return Promise.resolve(); }
}
