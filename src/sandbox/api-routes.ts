import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Logger } from '@nestjs/common';
import type { Database } from '../store/database.js';
import { listHooks } from '../store/sandbox/hook.store.js';
import type { SandboxRow } from '../store/sandbox/sandbox-row.js';
import type { TicketFilter } from '../store/sandbox/ticket.store.js';
import { checkFaults, readFaults } from './faults.js';
import { Cut, passFaults } from './fault-gate.js';
import { attachmentDocument, commentDocument, ticketDocument } from './hook-event.js';
import type { HookSender } from './hook-sender.service.js';
import { readOptions } from './options.js';
import { Refusal } from './refusal.js';
import type { SandboxDirectory } from './sandbox-directory.service.js';
import { bytesOf, checkParams, jsonOf, programOf, queryOf, repeatKeyOf, sendFile, type ToolRequest } from './sandbox-request.js';
import type { SandboxService } from './sandbox.service.js';
import { ticketFields } from './ticket-fields.js';
import { TicketDesk, type Reply, type RepeatableRequest, type Worker } from './ticket-desk.js';
import { readCommentBody, readFileBody, readTicketInput } from './ticket-input.js';

/** What the routes of a tool work with. */
export interface Workshop {
  readonly database: Database;
  readonly directory: SandboxDirectory;
  readonly sandboxes: SandboxService;
  readonly hooks: HookSender;
  readonly logger: Logger;
}

/** One API request after its credentials were checked. */
interface Errand {
  readonly tool: SandboxRow;
  readonly desk: TicketDesk;
  readonly by: Worker;
  readonly request: ToolRequest;
  readonly reply: FastifyReply;
}

type Serve = (errand: Errand) => Promise<Reply | FastifyReply>;

interface Counter {
  readonly shop: Workshop;
  readonly serve: Serve;
  /** Switches of the tool itself have no faults. */
  readonly isSpared: boolean;
}

const BODY_LIMIT = 16 * 1_048_576;

/** The REST API of the tools, under `/sandbox/{name}/api`. */
export function apiRoutes(scope: FastifyInstance, shop: Workshop): void {
  const route = (method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, serve: Serve, isSpared = false): void => {
    scope.route({ method, url: `/api${url}`, bodyLimit: BODY_LIMIT, config: { rawBody: true, public: true }, handler: (request, reply) => answer({ shop, serve, isSpared }, request as ToolRequest, reply) });
  };
  route('GET', '/tickets', listTickets);
  route('POST', '/tickets', ({ tool, desk, by, request }) => desk.create(readTicketInput(jsonOf(request), readOptions(tool.options)), by, repeatable(request)));
  route('GET', '/tickets/:id', readTicket);
  for (const method of ['PATCH', 'PUT'] as const) {
    route(method, '/tickets/:id', ({ tool, desk, by, request }) => desk.update(request.params.id, readTicketInput(jsonOf(request), readOptions(tool.options)), by, repeatable(request)));
  }
  route('POST', '/tickets/:id/comments', ({ desk, by, request }) => desk.update(request.params.id, { ...NOTHING, comment: readCommentBody(jsonOf(request)) }, by, repeatable(request)));
  route('POST', '/tickets/:id/attachments', ({ desk, by, request }) => desk.update(request.params.id, { ...NOTHING, files: [readFileBody(jsonOf(request))] }, by, repeatable(request)));
  route('GET', '/tickets/:id/attachments/:file', async ({ desk, request, reply }) => {
    const file = await desk.read((store) => store.attachmentContent(request.params.id, request.params.file));
    if (file === null) throw new Refusal('NOT_FOUND', 'There is no such file.');
    return sendFile(reply, file);
  });
  route('GET', '/fields', ({ tool }) => Promise.resolve({ status: 200, body: ticketFields(readOptions(tool.options)) }));
  route('POST', '/tickets/:id/lock', async ({ desk, by, request }) => ({ status: 200, body: ticketDocument(await desk.setLock(request.params.id, true, by)) }), true);
  route('DELETE', '/tickets/:id/lock', async ({ desk, by, request }) => ({ status: 200, body: ticketDocument(await desk.setLock(request.params.id, false, by)) }), true);
  route('GET', '/faults', ({ tool }) => Promise.resolve({ status: 200, body: { ...readFaults(tool.faults), times: tool.faultBudget } }), true);
  route('PUT', '/faults', ({ tool, request }) => setFaults(shop, tool, jsonOf(request)), true);
  route('GET', '/webhooks', ({ tool, request }) => listWebhooks(shop, tool, request), true);
}

const NOTHING = { fields: {}, correlationId: null, comment: null, files: [] } as const;

/** Serves a request with the tool's faults. */
async function answer({ shop, serve, isSpared }: Counter, request: ToolRequest, reply: FastifyReply): Promise<FastifyReply> {
  try {
    checkParams(request);
    const tool = await shop.directory.find(request.params.sandbox);
    if (tool === null) throw new Refusal('NOT_FOUND', 'There is no such tool.');
    const { cutAfter } = isSpared ? { cutAfter: false } : await passFaults(tool, shop.database, reply);
    const by = programOf(request, tool);
    const served = await serve({ tool, desk: new TicketDesk(tool, shop.database), by, request, reply });
    if (request.method !== 'GET') shop.hooks.wake();
    if (cutAfter) throw new Cut();
    if (!('body' in served)) return served;
    if (served.isReplay === true) void reply.header('idempotency-replayed', 'true');
    return reply.code(served.status).send(served.body);
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    reply.hijack();
    request.raw.socket.destroy();
    return reply;
  }
}

const repeatable = (request: ToolRequest): RepeatableRequest =>
  ({ key: repeatKeyOf(request), route: `${request.method} ${request.url}`, body: bytesOf(request) });

async function listTickets({ desk, request }: Errand): Promise<Reply> {
  const limit = Math.min(Math.max(Math.trunc(Number(queryOf(request, 'limit') ?? 50)) || 50, 1), 200);
  const asked = { externalReference: queryOf(request, 'externalReference'), correlationId: queryOf(request, 'correlationId'), state: queryOf(request, 'state'), text: queryOf(request, 'q') };
  const filter = Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== null)) as TicketFilter;
  return { status: 200, body: (await desk.read((store) => store.list(filter, limit))).map(ticketDocument) };
}

async function readTicket({ desk, request }: Errand): Promise<Reply> {
  const { id } = request.params;
  const body = await desk.read(async (store) => {
    const ticket = await store.find(id);
    if (ticket === null) throw new Refusal('NOT_FOUND', `There is no ticket ${id}.`);
    return { ...ticketDocument(ticket), comments: (await store.comments(id)).map(commentDocument), attachments: (await store.attachments(id)).map(attachmentDocument) };
  });
  return { status: 200, body };
}

async function setFaults(shop: Workshop, tool: SandboxRow, raw: unknown): Promise<Reply> {
  const checked = checkFaults(raw);
  if ('problems' in checked) {
    throw new Refusal('INVALID', 'The faults do not have the expected shape.', checked.problems.map(({ pointer, expected, found }) => ({ pointer, message: `expected ${expected}, found ${found}` })));
  }
  await shop.sandboxes.setFaults(tool.organization, tool.name, checked.faults, checked.times);
  return { status: 200, body: { ...checked.faults, times: checked.times } };
}

async function listWebhooks(shop: Workshop, tool: SandboxRow, request: ToolRequest): Promise<Reply> {
  const hooks = await shop.database.inOrganization(tool.organization, (manager) => listHooks(manager, tool.organization, { sandbox: tool.name, ticket: queryOf(request, 'ticket'), limit: 100 }));
  return { status: 200, body: hooks.map(({ ticket, id, event, state, attempts, lastError, createdAt }) => ({ ticket, id, event, state, attempts, lastError, createdAt })) };
}
