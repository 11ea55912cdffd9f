import { startApplication, type Application } from './application.js';
import { createDatabase } from './database.js';
import { eventually } from './eventually.js';
import { ApiClient, type Answer } from './api-client.js';

/** A message as its own page and the conversation show it, as far as tests look at it. */
export interface ShownMessage {
  readonly id: string;
  readonly endpoint: string;
  readonly state: string;
  readonly reason: string | null;
  readonly kind: string;
  readonly rules: readonly { readonly rule: string; readonly ruleVersion: number }[];
}

/** One of the ticket tools. */
export interface Desk {
  readonly endpoint: string;
  /** The tool's own REST API, as the person `ann`. */
  readonly tool: ApiClient;
  open(ticket: Readonly<Record<string, unknown>>): Promise<string>;
  change(id: string, ticket: Readonly<Record<string, unknown>>): Promise<void>;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what it expects
  ticket(id: string): Promise<any>;
  /** The ticket that was made for one of another desk; null where there is none. */
  ticketFor(reference: string): Promise<string | null>;
  comments(id: string): Promise<readonly string[]>;
  lock(id: string): Promise<void>;
  unlock(id: string): Promise<void>;
}

/** A whole Parley with sandbox tools that tell it of their changes: what two or more companies would be. */
export interface Desks {
  readonly application: Application;
  readonly api: ApiClient;
  readonly a: Desk;
  readonly b: Desk;
  /** The conversation of a ticket of A. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a test looks at what it expects
  conversationOf(ticketId: string): Promise<any>;
  close(): Promise<void>;
}

const TOKEN = 'token-of-a-sandbox-tool-0123456789';
const PASSWORD = 'password-of-an-endpoint-0123456789';
const SECRET = `whsec_${Buffer.from('the signature key of all the tools').toString('base64')}`;

/** The rule that opens a ticket of A in B; each knows the other's by a reference. */
export const OPENS = {
  name: 'a → b: open', changeDescription: 'made by a test', sourceSystemId: 'a', sourceEntityType: 'ticket', targetSystemId: 'b', targetEntityType: 'ticket', targetCondition: 'CREATE',
  mappings: [{ type: 'Single', template: '${title}', targetAttribute: 'title' }, { type: 'Single', template: '${sf:message:ticketId}', targetAttribute: 'external_reference' }],
};

/** Starts the built product over a database of its own, with tools `a` and `b` and what `options` of theirs say. */
export async function openDesks(options: Readonly<Record<'a' | 'b', Readonly<Record<string, unknown>>>> = { a: {}, b: {} }): Promise<Desks> {
  const database = await createDatabase({ isEmpty: true });
  const application = await startApplication({ databaseUrl: database.url });
  const { api, url } = application;
  for (const name of ['a', 'b'] as const) await api.must('POST', '/api/v1/sandboxes', { name, title: `Desk ${name}`, prefix: name.toUpperCase(), token: TOKEN, options: options[name] });
  const endpoint = (id: string, peer: string): Record<string, unknown> => ({
    id, name: `Desk ${id}`, adapter: 'sandbox', status: 'ACTIVE', inbound: { password: PASSWORD },
    settings: { baseUrl: `${url}/sandbox/${id}`, token: TOKEN, webhookSecret: SECRET, integrationUser: 'parley', retry: { firstMs: 100, mostMs: 500 } },
    entityTypes: [{ name: 'ticket', references: [{ attribute: 'external_reference', endpoint: peer, entityType: 'ticket' }] }],
  });
  await api.must('PUT', '/api/v1/config', { endpoints: [endpoint('a', 'b'), endpoint('b', 'a')] });
  for (const name of ['a', 'b']) {
    await api.must('PATCH', `/api/v1/sandboxes/${name}`, { webhook: { url: `${url}/api/v1/inbound/${name}/ticket`, username: name, password: PASSWORD, secret: SECRET } });
  }
  return {
    application, api, a: desk(url, 'a'), b: desk(url, 'b'),
    conversationOf: async (ticketId) => {
      const { body } = await api.must('GET', `/api/v1/conversations?ticketId=${ticketId}`);
      return (await api.must('GET', `/api/v1/conversations/${(body.items as { id: string }[])[0]!.id}`)).body;
    },
    close: async () => {
      await application.kill('SIGTERM');
      await database.drop();
    },
  };
}

function desk(url: string, name: string): Desk {
  const tool = new ApiClient(`${url}/sandbox/${name}/api`, `Basic ${Buffer.from(`ann:${TOKEN}`).toString('base64')}`);
  const ticket = async (id: string): Promise<Answer['body']> => (await tool.must('GET', `/tickets/${id}`)).body;
  return {
    endpoint: name, tool, ticket,
    open: async (given) => (await tool.must('POST', '/tickets', given)).body.id as string,
    change: async (id, given) => { await tool.must('PATCH', `/tickets/${id}`, given); },
    ticketFor: async (reference) => ((await tool.must('GET', `/tickets?externalReference=${reference}`)).body as { id: string }[])[0]?.id ?? null,
    comments: async (id) => ((await ticket(id)).comments as { text: string }[]).map(({ text }) => text),
    lock: async (id) => { await tool.must('POST', `/tickets/${id}/lock`); },
    unlock: async (id) => { await tool.must('DELETE', `/tickets/${id}/lock`); },
  };
}

/** Opens a ticket in A and waits until B has it. */
export async function openBoth({ a, b }: Desks, ticket: Readonly<Record<string, unknown>>): Promise<{ readonly inA: string; readonly inB: string }> {
  const inA = await a.open(ticket);
  let inB: string | null = null;
  await eventually(async () => {
    inB = await b.ticketFor(inA);
    if (inB === null) throw new Error(`B has no ticket for ${inA}`);
  });
  return { inA, inB: inB! };
}

/** Asks Parley to decide about every message of a conversation again, by the rules and the memory of its time: what it says must be what happened. */
export async function unfaithful({ api }: Desks, messages: readonly ShownMessage[]): Promise<string[]> {
  const found: string[] = [];
  for (const { id, state } of messages) {
    if (['ECHO', 'FILTERED', 'DUPLICATE', 'RECEIVED'].includes(state)) continue;
    const { body } = await api.must('GET', `/api/v1/messages/${id}?explain=true`);
    if (body.explanation?.isFaithful !== true) found.push(`${id} ${state} ${JSON.stringify(body.explanation?.rules?.map((rule: { rule: string; fate: string; reason: string | null }) => [rule.rule, rule.fate, rule.reason]))}`);
  }
  return found;
}
