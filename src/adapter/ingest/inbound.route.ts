import { hash } from 'node:crypto';
import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readCanonicalBody, type BodyProblem } from '../../core/message/canonical-body.js';
import { sameName } from '../../core/message/fold.js';
import { isObject } from '../../core/shape/shape.js';
import { SETTINGS, type Settings } from '../../config/settings.js';
import { GroupCommit, METRICS } from '../../queue/index.js';
import { InboundGate, type Admission } from '../../identity/index.js';
import { Database } from '../../store/database.js';
import { keepRejected, type RejectedRequest } from '../../store/pipeline/rejected.js';
import type { RequestKey } from '../../store/pipeline/repeat.js';
import { newId } from '../../store/pipeline/uuid.js';
import { Problem, redactHeaders, stateOf } from '../../web/index.js';
import type { EntityType, InboundAnswer, InboundRequest, InboundTold, SettledRequest } from '../contract.js';
import { Endpoints } from '../endpoint/endpoints.service.js';
import type { LiveEndpoint } from '../endpoint/live-endpoint.js';
import { maxRequestBytes } from '../setting/admission-settings.js';
import { AcceptRoom } from './accept-room.js';
import { readMessage } from './accepted.js';
import { refusalAt } from './door.js';
import { IngestService, type Acceptance, type Arrival } from './ingest.service.js';
import { SettledRequests } from './settled-requests.js';

const PATH = '/api/v1/inbound/:endpoint/:entityType';
const JSON_TYPE = /^application\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;
const LONGEST_KEY = 255;
/** Headers that are kept with a request that is normalized later. Credentials never are. */
const FORGOTTEN_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization', 'x-api-key']);

type InboundCall = FastifyRequest<{ Params: { endpoint: string; entityType: string }; Querystring: Record<string, string | string[] | undefined>; Body: Buffer | undefined }>;

interface Admitted {
  readonly admission: Admission;
  readonly endpoint: LiveEndpoint;
  readonly entityType: EntityType;
}

/**
 * The inbound addresses. A route of Fastify itself: every message comes through here, and nothing that Nest would do for it is needed.
 * Order: authenticate, limit, read, check, store, answer.
 */
@Injectable()
export class InboundRoute implements OnModuleInit {
  private readonly admitted = new WeakMap<FastifyRequest, Admitted>();
  private readonly room = new AcceptRoom();
  private readonly rejected: GroupCommit<RejectedRequest, undefined>;

  constructor(
    private readonly http: HttpAdapterHost, private readonly gate: InboundGate, private readonly endpoints: Endpoints, private readonly ingest: IngestService, private readonly settled: SettledRequests,
    database: Database, @Inject(SETTINGS) private readonly settings: Settings,
  ) {
    this.rejected = new GroupCommit(async (requests) => {
      await keepRejected(database.worker, requests);
      return requests.map(() => undefined);
    }, { maxItems: 50, maxWaitMs: 50, inFlight: 1 });
  }

  onModuleInit(): void {
    const fastify = this.http.httpAdapter?.getInstance<FastifyInstance | undefined>();
    fastify?.route({ method: ['POST', 'PUT', 'PATCH'], url: PATH, bodyLimit: this.settings.maxBody, onRequest: (request, reply) => this.admit(request as InboundCall, reply), handler: (request, reply) => this.receive(request as InboundCall, reply) });
    // Some senders ask by GET who is there before they send anything.
    fastify?.get(PATH, { onRequest: (request, reply) => this.admit(request as InboundCall, reply) }, (request, reply) => this.greet(request as InboundCall, reply));
  }

  private greet(request: InboundCall, reply: FastifyReply): string {
    const { endpoint, entityType } = this.admitted.get(request)!;
    const answer = endpoint.adapter.inbound.handshake?.(this.inboundOf(request, Buffer.alloc(0), entityType), endpoint) ?? null;
    if (answer === null) throw new Problem(405, 'method-not-allowed', 'Messages are sent by POST.', { headers: { allow: 'POST' } });
    return told(answer, reply);
  }

  /** Before the body is read: nobody unknown gets megabytes parsed. */
  private async admit(request: InboundCall, reply: FastifyReply): Promise<void> {
    const { endpoint: id, entityType: name } = request.params;
    const admission = await this.known(request);
    if (admission === null) {
      throw new Problem(401, 'unauthenticated', 'The credentials are not those of this inbound address.', { headers: { 'www-authenticate': 'Basic realm="Parley", Bearer realm="Parley"' } });
    }
    const endpoint = await this.endpoints.findWith(admission.organization, id, name);
    if (endpoint === undefined) throw Problem.missing(`endpoint "${id}"`);
    const entityType = endpoint.entityType(name);
    if (entityType === undefined) throw Problem.missing(`entity type "${name}" at the endpoint "${id}"`);
    const admitted = { admission, endpoint, entityType };
    const refusal = refusalAt(endpoint, { address: request.ip, isProxied: (request.ips?.length ?? 0) > 1, headers: request.headers });
    if (refusal !== null) {
      const problem = new Problem(403, refusal.code, refusal.message);
      this.keep(problem, request, Buffer.alloc(0), admitted);
      throw problem;
    }
    const problem = tooLarge(Number(request.headers['content-length'] ?? 0), endpoint);
    if (problem !== null) {
      this.keep(problem, request, Buffer.alloc(0), admitted);
      throw problem;
    }
    this.enter(request, reply, admission);
    this.admitted.set(request, admitted);
  }

  /** By the header, else by the token of the address: then the header may be the sender's own, which the endpoint's settings judge. */
  private async known(request: InboundCall): Promise<Admission | null> {
    const { authorization = '', 'x-api-key': apiKey } = request.headers;
    const { token } = request.query;
    const knock = { organizationSlug: stateOf(request).organizationSlug, endpoint: request.params.endpoint };
    const given = authorization !== '' ? authorization : typeof apiKey === 'string' ? `Bearer ${apiKey}` : undefined;
    const byHeader = given === undefined ? null : await this.gate.admit({ ...knock, authorization: given, token: undefined });
    return byHeader ?? (typeof token === 'string' ? this.gate.admit({ ...knock, authorization: undefined, token }) : null);
  }

  /** Takes the request's room until it is answered or gone; refuses it where its organization, or this process, has too many under way. */
  private enter(request: InboundCall, reply: FastifyReply, { organization }: Admission): void {
    const leave = this.room.enter(organization, Number(request.headers['content-length'] ?? Number.NaN));
    if (leave === 'too-many') throw new Problem(429, 'too-many-requests', 'This organization has too many requests under way; send it again later.', { headers: { 'retry-after': '1' } });
    if (leave === 'full') throw new Problem(503, 'overloaded', 'Parley has too many requests under way; send it again later.', { headers: { 'retry-after': '1' } });
    reply.raw.once('finish', leave).once('close', leave);
  }

  private async receive(request: InboundCall, reply: FastifyReply): Promise<{ messageId: string } | string> {
    const admitted = this.admitted.get(request)!;
    const body = request.body ?? Buffer.alloc(0);
    const handshake = admitted.endpoint.adapter.inbound.handshake?.(this.inboundOf(request, body, admitted.entityType), admitted.endpoint) ?? null;
    if (handshake !== null) return told(handshake, reply);
    try {
      const acceptance = await this.ingest.accept(this.read(request, body, admitted));
      (acceptance.replayed ? METRICS.repeated : METRICS.accepted).inc();
      if (acceptance.replayed) void reply.header('idempotency-replayed', 'true');
      const settled = await this.outcomeOf(acceptance, request, reply, body);
      const own = this.ownAnswer({ kind: 'accepted', messageId: acceptance.messageId, replayed: acceptance.replayed, ...(settled === null ? {} : { settled }) }, request, body, admitted);
      if (own !== null) return told(own, reply);
      void reply.code(202);
      return { messageId: acceptance.messageId };
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      if (error.status < 500) this.keep(error, request, body, admitted);
      const own = this.ownAnswer({ kind: 'refused', status: error.status, code: error.code, detail: error.detail }, request, body, admitted);
      if (own === null) throw error;
      void reply.headers(error.headers);
      return told(own, reply);
    }
  }

  private read(request: InboundCall, body: Buffer, { admission, endpoint, entityType }: Admitted): Arrival {
    // Of a request that does not say how large it is.
    const problem = tooLarge(body.byteLength, endpoint);
    if (problem !== null) throw problem;
    const inbound = this.inboundOf(request, body, entityType);
    const key = this.keyOf(inbound, endpoint, body);
    const verified = endpoint.adapter.inbound.verify(inbound, endpoint);
    if (!verified.ok) throw new Problem(401, verified.error.code, verified.error.message);
    const examined = endpoint.adapter.inbound.examine?.(inbound, endpoint);
    if (examined?.ok === false) throw new Problem(400, examined.error.code, examined.error.message);
    const later = (): Arrival => ({
      kind: 'mapped',
      request: { id: newId(), organization: admission.organization, endpoint: endpoint.id, entityType: entityType.name, contentType: inbound.contentType, headers: keptHeaders(inbound), query: inbound.query, body, key },
    });
    if (endpoint.adapter.inbound.form(endpoint, entityType.name) === 'mapped') return later();
    if (!JSON_TYPE.test(inbound.contentType)) throw new Problem(415, 'unsupported-media-type', 'Send the message as application/json in UTF-8.');
    const canonical = readCanonicalBody(body);
    if (!canonical.ok) throw bodyProblem(canonical.error);
    // What may be filtered out takes the way on which messages can end before they are routed.
    if (endpoint.inboundFilter.length > 0) return later();
    const sender = canonical.value.sender?.id;
    const isOurs = sender !== undefined && endpoint.integrationUsers.some((user) => sameName(user, sender));
    const read = readMessage({ organization: admission.organization, endpoint: endpoint.id, entityType, isOurs }, canonical.value);
    return { kind: 'canonical', read, raw: { contentType: inbound.contentType, body, key } };
  }

  private inboundOf(request: InboundCall, body: Buffer, entityType: EntityType): InboundRequest {
    const { headers, method, originalUrl } = request;
    const origin = this.settings.publicUrl?.replace(/\/+$/, '') ?? `${request.protocol}://${request.host}`;
    return {
      entityType: entityType.name, body, contentType: headers['content-type'] ?? '', headers: headers as Record<string, string>, query: request.url.split('?', 2)[1] ?? '',
      method, path: originalUrl.split('?', 1)[0] ?? '', url: origin + originalUrl,
    };
  }

  /** What became of the request, where its sender waits for that. Nothing is held meanwhile but the sender's connection. */
  private async outcomeOf({ messageId }: Acceptance, request: InboundCall, reply: FastifyReply, body: Buffer): Promise<SettledRequest | null> {
    const { endpoint, entityType, admission } = this.admitted.get(request)!;
    const forMs = endpoint.adapter.inbound.waitsMs?.(this.inboundOf(request, body, entityType), endpoint) ?? 0;
    if (forMs === 0) return null;
    const gone = new AbortController();
    reply.raw.once('close', () => gone.abort());
    return this.settled.wait(admission.organization, messageId, { forMs, signal: gone.signal });
  }

  /** What the kind itself has to say to the sender; null where that is the usual JSON. */
  private ownAnswer(what: InboundTold, request: InboundCall, body: Buffer, { endpoint, entityType }: Admitted): InboundAnswer | null {
    return endpoint.adapter.inbound.answer?.(what, this.inboundOf(request, body, entityType), endpoint) ?? null;
  }

  private keyOf(request: InboundRequest, endpoint: LiveEndpoint, body: Buffer): RequestKey | null {
    const own = endpoint.adapter.inbound.repeatKey(request, endpoint);
    if (own !== null && typeof own === 'object') return { key: own.key, bodyHash: hash('sha256', own.key, 'buffer'), forMs: own.forMs };
    const key = request.headers['idempotency-key'] ?? request.headers['webhook-id'] ?? own;
    if (key === null) return null;
    if (key.length > LONGEST_KEY || key.trim() === '') throw new Problem(422, 'invalid-idempotency-key', `An idempotency key has 1 to ${LONGEST_KEY} characters.`);
    return { key, bodyHash: hash('sha256', body, 'buffer') };
  }

  /** Refused requests are no messages, but an integrator can look at them. Beside the answer: it waits for nothing. */
  private keep(problem: Problem, request: InboundCall, body: Buffer, { admission, endpoint, entityType }: Admitted): void {
    METRICS.rejected.inc({ status: problem.status });
    const first = problem.errors[0];
    this.rejected.add({
      organization: admission.organization, endpoint: endpoint.id, entityType: entityType.name, status: problem.status, code: problem.code, address: request.ip,
      headers: JSON.stringify(redactHeaders(request.headers as Record<string, string>, secretHeaders(endpoint))),
      reason: first === undefined ? problem.detail : `${first.pointer ?? ''}: ${first.detail}`, contentType: request.headers['content-type'] ?? '', body,
    }).catch(() => undefined); // the sender has its answer; the store tells of its own failures
  }
}

function tooLarge(bytes: number, { settings }: LiveEndpoint): Problem | null {
  const most = maxRequestBytes(settings);
  return bytes > most ? new Problem(413, 'body-too-large', `This endpoint takes requests of at most ${most} bytes.`) : null;
}

function told({ status, contentType, body, headers = {} }: InboundAnswer, reply: FastifyReply): string {
  void reply.headers(headers).code(status).header('content-type', contentType).header('x-content-type-options', 'nosniff');
  return body;
}

/** Headers that the endpoint's own settings make a secret: their names may be any. */
const secretHeaders = ({ settings }: LiveEndpoint): readonly string[] => Object.values(settings).flatMap((setting) => {
  const header: unknown = isObject(setting) ? setting['header'] : undefined;
  return typeof header === 'string' ? [header.toLowerCase()] : [];
});

function keptHeaders(request: InboundRequest): string {
  return JSON.stringify(Object.fromEntries(Object.entries(request.headers).filter(([name]) => !FORGOTTEN_HEADERS.has(name))));
}

function bodyProblem(problems: readonly BodyProblem[]): Problem {
  const first = problems[0];
  if (first?.kind === 'syntax') {
    const place = first.position === undefined ? '' : ` at character ${first.position}`;
    return new Problem(400, 'broken-json', `The body is not JSON${place}: ${first.found}.`);
  }
  return Problem.invalid(problems.map((problem) => ({ pointer: problem.pointer, detail: `Expected ${problem.expected}, found ${problem.found}.` })), 'The body does not have the form of a message.');
}
