import { describe, expect, it } from '@jest/globals';
import { EgressPolicy } from './egress-policy.js';

const setup = (allowPrivate = true): EgressPolicy => {
  const policy = new EgressPolicy({
    allowPrivate,
    forbidden: [{ what: 'PostgreSQL server', host: 'localhost', port: 5432 }, { what: 'Redis server', host: '10.1.2.3', port: 6379 }],
  });
  policy.listeningOn('0.0.0.0', 8080);
  return policy;
};

describe('the egress policy', () => {
  it.each(['169.254.169.254', '::ffff:169.254.169.254', '::169.254.169.254', '64:ff9b::a9fe:a9fe', 'fe80::1', 'fd00:ec2::254', '0.0.0.0', '::', '255.255.255.255', '224.0.0.1', '100.100.100.200'])(
    'refuses %s whatever it allows', async (address) => {
      expect(await setup().judge(address, 443)).toMatchObject({ refused: expect.any(String) });
    });

  it.each(['127.0.0.1', '::1', '10.0.0.1', '172.16.0.1', '192.168.1.1', '100.64.0.1', 'fd12::1', 'fec0::1', '64:ff9b:1::a00:1'])('allows %s only where private addresses are allowed', async (address) => {
    expect(await setup(true).judge(address, 443)).toBe('allowed');
    expect(await setup(false).judge(address, 443)).toMatchObject({ refused: expect.stringContaining('PARLEY_EGRESS_PRIVATE') });
  });

  it('allows public addresses', async () => {
    expect(await setup(false).judge('93.184.216.34', 443)).toBe('allowed');
    expect(await setup(false).judge('2606:4700::1111', 443)).toBe('allowed');
  });

  it('refuses the stores by address and port, under every address of this machine', async () => {
    expect(await setup().judge('127.0.0.1', 5432)).toEqual({ refused: 'the PostgreSQL server of this installation' });
    expect(await setup().judge('::1', 5432)).toEqual({ refused: 'the PostgreSQL server of this installation' });
    expect(await setup().judge('127.8.8.8', 5432)).toEqual({ refused: 'the PostgreSQL server of this installation' });
    expect(await setup().judge('10.1.2.3', 6379)).toEqual({ refused: 'the Redis server of this installation' });
    expect(await setup().judge('10.1.2.3', 6380)).toBe('allowed');
    expect(await setup().judge('127.0.0.1', 6379)).toBe('allowed');
  });

  it('knows its own listen address', async () => {
    expect(await setup().judge('127.0.0.1', 8080)).toBe('own');
    expect(await setup().judge('::ffff:127.0.0.1', 8080)).toBe('own');
    expect(await setup().judge('10.9.9.9', 8080)).toBe('allowed');
  });

  it('judges a text that is no address as refused', async () => {
    expect(await setup().judge('localhost', 80)).toEqual({ refused: 'not an address' });
  });
});
