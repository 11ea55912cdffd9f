import { describe, expect, it } from '@jest/globals';
import { EgressPolicy } from './egress-policy.js';
import { judgedAddress } from './judged-address.js';

describe('an address for other protocols than HTTP', () => {
  const policy = new EgressPolicy({ allowPrivate: true, forbidden: [{ what: 'PostgreSQL server', host: '127.0.0.1', port: 5432 }] });

  it('is what the name resolves to', async () => {
    expect(await judgedAddress(policy, '[::1]', 993)).toEqual({ ok: true, value: '::1' });
    expect(await judgedAddress(policy, '127.0.0.1', 993)).toEqual({ ok: true, value: '127.0.0.1' });
    const local = await judgedAddress(policy, 'localhost', 993);
    expect(['127.0.0.1', '::1']).toContain(local.ok ? local.value : local.error.message);
  });

  it('is none where the policy refuses, or the name has none', async () => {
    expect(await judgedAddress(policy, '127.0.0.1', 5432)).toMatchObject({ ok: false, error: { kind: 'denied', code: 'egress' } });
    expect(await judgedAddress(policy, '169.254.169.254', 25)).toMatchObject({ ok: false, error: { kind: 'denied' } });
    expect(await judgedAddress(new EgressPolicy({ allowPrivate: false, forbidden: [] }), 'localhost', 25)).toMatchObject({ ok: false, error: { kind: 'denied' } });
    expect(await judgedAddress(policy, 'no-such-host.invalid', 25)).toMatchObject({ ok: false, error: { kind: 'target-down' } });
  });
});
