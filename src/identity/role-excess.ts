import { Problem } from '../web/index.js';
import { ROLE_PERMISSIONS, type Role } from './permission.js';
import type { Principal } from './principal.js';

/** Nobody makes, changes or removes someone who may do more than they themselves. */
export function refuseExcess(principal: Principal, role: Role): void {
  if (ROLE_PERMISSIONS[role].some((permission) => !principal.permissions.has(permission))) {
    throw Problem.denied('role-too-high', `This needs every permission of the role ${role}.`);
  }
}
