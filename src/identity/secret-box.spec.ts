import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { organizationId } from '../store/organization.js';
import { InstallationKey } from './installation-key.js';
import { SecretBox, type SecretPlace } from './secret-box.js';

const setup = (): { box: SecretBox; place: SecretPlace } => ({
  box: new SecretBox(new InstallationKey(randomBytes(32))),
  place: { organization: organizationId('7b7d2f6e-6f0e-4d52-9a3a-0d1a0c9d8f11'), table: 'endpoint', column: 'secrets', row: 'jira' },
});

describe('a sealed secret', () => {
  it('opens in its place', () => {
    const { box, place } = setup();
    expect(box.openText(place, box.seal(place, 'pässword'))).toBe('pässword');
    expect(box.open(place, box.seal(place, Buffer.alloc(0)))).toHaveLength(0);
  });

  it('never looks the same twice', () => {
    const { box, place } = setup();
    expect(box.seal(place, 'x').equals(box.seal(place, 'x'))).toBe(false);
  });

  it.each([{ table: 'other' }, { column: 'other' }, { row: 'other' }, { organization: organizationId('7b7d2f6e-6f0e-4d52-9a3a-000000000000') }])('does not open in another place: %p', (other) => {
    const { box, place } = setup();
    expect(() => box.open({ ...place, ...other }, box.seal(place, 'x'))).toThrow('was changed, or belongs to another place');
  });

  it('does not open when any byte was changed', () => {
    const { box, place } = setup();
    const sealed = box.seal(place, 'secret');
    for (let at = 0; at < sealed.byteLength; at += 1) {
      const changed = Buffer.from(sealed);
      changed[at]! ^= 1;
      expect(() => box.open(place, changed)).toThrow();
    }
    expect(() => box.open(place, sealed.subarray(0, 20))).toThrow('is no sealed value');
  });

  it('does not open with another key, and says so', () => {
    const { box, place } = setup();
    expect(() => setup().box.open(place, box.seal(place, 'x'))).toThrow('was sealed with another key');
  });
});

describe('an installation key', () => {
  it('has 32 bytes', () => {
    expect(() => new InstallationKey(randomBytes(16))).toThrow('has 32 bytes');
  });

  it('has a different key for each purpose', () => {
    const key = new InstallationKey(randomBytes(32));
    expect(key.hmac('inbound', 'x').equals(key.hmac('check', 'x'))).toBe(false);
  });
});
