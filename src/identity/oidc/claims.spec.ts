import { describe, expect, it } from '@jest/globals';
import { claimAt, nameOf, roleOf, verifiedEmail } from './claims.js';

const ANN = { sub: '1', email: 'Ann@Acme.example', email_verified: true };
const code = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('the address that a provider says', () => {
  it('counts only where the provider has verified it', () => {
    expect(verifiedEmail(ANN, [])).toBe('Ann@Acme.example');
    expect(verifiedEmail({ ...ANN, email_verified: 'true' }, [])).toBe('Ann@Acme.example');
    for (const email_verified of [false, 'false', 1, undefined]) expect(code(() => verifiedEmail({ ...ANN, email_verified }, []))).toBe('email-unverified');
    for (const email of [undefined, 7, 'ann', 'a b@c', 'a@b@c']) expect(code(() => verifiedEmail({ ...ANN, email }, []))).toBe('email-missing');
  });

  it('counts only where its domain is let in, not one that ends alike', () => {
    expect(verifiedEmail(ANN, ['other.example', 'ACME.example'])).toBe('Ann@Acme.example');
    expect(code(() => verifiedEmail({ ...ANN, email: 'ann@notacme.example' }, ['acme.example']))).toBe('email-domain');
    expect(code(() => verifiedEmail({ ...ANN, email: 'ann@sub.acme.example' }, ['acme.example']))).toBe('email-domain');
  });
});

describe('the role of somebody new', () => {
  const map = { roleClaim: 'groups', roleMap: [{ value: 'admins', role: 'administrator' }, { value: 'desk', role: 'operator' }], defaultRole: null };

  it('is that of the first line that fits, else the default, else none', () => {
    expect(roleOf({ ...ANN, groups: ['desk', 'admins'] }, map)).toBe('administrator');
    expect(roleOf({ ...ANN, groups: 'desk' }, map)).toBe('operator');
    expect(roleOf({ ...ANN, groups: ['Desk'] }, { ...map, defaultRole: 'viewer' })).toBe('viewer');
    expect(roleOf(ANN, map)).toBeNull();
  });

  it('is found by the name of a claim before a path to it', () => {
    expect(claimAt({ 'a.b': 1, a: { b: 2 } }, 'a.b')).toBe(1);
    expect(claimAt({ a: { b: 2 } }, 'a.b')).toBe(2);
    expect(claimAt({ a: 'text' }, 'a.length')).toBeUndefined();
    expect(claimAt({}, 'constructor.name')).toBeUndefined();
  });
});

describe('the name of somebody new', () => {
  it('is as the provider says it, else the address', () => {
    expect(nameOf({ ...ANN, name: ' Ann ' }, ANN.email)).toBe('Ann');
    expect(nameOf({ ...ANN, name: ' ' }, ANN.email)).toBe(ANN.email);
  });
});
