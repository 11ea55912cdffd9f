import { SetMetadata, applyDecorators, createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiBearerAuth, ApiCookieAuth, ApiForbiddenResponse, ApiUnauthorizedResponse } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { Problem, routeFlags, stateOf } from '../web/index.js';
import type { Permission } from './permission.js';
import type { Principal } from './principal.js';

export const ACCESS = 'parley:access';

/** Who may call a route: everyone, everyone signed in, or who has the permission. */
export type Access = 'public' | 'signed-in' | Permission;

/** The route needs this permission. */
export const Allow = (permission: Permission): MethodDecorator => guarded(permission);

/** The route needs someone signed in (or a key), whatever they may do. */
export const SignedIn = (): MethodDecorator => guarded('signed-in');

/** The route is open to everyone. On methods only: nothing becomes public by standing in a public class. */
export const Public = (): MethodDecorator => applyDecorators(SetMetadata(ACCESS, 'public' satisfies Access), routeFlags({ public: true }));

const guarded = (access: Access): MethodDecorator => applyDecorators(
  SetMetadata(ACCESS, access), ApiBearerAuth('apiKey'), ApiCookieAuth('session'),
  ApiUnauthorizedResponse({ description: 'Not signed in, or the credential belongs to another organization.' }),
  ApiForbiddenResponse({ description: 'Not allowed.' }));

/** The one who makes the request. */
export const CurrentPrincipal = createParamDecorator((_: unknown, context: ExecutionContext): Principal => principalOf(context.switchToHttp().getRequest<FastifyRequest>()));

/** The principal of an authenticated request; a 401 problem where there is none. */
export function principalOf(request: FastifyRequest): Principal {
  const { caller } = stateOf(request);
  if (caller === undefined) throw Problem.unauthenticated();
  return caller as Principal;
}
