import { describe, expect, it } from '@jest/globals';
import { hostList, isHostEntry } from './host-list.js';

describe('a list of hosts', () => {
  const isIn = hostList(['api.example', '*.files.example', '.old.example', 'proxy.example:8443', '10.0.0.0/8', '2001:db8::1']);

  it.each(['api.example', 'API.example', 'api.example.', 'a.files.example', 'a.b.files.example', 'a.old.example', '10.1.2.3', '[2001:db8::1]'])('has %s', (host) => {
    expect(isIn(host, 443)).toBe(true);
  });

  it.each(['other.example', 'my-api.example', 'x.api.example', 'files.example', 'badfiles.example', 'old.example', '11.1.2.3', '[2001:db8::2]', '', 'proxy.example'])('has not %j', (host) => {
    expect(isIn(host, 443)).toBe(false);
  });

  it('has a name with a port at that port alone', () => {
    expect(isIn('proxy.example', 8443)).toBe(true);
  });

  it('is empty where nothing is named', () => {
    expect(hostList([])('api.example', 443)).toBe(false);
  });

  it('names hosts and nothing else', () => {
    expect(['api.example', 'localhost', '*.a.example', '10.0.0.1', '::1', '10.0.0.0/8', 'a:80'].every(isHostEntry)).toBe(true);
    expect(['', '*', 'https://a.example', 'a.example/path', 'a b', 'a.example:0', 'a..example', '10.0.0.0/40'].some(isHostEntry)).toBe(false);
  });
});
