import { describe, expect, it } from '@jest/globals';
import { PERMISSIONS, ROLES, ROLE_PERMISSIONS } from './permission.js';

describe('roles', () => {
  it('are a line: each may do what the weaker one may', () => {
    const line = ROLES.map((role) => new Set(ROLE_PERMISSIONS[role]));
    for (let at = 1; at < line.length; at += 1) expect([...line[at]!].filter((permission) => !line[at - 1]!.has(permission))).toEqual([]);
  });

  it('let administrators do everything, and nobody else manage people, keys and organizations', () => {
    expect(ROLE_PERMISSIONS.administrator).toEqual(PERMISSIONS);
    for (const role of ROLES.filter((one) => one !== 'administrator')) {
      expect(ROLE_PERMISSIONS[role].filter((permission) => /^(users|api-keys|organizations|audit):/.test(permission))).toEqual([]);
    }
  });

  it('let viewers and partners change nothing', () => {
    for (const role of ['viewer', 'partner'] as const) expect(ROLE_PERMISSIONS[role].filter((permission) => /:(write|operate)$/.test(permission))).toEqual([]);
  });
});
