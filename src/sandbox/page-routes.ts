import type { FastifyInstance, FastifyReply } from 'fastify';
import { hurryHooks, listHooks } from '../store/sandbox/hook.store.js';
import type { SandboxRow } from '../store/sandbox/sandbox-row.js';
import type { Workshop } from './api-routes.js';
import { NO_FAULTS, checkFaults } from './faults.js';
import { readOptions } from './options.js';
import { page, type Frame } from './page/frame.js';
import type { Html } from './page/html.js';
import { listPage } from './page/list-page.js';
import { agentPage, newPage, switchesPage } from './page/other-pages.js';
import { ticketPage } from './page/ticket-page.js';
import { Refusal } from './refusal.js';
import { bytesOf, checkParams, queryOf, sendFile, type ToolRequest } from './sandbox-request.js';
import { agentOf, refuseOtherSites, setAgent } from './agent.js';
import { TicketDesk, type Worker } from './ticket-desk.js';
import { formChanges, formOf, formTicket } from './page-form.js';
import { MAX_FILE, makeFile, readCommentBody, readTicketInput } from './ticket-input.js';

/** One visit of a page by someone who said who they are. */
interface Visit {
  readonly tool: SandboxRow;
  readonly desk: TicketDesk;
  readonly base: string;
  readonly agent: Worker;
  readonly request: ToolRequest;
  readonly reply: FastifyReply;
  show(here: Frame['here'], title: string, content: Html): Promise<FastifyReply>;
  goTo(path: string): FastifyReply;
}

const NO_REPEAT = { key: null, route: '', body: new Uint8Array() };
const NOTHING = { fields: {}, correlationId: null, comment: null, files: [] } as const;

export const PAGE_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

/** The pages of the tools, under `/sandbox/{name}`. */
export function pageRoutes(scope: FastifyInstance, shop: Workshop): void {
  const route = (method: 'GET' | 'POST', url: string, serve: (visit: Visit) => Promise<FastifyReply>): void => {
    scope.route({ method, url, bodyLimit: MAX_FILE + 4_096, config: { rawBody: true, public: true }, handler: (request, reply) => visit(shop, request as ToolRequest, reply, serve) });
  };
  route('GET', '', list);
  route('GET', '/new', ({ base, tool, agent, show }) => show('new', 'New ticket', newPage(base, readOptions(tool.options), agent.name)));
  route('POST', '/tickets', async ({ tool, desk, agent, request, goTo }) => {
    const { body } = await desk.create(readTicketInput(formTicket(formOf(request)), readOptions(tool.options)), agent, NO_REPEAT);
    return goTo(`/tickets/${(body as { readonly id: string }).id}`);
  });
  route('GET', '/tickets/:id', (one) => ticket(one, shop));
  route('POST', '/tickets/:id', ({ tool, desk, agent, request, goTo }) => done(goTo, request, desk.update(request.params.id, readTicketInput(formChanges(formOf(request)), readOptions(tool.options)), agent, NO_REPEAT)));
  route('POST', '/tickets/:id/comments', ({ desk, agent, request, goTo }) => {
    const form = formOf(request);
    return done(goTo, request, desk.update(request.params.id, { ...NOTHING, comment: readCommentBody({ text: form.get('text') ?? '', visibility: form.get('visibility') ?? 'public' }) }, agent, NO_REPEAT));
  });
  route('POST', '/tickets/:id/attachments', async ({ desk, agent, request, reply }) => {
    const file = makeFile(queryOf(request, 'name') ?? 'file', request.headers['content-type'], bytesOf(request));
    await desk.update(request.params.id, { ...NOTHING, files: [file] }, agent, NO_REPEAT);
    return reply.code(204).send();
  });
  route('GET', '/tickets/:id/attachments/:file', async ({ desk, request, reply }) => {
    const file = await desk.read((store) => store.attachmentContent(request.params.id, request.params.file));
    if (file === null) throw new Refusal('NOT_FOUND', 'There is no such file.');
    return sendFile(reply, file);
  });
  route('POST', '/tickets/:id/lock', ({ desk, agent, request, goTo }) => done(goTo, request, desk.setLock(request.params.id, true, agent)));
  route('POST', '/tickets/:id/unlock', ({ desk, agent, request, goTo }) => done(goTo, request, desk.setLock(request.params.id, false, agent)));
  route('GET', '/switches', async ({ tool, base, show }) => show('switches', 'Switches', switchesPage(base, tool, await hooksOf(shop, tool, null, 30))));
  route('POST', '/switches', (one) => switchFaults(one, shop));
  route('POST', '/switches/webhooks', async ({ tool, goTo }) => {
    await shop.database.inOrganization(tool.organization, (manager) => hurryHooks(manager, tool.organization, tool.name));
    return goTo('/switches');
  });
  route('GET', '/revision', async ({ desk, reply }) => reply.header('cache-control', 'no-store').type('text/plain; charset=utf-8').send(await desk.read((store) => store.revision())));
  scope.post('/agent', { config: { rawBody: true, public: true } }, (request, reply) => nameAgent(shop, request as ToolRequest, reply));
}

async function visit(shop: Workshop, request: ToolRequest, reply: FastifyReply, serve: (visit: Visit) => Promise<FastifyReply>): Promise<FastifyReply> {
  checkParams(request);
  refuseOtherSites(request);
  const tool = await shop.directory.find(request.params.sandbox);
  if (tool === null) throw new Refusal('NOT_FOUND', 'There is no such tool.');
  const base = `/sandbox/${tool.name}`;
  const desk = new TicketDesk(tool, shop.database);
  const name = agentOf(request);
  const show: Visit['show'] = async (here, title, content) => {
    const revision = await desk.read((store) => store.revision());
    return reply.header('content-security-policy', PAGE_POLICY).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(page({ tool, agent: name, here, title, revision }, content));
  };
  if (name === null) {
    if (request.method !== 'GET') throw new Refusal('FORBIDDEN', 'Say who you are first.');
    return show('other', 'Who are you?', agentPage(base, request.url));
  }
  const served = await serve({ tool, desk, base, agent: { name, isProgram: false }, request, reply, show, goTo: (path) => reply.redirect(base + path, 303) });
  if (request.method !== 'GET') shop.hooks.wake();
  return served;
}

/** After a change the page is asked for anew, so that reloading does not repeat it. */
async function done(goTo: Visit['goTo'], request: ToolRequest, change: Promise<unknown>): Promise<FastifyReply> {
  await change;
  return goTo(`/tickets/${request.params.id}`);
}

async function list({ tool, desk, base, request, show }: Visit): Promise<FastifyReply> {
  const [state, text] = [queryOf(request, 'state'), queryOf(request, 'q')];
  const tickets = await desk.read((store) => store.list({ ...(state === null ? {} : { state }), ...(text === null ? {} : { text }) }, 200));
  return show('tickets', 'Tickets', listPage({ base, options: readOptions(tool.options), tickets, state, text }));
}

async function ticket({ tool, desk, base, agent, request, show }: Visit, shop: Workshop): Promise<FastifyReply> {
  const { id } = request.params;
  const hooks = await hooksOf(shop, tool, id, 20);
  const content = await desk.read(async (store) => {
    const found = await store.find(id);
    if (found === null) throw new Refusal('NOT_FOUND', `There is no ticket ${id}.`);
    return ticketPage({
      base, options: readOptions(tool.options), agent: agent.name, ticket: found, hooks,
      comments: await store.comments(id), attachments: await store.attachments(id), history: await store.history(id),
    });
  });
  return show('tickets', id, content);
}

const hooksOf = (shop: Workshop, tool: SandboxRow, ticketId: string | null, limit: number) =>
  shop.database.inOrganization(tool.organization, (manager) => listHooks(manager, tool.organization, { sandbox: tool.name, ticket: ticketId, limit }));

async function switchFaults({ tool, request, goTo }: Visit, shop: Workshop): Promise<FastifyReply> {
  const form = formOf(request);
  const given: Record<string, unknown> = { down: form.get('down') === 'on', times: form.get('times') ? Number(form.get('times')) : null };
  for (const name of Object.keys(NO_FAULTS)) if (name !== 'down' && form.get(name)) given[name] = Number(form.get(name));
  const checked = form.get('off') === 'yes' ? { faults: NO_FAULTS, times: null } : checkFaults(given);
  if ('problems' in checked) throw new Refusal('INVALID', checked.problems.map(({ path, expected }) => `${path}: ${expected}`).join('; '));
  await shop.sandboxes.setFaults(tool.organization, tool.name, checked.faults, checked.times);
  return goTo('/switches');
}

/** Remembers who works here, or forgets it. */
async function nameAgent(shop: Workshop, request: ToolRequest, reply: FastifyReply): Promise<FastifyReply> {
  checkParams(request);
  refuseOtherSites(request);
  const tool = await shop.directory.find(request.params.sandbox);
  if (tool === null) throw new Refusal('NOT_FOUND', 'There is no such tool.');
  const base = `/sandbox/${tool.name}`;
  const form = formOf(request);
  const to = form.get('to') ?? base;
  setAgent(request, reply, base, form.get('name') ?? '');
  return reply.redirect(to === base || /^\/sandbox\/[a-z0-9-]+(?:\/[\w/-]*)?$/.test(to) && to.startsWith(`${base}/`) ? to : base, 303);
}
