import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { behaveAs, header } from './fake-system.js';

type Fields = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const STATES = ['new', 'open', 'pending reminder', 'pending close', 'closed', 'merged'];
const PRIORITIES = ['1 low', '2 normal', '3 high'];
const COLUMNS = ['title', 'state', 'pending_time', 'priority', 'group', 'customer'];
const refused = (status: number, error: string): Behaviour => json(status, { error, error_human: error });

/**
 * Zammad as its documentation and source tell: names are looked up, customers guessed, tags a text with commas, articles only added, unknown
 * attributes dropped; a search by condition asks the database, one by words an index that lags.
 */
export class FakeZammad {
  readonly tickets: Fields[] = [];
  readonly articles: Fields[] = [];
  readonly groups = ['Users', '2nd Level', 'Secret'];
  /** Whether closed tickets may be followed up, which is a setting of their group. */
  hasFollowUps = true;
  nowMs = 0;

  clear(): void {
    this.tickets.length = 0;
    this.articles.length = 0;
    this.hasFollowUps = true;
    this.nowMs = Date.parse('2026-01-31T10:00:00.000Z');
  }

  attachTo(target: FakeTarget): void {
    behaveAs(target, [
      ['POST', /^\/api\/v1\/tickets$/, ({ body }) => this.create(body)],
      ['PUT', /^\/api\/v1\/tickets\/(\d+)$/, ({ found: [id], body }) => this.update(this.tickets.find((one) => String(one['id']) === id), id, body)],
      ['GET', /^\/api\/v1\/tickets\/search$/, ({ query }) => this.search(query)],
      ['GET', /^\/api\/v1\/ticket_articles\/by_ticket\/(\d+)$/, ({ found: [id] }) => json(200, this.articles.filter((one) => String(one['ticket_id']) === id))],
      ['GET', /^\/api\/v1\/ticket_attachment\/1\/(\d+)\/1$/, () => ({ do: 'answer', status: 200, body: 'hello', headers: { 'content-type': 'text/plain' } })],
    ], header('authorization', 'Token token=key'));
  }

  /** What somebody writes there. */
  say(ticketId: number, article: Fields): void {
    this.articles.push({ id: this.articles.length + 1, ticket_id: ticketId, sender: 'Agent', type: 'note', content_type: 'text/plain', internal: false, from: 'Vera Agent', created_by_id: 7, created_at: this.time(), attachments: [], ...article });
    this.touch(this.tickets.find((one) => one['id'] === ticketId)!);
  }

  /** What a trigger's webhook carries: the associations in full, the state by its name. */
  payload(ticketId: number, article: Fields = {}): Fields {
    const ticket = this.tickets.find((one) => one['id'] === ticketId)!;
    const named = (name: string): object => ({ id: 1, name });
    return {
      ticket: { ...ticket, priority: named(ticket['priority']), group: named(ticket['group']), owner: { login: '-' }, customer: { email: ticket['customer'], firstname: 'Anna', lastname: 'Berg' }, article_count: this.articles.filter((one) => one['ticket_id'] === ticketId).length },
      article: article['id'] === undefined ? {} : { ...article, attachments: (article['attachments'] as Fields[]).map((one) => ({ ...one, url: `https://zammad.example.com/api/v1/ticket_attachment/${ticketId}/${article['id']}/${one['id']}` })) },
    };
  }

  private time = (): string => new Date(this.nowMs).toISOString();

  private touch(ticket: Fields): void {
    Object.assign(ticket, { updated_at: this.time(), updated_by_id: 7 });
  }

  private create(given: Fields): Behaviour {
    const customer = /^guess:(.+)$/.exec(given['customer_id'] ?? '')?.[1];
    if (customer !== undefined && !customer.includes('@')) return json(422, { error: `Invalid email '${customer}' of customer` });
    if (customer === undefined) return refused(422, "Attribute 'customer_id' required!");
    const ticket: Fields = { id: this.tickets.length + 1, number: `6700${this.tickets.length + 1}`, state: 'new', priority: '2 normal', customer, customer_id: 3, created_at: this.time(), tags: String(given['tags'] ?? '').split(',') };
    const refusal = this.write(ticket, given);
    if (refusal !== null) return refusal;
    this.tickets.push(ticket);
    this.append(ticket, given['article']);
    return json(201, { ...ticket, article_ids: this.articles.map((one) => one['id'] as number) });
  }

  private update(ticket: Fields | undefined, id: string | undefined, given: Fields): Behaviour {
    if (ticket === undefined) return refused(404, `Couldn't find Ticket with 'id'=${id}`);
    if (ticket['state'] === 'closed' && !this.hasFollowUps) return refused(422, 'Cannot follow-up on a closed ticket. Please create a new ticket.');
    const refusal = this.write(ticket, given);
    if (refusal !== null) return refusal;
    this.append(ticket, given['article']);
    return json(200, ticket);
  }

  private write(ticket: Fields, given: Fields): Behaviour | null {
    for (const [name, known] of [['state', STATES], ['priority', PRIORITIES], ['group', this.groups]] as const) {
      if (given[name] !== undefined && !known.includes(given[name])) return refused(422, `No lookup value found for '${name}': "${given[name]}"`);
    }
    if (given['group'] === 'Secret') return refused(403, 'Not authorized');
    if (String(given['state']).startsWith('pending') && given['pending_time'] === undefined) return refused(422, "Missing required value for field 'pending_time'!");
    Object.assign(ticket, Object.fromEntries(COLUMNS.filter((name) => given[name] !== undefined).map((name) => [name, given[name]])));
    this.touch(ticket);
    return null;
  }

  private append(ticket: Fields, article: Fields | undefined): void {
    if (article === undefined) return;
    const attachments = ((article['attachments'] ?? []) as Fields[]).map((one, index) => ({ id: index + 1, filename: one['filename'], preferences: { 'Content-Type': one['mime-type'] }, text: Buffer.from(one['data'], 'base64').toString() }));
    this.say(ticket['id'] as number, { ...article, attachments, created_by_id: 1, from: 'Parley' });
  }

  private search(query: URLSearchParams): Behaviour {
    if (query.has('query') || query.get('expand') !== 'true') return json(200, { tickets: [], tickets_count: 0, assets: {} });
    const tag = query.get('condition[ticket.tags][value]');
    const since = query.get('condition[ticket.updated_at][value]');
    const size = Number(query.get('per_page'));
    const found = this.tickets
      .filter((one) => (tag === null || (one['tags'] as string[]).includes(tag)) && (since === null || Date.parse(one['updated_at']) > Date.parse(since)))
      .sort((one, other) => Date.parse(one['updated_at']) - Date.parse(other['updated_at']));
    return json(200, found.slice((Number(query.get('page') ?? 1) - 1) * size).slice(0, size));
  }
}
