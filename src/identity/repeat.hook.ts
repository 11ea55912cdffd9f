import { hash, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Database } from '../store/database.js';
import { IdempotencyStore, type RepeatClaim, type RepeatScope } from '../store/identity/idempotency.store.js';
import type { OrganizationId } from '../store/organization.js';
import { Problem, stateOf } from '../web/index.js';
import { SecretBox, type SecretPlace } from './secret-box.js';

const WRITES = new Set(['POST', 'PUT', 'PATCH', 'DELETE']);
/** Headers that belong to an answer and are repeated with it. */
const KEPT_HEADERS = ['content-type', 'etag', 'location'];
const KEY = /^[\u0021-\u007e]{1,255}$/;
/** How long a concurrent repeat waits for the first before it is told to come again. */
const PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 50;
const LARGEST_ANSWER = 1_048_576;

interface Running {
  readonly organization: OrganizationId;
  readonly scope: RepeatScope;
  readonly claim: string;
}

/**
 * Repeats of administrative writes: the same `Idempotency-Key` of one caller on one route is done once in a day,
 * later ones get the stored answer. Only what succeeded is kept; a refused write did nothing, so its key is free.
 * Answers are sealed: the one that makes an API key shows it.
 */
@Injectable()
export class RepeatHook implements OnModuleInit {
  private readonly logger = new Logger('Identity');
  private readonly running = new WeakMap<FastifyRequest, Running>();

  constructor(private readonly http: HttpAdapterHost, private readonly database: Database, private readonly box: SecretBox) {}

  onModuleInit(): void {
    const fastify = this.http.httpAdapter?.getInstance<FastifyInstance | undefined>();
    fastify?.addHook('preHandler', (request: FastifyRequest, reply: FastifyReply) => this.before(request, reply));
    fastify?.addHook('onSend', (request: FastifyRequest, reply: FastifyReply, payload: unknown) => this.after(request, reply, payload));
  }

  private async before(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
    const key = request.headers['idempotency-key'];
    const { caller } = stateOf(request);
    if (key === undefined || caller === undefined || !WRITES.has(request.method)) return undefined;
    if (typeof key !== 'string' || !KEY.test(key)) throw Problem.invalid([{ parameter: 'Idempotency-Key', detail: 'must be 1 to 255 visible ASCII characters' }]);
    const scope: RepeatScope = { principal: `${caller.kind}:${caller.id}`, route: `${request.method} ${request.routeOptions.url ?? ''}`, key };
    const requestHash = hash('sha256', `${request.url}\n${bodyText(request.body)}`, 'buffer');
    const claim = randomUUID();
    const outcome = await this.claim(caller.organization, scope, requestHash, claim);
    if (outcome.kind === 'first') {
      this.running.set(request, { organization: caller.organization, scope, claim });
      return undefined;
    }
    if (!outcome.requestHash.equals(requestHash)) {
      throw new Problem(422, 'idempotency-key-reused', 'This Idempotency-Key was used for another request.');
    }
    if (outcome.kind === 'under-way') throw Problem.conflict('request-under-way', 'The same request is still being worked on; ask again shortly.');
    return this.repeat(reply, outcome, placeOf(caller.organization, scope));
  }

  /** Waits while the first of the same key is at work. */
  private async claim(organization: OrganizationId, scope: RepeatScope, requestHash: Buffer, claim: string): Promise<RepeatClaim> {
    const until = performance.now() + PATIENCE_MS;
    for (;;) {
      const outcome = await this.database.inOrganization(organization, (manager) => new IdempotencyStore(organization, manager).claim(scope, requestHash, claim));
      const differs = outcome.kind === 'under-way' && !outcome.requestHash.equals(requestHash);
      if (outcome.kind !== 'under-way' || differs || performance.now() > until) return outcome;
      await sleep(LOOK_AGAIN_MS);
    }
  }

  private repeat(reply: FastifyReply, { status, answer }: Extract<RepeatClaim, { kind: 'answered' }>, place: SecretPlace): FastifyReply {
    const { headers, body } = JSON.parse(this.box.openText(place, answer)) as { headers: Record<string, string>; body: string };
    return reply.code(status).headers(headers).header('idempotency-replayed', 'true').send(body === '' ? undefined : Buffer.from(body, 'base64'));
  }

  /** Keeps the answer before it is sent: whoever has seen it, will see it again. */
  private async after(request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> {
    const running = this.running.get(request);
    if (running === undefined) return payload;
    this.running.delete(request);
    const { organization, scope, claim } = running;
    const body = payload === undefined || payload === null ? Buffer.alloc(0) : typeof payload === 'string' || Buffer.isBuffer(payload) ? Buffer.from(payload) : null;
    const keeps = reply.statusCode < 300 && body !== null && body.byteLength <= LARGEST_ANSWER;
    try {
      await this.database.inOrganization(organization, async (manager) => {
        const store = new IdempotencyStore(organization, manager);
        if (!keeps) return store.release(scope, claim);
        const headers = Object.fromEntries(KEPT_HEADERS.map((name) => [name, reply.getHeader(name)]).filter(([, value]) => value !== undefined));
        return store.answer(scope, claim, reply.statusCode, this.box.seal(placeOf(organization, scope), JSON.stringify({ headers, body: body.toString('base64') })));
      });
    } catch (error) {
      // The write itself is done; a repeat is then told that it is under way, until the claim runs out.
      this.logger.warn({ message: 'the answer to a write could not be kept for repeats', requestId: request.id, err: error });
    }
    return payload;
  }
}

const placeOf = (organization: OrganizationId, scope: RepeatScope): SecretPlace =>
  ({ organization, table: 'api_idempotency', column: 'answer', row: `${scope.principal}\n${scope.route}\n${scope.key}` });

function bodyText(body: unknown): string {
  if (Buffer.isBuffer(body)) return body.toString('base64');
  return body === undefined ? '' : JSON.stringify(body);
}
