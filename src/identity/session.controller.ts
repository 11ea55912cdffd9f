import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Req, Res } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Problem, UuidPipe, stateOf } from '../web/index.js';
import { CurrentPrincipal, Public, SignedIn } from './allow.js';
import { SESSION_LIFETIME_MS } from './authenticator.js';
import { readSessionCookie, writeSessionCookie } from './cookie.js';
import type { Principal } from './principal.js';
import { CurrentSessionView, PasswordBody, SessionListView, SignInBody, SwitchBody } from './session.dto.js';
import { SessionService } from './session.service.js';

@ApiTags('session')
@Controller('api/v1')
export class SessionController {
  constructor(private readonly sessions: SessionService) {}

  @Post('session') @Public()
  @ApiOperation({ summary: 'Sign in; answers with the session cookie.' })
  @ApiCreatedResponse({ type: CurrentSessionView })
  async signIn(@Body() body: SignInBody, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<CurrentSessionView> {
    const { token, view } = await this.sessions.signIn(body.email, body.password, {
      address: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 300),
      slug: stateOf(request).organizationSlug, replaces: readSessionCookie(request),
    });
    reply.header('set-cookie', writeSessionCookie(request, token, SESSION_LIFETIME_MS));
    return view;
  }

  @Get('session') @SignedIn()
  @ApiOperation({ summary: 'Who is signed in, where, and what they may do.' })
  @ApiOkResponse({ type: CurrentSessionView })
  current(@CurrentPrincipal() principal: Principal): Promise<CurrentSessionView> {
    sessionOf(principal);
    return this.sessions.current(principal);
  }

  @Patch('session') @SignedIn() @HttpCode(204)
  @ApiOperation({ summary: 'Go on in another organization.' })
  @ApiNoContentResponse()
  async switchOrganization(@CurrentPrincipal() principal: Principal, @Body() body: SwitchBody): Promise<void> {
    await this.sessions.switchTo(principal, sessionOf(principal), body.organization);
  }

  @Delete('session') @SignedIn() @HttpCode(204)
  @ApiOperation({ summary: 'Sign out.' })
  @ApiNoContentResponse()
  async signOut(@CurrentPrincipal() principal: Principal, @Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<void> {
    await this.sessions.end(principal, sessionOf(principal));
    reply.header('set-cookie', writeSessionCookie(request, null, 0)).header('clear-site-data', '"cache", "storage"');
  }

  @Post('session/password') @SignedIn() @HttpCode(204)
  @ApiOperation({ summary: 'Change the own password; all other sessions end.' })
  @ApiNoContentResponse()
  async changePassword(@CurrentPrincipal() principal: Principal, @Body() body: PasswordBody, @Req() request: FastifyRequest): Promise<void> {
    sessionOf(principal);
    await this.sessions.changePassword(principal, body.currentPassword, body.newPassword, request.ip);
  }

  @Get('sessions') @SignedIn()
  @ApiOperation({ summary: 'The own sessions, newest first.' })
  @ApiOkResponse({ type: SessionListView })
  async list(@CurrentPrincipal() principal: Principal): Promise<SessionListView> {
    const own = sessionOf(principal);
    const rows = await this.sessions.list(principal);
    const items = rows.map((row) => ({
      id: row.id, address: row.address, userAgent: row.userAgent, createdAt: row.createdAt.toISOString(),
      lastSeenAt: row.lastSeenAt.toISOString(), expiresAt: row.expiresAt.toISOString(), current: row.id === own,
    }));
    return { items, nextCursor: null };
  }

  @Delete('sessions/:id') @SignedIn() @HttpCode(204)
  @ApiOperation({ summary: 'End one of the own sessions.' })
  @ApiNoContentResponse()
  async end(@CurrentPrincipal() principal: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    sessionOf(principal);
    await this.sessions.end(principal, id);
  }
}

/** Keys have no sessions: they are for machines. */
function sessionOf(principal: Principal): string {
  if (principal.session === null) throw Problem.denied('person-needed', 'API keys have no session; sign in as a person.');
  return principal.session;
}
