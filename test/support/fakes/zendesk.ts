import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { basic, behaveAs, type Asked } from './fake-system.js';

export interface FakeComment { readonly id: number; readonly body: string; readonly public: boolean; readonly author_id: number; readonly created_at: string; readonly attachments: readonly object[] }
export type FakeTicket = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any

const STATUSES = ['new', 'open', 'pending', 'hold', 'solved', 'closed'];
const PRIORITIES = ['low', 'normal', 'high', 'urgent'];
const invalid = (field: string, description: string): Behaviour => json(422, { error: 'RecordInvalid', description: 'Record validation errors', details: { [field]: [{ description }] } });

/**
 * Zendesk as its documentation tells: an update may say which state it is for, an idempotency key remembers its answer, files are uploaded first and hang on a comment, tags that are
 * sent replace all, closed tickets refuse, external ids are not unique, the export leaves the last minute out and files are kept elsewhere.
 */
export class FakeZendesk {
  readonly tickets: FakeTicket[] = [];
  readonly comments = new Map<number, FakeComment[]>();
  private readonly audits: { readonly id: number; readonly ticket_id: number; readonly author_id: number; readonly created_at: string }[] = [];
  readonly uploads = new Map<string, { readonly name: string; readonly type: string; readonly text: string }>();
  private readonly remembered = new Map<string, { readonly body: string; readonly answer: Extract<Behaviour, { do: 'answer' }> }>();
  /** Its clock. */
  nowMs = Date.parse('2026-01-31T10:00:00Z');

  clear(): void {
    this.tickets.length = this.audits.length = 0;
    for (const map of [this.comments, this.uploads, this.remembered]) map.clear();
    this.nowMs = Date.parse('2026-01-31T10:00:00Z');
  }

  attachTo(target: FakeTarget): void {
    behaveAs(target, [
      ['POST', /^\/api\/v2\/uploads\.json$/, ({ query, headers, text }) => {
        const token = `up-${this.uploads.size + 1}`;
        this.uploads.set(token, { name: query.get('filename') ?? '', type: String(headers['content-type']), text });
        return json(201, { upload: { token } });
      }],
      ['POST', /^\/api\/v2\/tickets\.json$/, (asked) => this.once(asked, () => this.create(asked.body['ticket'], target.url))],
      ['PUT', /^\/api\/v2\/tickets\/(\d+)\.json$/, ({ found: [id], body }) => this.update(this.find(id), body['ticket'])],
      ['GET', /^\/api\/v2\/tickets\/(\d+)\.json$/, ({ found: [id] }) => this.shown(this.find(id))],
      ['GET', /^\/api\/v2\/tickets\.json$/, ({ query }) => {
        const tickets = this.tickets.filter((one) => one['external_id'] === query.get('external_id'));
        return json(200, { tickets, count: tickets.length, next_page: null });
      }],
      ['GET', /^\/api\/v2\/tickets\/(\d+)\/comments\.json$/, ({ found: [id], query }) => {
        const all = [...(this.comments.get(Number(id)) ?? [])].reverse();
        const size = Number(query.get('page[size]'));
        return query.get('sort') === '-created_at' ? json(200, { comments: all.slice(0, size), meta: { has_more: all.length > size } }) : json(400, { error: 'the test asks for the newest' });
      }],
      ['GET', /^\/api\/v2\/tickets\/(\d+)\/audits\.json$/, ({ found: [id], query }) => {
        const all = this.audits.filter((one) => String(one.ticket_id) === id);
        return json(200, { audits: (query.get('sort') === '-created_at' ? all.reverse() : all).slice(0, Number(query.get('page[size]'))) });
      }],
      ['GET', /^\/api\/v2\/incremental\/tickets\/cursor\.json$/, ({ query }) => this.exported(query)],
    ], basic('parley@x/token', 'key'));
  }

  /** What somebody writes there. */
  say(id: number, comment: Partial<FakeComment>): void {
    this.add(id, { author_id: 7, public: true, ...comment });
    this.touch(this.find(String(id))!, comment.author_id ?? 7);
  }

  private add(id: number, comment: Partial<FakeComment>): void {
    const all = this.comments.get(id) ?? [];
    this.comments.set(id, [...all, { id: id * 100 + all.length, body: '', public: true, author_id: 1, created_at: this.time(), attachments: [], ...comment }]);
  }

  private time = (): string => new Date(this.nowMs).toISOString().replace('.000', '');

  private find(id: string | undefined): FakeTicket | undefined {
    return this.tickets.find((one) => String(one['id']) === id);
  }

  private touch(ticket: FakeTicket, by = 1): void {
    this.audits.push({ id: this.audits.length, ticket_id: ticket['id'] as number, author_id: by, created_at: this.time() });
    Object.assign(ticket, { updated_at: this.time(), generated_timestamp: Math.floor(this.nowMs / 1_000) });
  }

  private shown = (ticket: FakeTicket | undefined): Behaviour => (ticket === undefined ? json(404, { error: 'RecordNotFound', description: 'Not found' }) : json(200, { ticket }));

  private once({ headers, text }: Asked, make: () => Behaviour): Behaviour {
    const key = String(headers['idempotency-key']);
    const before = this.remembered.get(key);
    if (before !== undefined && before.body !== text) return json(400, { error: 'IdempotentRequestError', description: 'Request parameters do not match the ones of the key' });
    if (before !== undefined) return { ...before.answer, headers: { ...before.answer.headers, 'x-idempotency-lookup': 'hit' } };
    const answer = make() as Extract<Behaviour, { do: 'answer' }>;
    this.remembered.set(key, { body: text, answer });
    return { ...answer, headers: { ...answer.headers, 'x-idempotency-lookup': 'miss' } };
  }

  private create(given: FakeTicket, url: string): Behaviour {
    if (!given['comment']?.body) return invalid('base', 'Description: cannot be blank');
    const ticket: FakeTicket = { id: 4711 + this.tickets.length, status: 'new', created_at: this.time(), description: given['comment'].body };
    const refused = this.write(ticket, given);
    if (refused !== null) return refused;
    this.tickets.push(ticket);
    return json(201, { ticket: { ...ticket, url: `${url}/api/v2/tickets/${ticket['id']}.json` } }, { location: `${url}/api/v2/tickets/${ticket['id']}.json` });
  }

  private update(ticket: FakeTicket | undefined, given: FakeTicket): Behaviour {
    if (ticket === undefined) return this.shown(ticket);
    if (ticket['status'] === 'closed') return invalid('status', 'Status: closed prevents ticket update');
    const { safe_update: isSafe, updated_stamp: stamp, ...fields } = given;
    if (isSafe === true && stamp !== ticket['updated_at']) return json(409, { error: 'UpdateConflict', description: 'Safe Update prevented the update due to outdated ticket data. Please fetch the latest ticket data and try again.' });
    return this.write(ticket, fields) ?? this.shown(ticket);
  }

  private write(ticket: FakeTicket, { comment, requester, ...fields }: FakeTicket): Behaviour | null {
    if (fields['status'] !== undefined && !STATUSES.includes(fields['status'])) return invalid('status', `Status: ${fields['status']} is not valid`);
    if (fields['priority'] !== undefined && !PRIORITIES.includes(fields['priority'])) return invalid('priority', `Priority: ${fields['priority']} is not valid`);
    if (fields['group_id'] !== undefined && typeof fields['group_id'] !== 'number') return invalid('group', 'Group: is invalid');
    const tokens = (comment?.uploads ?? []) as string[];
    if (tokens.some((token) => !this.uploads.has(token))) return invalid('base', 'Uploads: token is not valid');
    Object.assign(ticket, fields, requester === undefined ? {} : { requester });
    if (comment?.body !== undefined) this.add(ticket['id'] as number, { body: comment.body, public: comment.public ?? true, attachments: tokens.map((token) => ({ file_name: this.uploads.get(token)!.name })) });
    this.touch(ticket);
    return null;
  }

  private exported(query: URLSearchParams): Behaviour {
    const token = query.get('cursor');
    if (token === null && Number(query.get('start_time')) * 1_000 > this.nowMs - 60_000) return json(422, { error: 'InvalidValue', description: 'Too recent start_time. Use a start_time older than 1 minute' });
    if (token !== null && query.has('start_time')) return json(422, { error: 'InvalidValue', description: 'start_time and cursor at once' });
    const [after, behind] = (token === null ? `${query.get('start_time')}|0` : token).split('|').map(Number) as [number, number];
    const all = this.tickets.filter((one) => one['generated_timestamp'] * 1_000 <= this.nowMs - 60_000).sort((one, other) => one['generated_timestamp'] - other['generated_timestamp'] || one['id'] - other['id']);
    const left = all.filter((one) => one['generated_timestamp'] > after || (one['generated_timestamp'] === after && one['id'] > behind));
    const page = left.slice(0, 2);
    const last = page.at(-1);
    return json(200, { tickets: page, after_cursor: last === undefined ? token : `${last['generated_timestamp']}|${last['id']}`, end_of_stream: left.length <= 2 });
  }
}
