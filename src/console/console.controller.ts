import { Controller, Get, Header, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public, readSessionCookie } from '../identity/index.js';
import { Problem } from '../web/index.js';
import { ConsoleFiles } from './console-files.js';

/** Addresses that are no pages of the console: something else answers them, or nobody does. */
const NOT_PAGES = /^\/(?:api|sandbox)(?:[/?]|$)|^\/(?:healthz|readyz|metrics)(?:[?]|$)/;

/** Every address that no other route has belongs to the console: its files, or else its one page. */
@ApiExcludeController()
@Controller()
export class ConsoleController {
  constructor(private readonly files: ConsoleFiles) {}

  @Get(['', '*']) @Public()
  @Header('x-robots-tag', 'noindex')
  async serve(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    if (NOT_PAGES.test(request.url)) throw new Problem(404, 'not-found', 'There is nothing at this address.');
    await this.files.answer(request.url, readSessionCookie(request) === null, reply);
  }
}
