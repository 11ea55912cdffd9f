import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { pkcs12Problem } from './client-certificate.js';

const file = (name: string): string => readFileSync(new URL(`../../net/fixture/${name}`, import.meta.url)).toString('base64');

it('a client certificate in a file is tried with its password before it is kept', () => {
  const [good, passphrase] = [file('client.p12'), 'file password'];
  expect(pkcs12Problem({})).toBeNull();
  expect(pkcs12Problem({ pkcs12: good, passphrase })).toBeNull();
  for (const wrong of ['another', '', undefined]) expect(pkcs12Problem({ pkcs12: good, passphrase: wrong })).toEqual({ pointer: '/passphrase', detail: 'does not open the file' });
  expect(pkcs12Problem({ pkcs12: file('client-legacy.p12'), passphrase })).toEqual({ pointer: '/pkcs12', detail: expect.stringContaining('export it again with AES') });
  for (const none of [file('client.pem'), good.slice(0, 200), 'bm9uZQ==']) expect(pkcs12Problem({ pkcs12: none, passphrase })).toEqual({ pointer: '/pkcs12', detail: expect.stringContaining('is no PKCS #12 file') });
});
