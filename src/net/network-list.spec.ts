import { describe, expect, it } from '@jest/globals';
import { isNetwork, networkList } from './network-list.js';

describe('a list of networks', () => {
  const isIn = networkList(['203.0.113.7', '10.1.2.3/8', '2001:db8::/32', '::1', '192.168.1.128/25']);

  it.each(['203.0.113.7', '::ffff:203.0.113.7', '10.255.0.1', '::ffff:a01:203', '2001:DB8:ffff::1', '2001:db8::1%eth0', '::1', '0:0:0:0:0:0:0:1', '192.168.1.129'])('has %s', (address) => {
    expect(isIn(address)).toBe(true);
  });

  it.each(['203.0.113.8', '11.0.0.1', '2001:db9::1', '::2', '192.168.1.127', '', 'localhost', '10.0.0.1.1', '2002:a01:203::1', '64:ff9b::a01:203', '::a01:203', '010.1.2.3', '10.1.2.3, 1.1.1.1'])('has not %j', (address) => {
    expect(isIn(address)).toBe(false);
  });

  it('may be everybody, or everybody of one family', () => {
    expect(networkList(['0.0.0.0/0'])('8.8.8.8')).toBe(true);
    expect(networkList(['0.0.0.0/0'])('2001:db8::1')).toBe(false);
    expect(networkList(['::/0'])('2001:db8::1')).toBe(true);
    expect(networkList([])('8.8.8.8')).toBe(false);
  });

  it.each(['', ' ', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0.0/-1', '10.0.0.0/8/8', '10.0.0.0/08', '10.0.0', '*', 'example.com', '10.0.0.0 /8', '::1%eth0', '[::1]', 'loopback'])('is not made of %j', (text) => {
    expect(isNetwork(text)).toBe(false);
    expect(() => networkList([text])).toThrow();
  });
});
