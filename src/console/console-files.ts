import { randomBytes } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { consolePolicy } from './content-security.js';

/** Files whose name changes with their content may be kept for ever. */
export const HASHED = /^\/(?:(?:main|chunk|styles|polyfills|scripts|worker)-|media\/.+-)[\w-]{8}\.\w+(?:\.map)?$/;
/** The build puts its files at the top or under media/; deeper down a dot belongs to an id. */
export const FILE = /^\/(?:media\/)?[^/]+\.[a-z0-9]{2,11}$/i;
const ONE_YEAR = 'public, max-age=31536000, immutable';

const NOT_BUILT = `Parley runs, but its console was not built.

Build it with \`npm run build\` and start again. The API is at /api/v1, its description at /api/openapi.json.
`;

/** The built console. Its folder is the same seen from the sources and from dist/src. */
export function findConsoleFolder(): string {
  const here = fileURLToPath(new URL('.', import.meta.url));
  const root = here.replace(/[/\\](?:dist[/\\])?src[/\\]console[/\\]?$/, '');
  return join(root, 'apps/admin-ui/dist/admin-ui/browser');
}

/** Serves the console's files, and its page for every other address: where in the console that is, the page decides. */
@Injectable()
export class ConsoleFiles implements OnModuleInit {
  private page: { readonly html: string; readonly changedMs: number } | null = null;
  private readonly folder = findConsoleFolder();

  constructor(private readonly http: HttpAdapterHost) {}

  onModuleInit(): void {
    const fastify = this.http.httpAdapter?.getInstance<FastifyInstance | undefined>();
    // Not awaited: that would make Fastify ready before Nest has set its error handler.
    void fastify?.register(fastifyStatic, { root: this.folder, serve: false, cacheControl: false, preCompressed: true });
  }

  /** `isVisitor`: the browser brought no session, so that the page need not ask who is signed in. */
  async answer(url: string, isVisitor: boolean, reply: FastifyReply): Promise<void> {
    const path = pathOf(url);
    if (path !== null && path !== '/index.html' && FILE.test(path)) {
      if (await isFile(join(this.folder, path))) {
        await reply.header('cache-control', HASHED.test(path) ? ONE_YEAR : 'no-cache').sendFile(path.slice(1));
      } else {
        await reply.code(404).header('content-type', 'text/plain; charset=utf-8').send('There is no such file.\n');
      }
      return;
    }
    await this.answerPage(isVisitor, reply);
  }

  private async answerPage(isVisitor: boolean, reply: FastifyReply): Promise<void> {
    const html = await this.readPage();
    reply.header('cache-control', 'no-cache');
    if (html === null) {
      await reply.code(503).header('content-type', 'text/plain; charset=utf-8').send(NOT_BUILT);
      return;
    }
    const nonce = randomBytes(16).toString('base64');
    await reply.header('content-security-policy', consolePolicy(nonce)).header('content-type', 'text/html; charset=utf-8').send(forVisit(html, nonce, isVisitor));
  }

  /** The page as built; read again when it was built anew. */
  private async readPage(): Promise<string | null> {
    const file = join(this.folder, 'index.html');
    try {
      const { mtimeMs } = await stat(file);
      if (this.page?.changedMs !== mtimeMs) this.page = { html: await readFile(file, 'utf8'), changedMs: mtimeMs };
      return this.page.html;
    } catch {
      return null;
    }
  }
}

/** Hands Angular the nonce, gives it to styles that the build put into the page, and says when nobody can be signed in. */
export const forVisit = (html: string, nonce: string, isVisitor: boolean): string =>
  html.replace(/<app-root(?=[\s>])/, `<app-root ngCspNonce="${nonce}"${isVisitor ? ' data-visitor' : ''}`).replace(/<style(?=[\s>])/g, `<style nonce="${nonce}"`);

function pathOf(url: string): string | null {
  try {
    const path = decodeURIComponent(url.split('?', 1)[0] ?? '/');
    return path.includes('\u0000') || path.split('/').includes('..') ? null : path;
  } catch {
    return null;
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}
