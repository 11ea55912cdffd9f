import { readRoleMap, roleMapText } from './role-map';

describe('a map of roles as text', () => {
  it('is read as it is written', () => {
    const map = [{ value: 'cn=admins,dc=acme', role: 'administrator' as const }, { value: 'desk', role: 'operator' as const }];
    expect(readRoleMap(roleMapText(map))).toEqual({ map });
    expect(readRoleMap(' desk =  Operator \n\n')).toEqual({ map: [{ value: 'desk', role: 'operator' }] });
    expect(readRoleMap('')).toEqual({ map: [] });
  });

  it.each(['desk', 'desk = boss', '= viewer', 'desk ='])('names a line that is none: %s', (line) => {
    expect(readRoleMap(`a = viewer\n${line}`)).toEqual({ wrong: line });
  });
});
