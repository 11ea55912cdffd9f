import type { RoleOfValueDto } from '../api/models';
import { PEOPLE } from './administration.text';

/** One line each: `value = role`. A value may hold `=`; the last one counts. */
export const roleMapText = (map: readonly RoleOfValueDto[]): string => map.map(({ value, role }) => `${value} = ${role}`).join('\n');

/** The map that was written, or the first line that is none. */
export function readRoleMap(text: string): { readonly map: RoleOfValueDto[] } | { readonly wrong: string } {
  const map: RoleOfValueDto[] = [];
  for (const line of text.split('\n').map((one) => one.trim()).filter((one) => one !== '')) {
    const at = line.lastIndexOf('=');
    const value = line.slice(0, Math.max(at, 0)).trim();
    const role = line.slice(at + 1).trim().toLowerCase();
    if (value === '' || !Object.hasOwn(PEOPLE.roles, role)) return { wrong: line };
    map.push({ value, role: role as RoleOfValueDto['role'] });
  }
  return { map };
}
