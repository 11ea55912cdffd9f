import { describe, expect, it } from 'vitest';
import { linesOf } from './credentials';

const address = 'https://parley.example/api/v1/inbound/acme/ticket';

describe('a new inbound credential', () => {
  it('is a user name and a secret for Basic', () => {
    expect(linesOf({ id: 'f', kind: 'basic', username: 'acme', secret: 's' }, [address]).map((line) => line.value)).toEqual(['acme', 's']);
  });

  it('is a whole address for a token in the address', () => {
    expect(linesOf({ id: 'f', kind: 'url', username: null, secret: 'a b' }, [address]).map((line) => line.value)).toEqual([`${address}?token=a+b`]);
  });

  it('is the token alone where there is no address yet', () => {
    expect(linesOf({ id: 'f', kind: 'url', username: null, secret: 's' }, []).map((line) => line.value)).toEqual(['s']);
  });
});
