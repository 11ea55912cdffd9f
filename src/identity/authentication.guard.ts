import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import type { FastifyRequest } from 'fastify';
import { Problem } from '../web/index.js';
import { ACCESS, principalOf, type Access } from './allow.js';

/** Lets through who may call the route. A route that does not say who that is, is closed. */
@Injectable()
export class AuthenticationGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (context.getType() !== 'http') return true; // queue workers are no requests
    const access = this.reflector.get<Access | undefined>(ACCESS, context.getHandler());
    if (access === 'public') return true;
    const principal = principalOf(context.switchToHttp().getRequest<FastifyRequest>());
    if (access === 'signed-in' || (access !== undefined && principal.permissions.has(access))) return true;
    throw Problem.denied('not-allowed', access === undefined ? 'This route is closed.' : `This needs the permission ${access}.`);
  }
}
