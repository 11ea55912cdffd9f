import { describe, expect, it } from '@jest/globals';
import { hashPassword, isOutdatedHash, isPassword } from './password.js';

describe('a password', () => {
  it('is recognised, also when its umlauts are composed differently', async () => {
    const hashed = await hashPassword('Gr\u00fc\u00dfe aus Wien'); // composed
    expect(hashed).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await isPassword('Gru\u0308\u00dfe aus Wien', hashed)).toBe(true); // decomposed
    expect(await isPassword('Gruesse aus Wien', hashed)).toBe(false);
  });

  it('of nobody is wrong, and takes as long to be', async () => {
    const hashed = await hashPassword('correct horse battery');
    const timed = async (against: string | null): Promise<number> => {
      const from = performance.now();
      expect(await isPassword('wrong', against)).toBe(false);
      return performance.now() - from;
    };
    await timed(null);
    expect(await timed(null)).toBeGreaterThan((await timed(hashed)) / 10);
  });

  it('is hashed anew when the parameters have changed', async () => {
    expect(isOutdatedHash(await hashPassword('x'.repeat(12)))).toBe(false);
    expect(isOutdatedHash('$argon2id$v=19$m=4096,t=1,p=1$AAAA$AAAA')).toBe(true);
  });

  it('can be asked for many times at once', async () => {
    const hashed = await hashPassword('correct horse battery');
    const answers = await Promise.all(Array.from({ length: 8 }, (_, at) => isPassword(at % 2 === 0 ? 'correct horse battery' : 'no', hashed)));
    expect(answers).toEqual([true, false, true, false, true, false, true, false]);
  });
});
