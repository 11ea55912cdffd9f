import { Controller, Get, Logger, Param, Query, Req, Res } from '@nestjs/common';
import { ApiExcludeEndpoint, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { stateOf, UuidPipe } from '../../web/index.js';
import { Public } from '../allow.js';
import { SESSION_LIFETIME_MS } from '../authenticator.js';
import { writeSessionCookie } from '../cookie.js';
import { SecretBox } from '../secret-box.js';
import { readBeginning, writeBeginning } from './beginning-cookie.js';
import { ownAddress } from './own-address.js';
import { OidcSignIn } from './oidc-sign-in.service.js';
import { refusalText, SignInRefused } from './refusal.js';
import { ARRIVED_POLICY, arrivedPage, safeNext } from './arrived-page.js';
import { SignInChoicesQuery, SignInChoicesView } from './sign-in-provider.dto.js';

/** The way of a browser to a sign-in provider and back. */
@ApiTags('sign-in')
@Controller('api/v1/sign-in')
export class SignInController {
  private readonly log = new Logger('Identity');

  constructor(private readonly signIn: OidcSignIn, private readonly secrets: SecretBox) {}

  @Get('providers') @Public()
  @ApiOperation({ summary: 'Ways to sign in besides a password' })
  @ApiOkResponse({ type: SignInChoicesView })
  async choices(@Query() { organization, refused }: SignInChoicesQuery, @Req() request: FastifyRequest): Promise<SignInChoicesView> {
    const choices = await this.signIn.choices(organization ?? stateOf(request).organizationSlug);
    const items = choices.map(({ slug, row }) => ({ name: row.name, startUrl: `/api/v1/o/${encodeURIComponent(slug)}/sign-in/${row.id}/start` }));
    return { items, problem: refusalText(refused) };
  }

  @Get(':id/start') @Public() @ApiExcludeEndpoint()
  async start(@Param('id', UuidPipe) id: string, @Query('next') next: string | undefined, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { organizationSlug: slug } = stateOf(request);
    try {
      const placed = await this.signIn.find(slug, id);
      const { url, underWay } = await this.signIn.begin(placed, safeNext(next), ownAddress(request));
      const cookie = writeBeginning(request, this.secrets, { organization: placed.organization, provider: id }, underWay);
      await reply.code(303).header('set-cookie', cookie).header('location', url).send();
    } catch (error) {
      await this.refuse(error, slug, reply);
    }
  }

  @Get(':id/callback') @Public() @ApiExcludeEndpoint()
  async callback(@Param('id', UuidPipe) id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { organizationSlug: slug } = stateOf(request);
    try {
      const placed = await this.signIn.find(slug, id);
      const place = { organization: placed.organization, provider: id };
      const underWay = readBeginning(request, this.secrets, place);
      reply.header('set-cookie', writeBeginning(request, this.secrets, place, null));
      const visitor = { address: request.ip, userAgent: (request.headers['user-agent'] ?? '').slice(0, 300), slug, replaces: null };
      const token = await this.signIn.finish(placed, underWay, request.url.split('?')[1] ?? '', visitor);
      reply.header('set-cookie', writeSessionCookie(request, token, SESSION_LIFETIME_MS));
      await reply.header('content-security-policy', ARRIVED_POLICY).header('content-type', 'text/html; charset=utf-8').send(arrivedPage(underWay?.next ?? '/'));
    } catch (error) {
      await this.refuse(error, slug, reply);
    }
  }

  @Get(':id/end') @Public() @ApiExcludeEndpoint()
  async end(@Param('id', UuidPipe) id: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { organizationSlug: slug } = stateOf(request);
    // The session here is over already: a provider that is away, or gone, changes nothing about that.
    const url = await this.signIn.find(slug, id).then((placed) => this.signIn.end(placed, ownAddress(request))).catch((error: unknown) => {
      if (error instanceof SignInRefused) return null;
      throw error;
    });
    await reply.code(303).header('location', url ?? '/sign-in').send();
  }

  /** Back to the door, with a code that says why. */
  private async refuse(error: unknown, slug: string | null, reply: FastifyReply): Promise<void> {
    if (!(error instanceof SignInRefused)) throw error;
    this.log.warn({ event: 'sign-in.failed', code: error.code, reason: error.message, err: error.cause, message: 'signing in by a provider failed' });
    const query = new URLSearchParams({ refused: error.code, ...(slug === null ? {} : { organization: slug }) });
    await reply.code(303).header('location', `/sign-in?${query.toString()}`).send();
  }
}
