import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { basic, behaveAs } from './fake-system.js';

type Fields = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const textOf = (html: string): string => html.replaceAll('<br>', '\n').replaceAll(/<[^>]*>/g, '').replaceAll('&lt;', '<').replaceAll('&amp;', '&');
const invalid = (field: string, message: string, code = 'invalid_value'): Behaviour => json(400, { description: 'Validation failed', errors: [{ field, message, code }] });

/**
 * Freshservice as its documentation tells: a key for a user name, HTML with the text beside it, numbers for words with 4 as the highest priority,
 * notes that are private unless told otherwise, files in forms up to a sum, a search that lags, conversations by pages, and a history.
 */
export class FakeFreshservice {
  readonly tickets: Fields[] = [];
  readonly conversations: Fields[] = [];
  readonly activities: Fields[] = [];
  /** Whether the search has caught up. */
  isIndexed = true;
  /** Sum of all files of one call; 40 MB there. */
  mostBytes = 40 * 1_048_576;
  nowMs = 0;

  clear(): void {
    this.tickets.length = this.conversations.length = this.activities.length = 0;
    this.isIndexed = true;
    this.mostBytes = 40 * 1_048_576;
    this.nowMs = Date.parse('2026-01-31T10:00:00Z');
  }

  attachTo(target: FakeTarget): void {
    behaveAs(target, [
      ['GET', /^\/kept$/, () => ({ do: 'answer', status: 200, body: 'hello' })],
      ['POST', /^\/api\/v2\/tickets$/, ({ body }) => this.create(body)],
      ['GET', /^\/api\/v2\/tickets\/filter$/, ({ query }) => {
        const key = /^"parley_ref:'(.*)'"$/.exec(query.get('query') ?? '')?.[1];
        const tickets = this.isIndexed ? this.tickets.filter((one) => one['custom_fields']?.parley_ref === key) : [];
        return json(200, { tickets, total: tickets.length });
      }],
      ['GET', /^\/api\/v2\/tickets$/, ({ query }) => this.list(query)],
      ['GET', /^\/api\/v2\/tickets\/(\d+)$/, ({ found: [id], query }) => this.answer(id, (ticket) => json(200, { ticket: { ...ticket, attachments: ticket['attachments'] ?? [], ...(query.get('include') === 'requester' ? { requester: { id: 3, email: ticket['email'], name: 'Anna' } } : {}) } }))],
      ['PUT', /^\/api\/v2\/tickets\/(\d+)$/, ({ found: [id], body }) => this.answer(id, (ticket) => this.write(ticket, body) ?? json(200, { ticket }))],
      ['POST', /^\/api\/v2\/tickets\/(\d+)\/notes$/, ({ found: [id], body, text, headers }) => this.answer(id, () => this.note(Number(id), String(headers['content-type']).startsWith('multipart/') ? formOf(text) : body))],
      ['GET', /^\/api\/v2\/tickets\/(\d+)\/conversations$/, ({ found: [id], query }) => {
        const all = this.conversations.filter((one) => String(one['ticket_id']) === id);
        const size = Number(query.get('per_page') ?? 30);
        return json(200, { conversations: all.slice((Number(query.get('page')) - 1) * size).slice(0, size), meta: { count: all.length } });
      }],
      ['GET', /^\/api\/v2\/tickets\/(\d+)\/activities$/, ({ found: [id] }) => json(200, { activities: this.activities.filter((one) => String(one['ticket_id']) === id) })],
    ], (headers) => headers['host']?.includes('localhost') === true || basic('key', 'X')(headers));
  }

  /** What somebody writes there. */
  say(ticketId: number, note: Fields): void {
    this.conversations.push({ id: 9_000 + this.conversations.length, ticket_id: ticketId, user_id: 7, private: false, incoming: false, body_text: textOf(note['body'] ?? ''), created_at: this.time(), attachments: [], ...note });
    this.touch(this.tickets.find((one) => one['id'] === ticketId)!, note['user_id'] ?? 7);
  }

  /** What somebody changes there. */
  change(ticketId: number, fields: Fields): void {
    const ticket = this.tickets.find((one) => one['id'] === ticketId)!;
    Object.assign(ticket, fields);
    this.touch(ticket, 7);
  }

  private time = (): string => new Date(this.nowMs).toISOString().replace('.000', '');

  private touch(ticket: Fields, by: number): void {
    ticket['updated_at'] = this.time();
    this.activities.push({ ticket_id: ticket['id'], actor: { id: by, name: 'x' }, content: 'changed', sub_contents: [], created_at: this.time() });
  }

  private answer(id: string | undefined, make: (ticket: Fields) => Behaviour): Behaviour {
    const ticket = this.tickets.find((one) => String(one['id']) === id);
    return ticket === undefined ? { do: 'answer', status: 404 } : make(ticket);
  }

  private create(given: Fields): Behaviour {
    for (const name of ['subject', 'description', 'email', 'status', 'priority']) if (given[name] === undefined) return invalid(name, 'It should not be blank as this is a mandatory field', 'missing_field');
    const unknown = Object.keys(given['custom_fields'] ?? {}).find((name) => name !== 'parley_ref');
    if (unknown !== undefined) return invalid(unknown, 'Unexpected/invalid field in request', 'invalid_field');
    const ticket: Fields = { id: 42 + this.tickets.length, type: 'Incident', requester_id: 3, created_at: this.time() };
    const refused = this.write(ticket, given);
    if (refused !== null) return refused;
    this.tickets.push(ticket);
    return json(201, { ticket });
  }

  private write(ticket: Fields, given: Fields): Behaviour | null {
    for (const [name, most] of [['status', 9], ['priority', 4], ['impact', 3], ['urgency', 3]] as const) {
      if (given[name] !== undefined && !(Number.isInteger(given[name]) && given[name] >= 1 && given[name] <= most)) return invalid(name, `It should be one of these values: '1,...,${most}'`);
    }
    Object.assign(ticket, given, given['description'] === undefined ? {} : { description_text: textOf(given['description']) });
    this.touch(ticket, 1);
    return null;
  }

  private note(id: number, { files = [], ...note }: Fields): Behaviour {
    if ((files as string[]).join('').length > this.mostBytes) return invalid('attachments', 'The total size of attachments exceeds the limit');
    this.say(id, { ...note, private: note['private'] === undefined || String(note['private']) === 'true', user_id: 1, attachments: (files as string[]).map((text) => ({ text })) });
    return json(201, { conversation: { id: 1 } });
  }

  private list(query: URLSearchParams): Behaviour {
    const since = Date.parse(query.get('updated_since') ?? '');
    // Without a time only what was made in the last 30 days.
    const found = this.tickets.filter((one) => (Number.isNaN(since) ? Date.parse(one['created_at']) > this.nowMs - 30 * 86_400_000 : Date.parse(one['updated_at']) >= since))
      .sort((one, other) => Date.parse(one['updated_at']) - Date.parse(other['updated_at']));
    const size = Number(query.get('per_page') ?? 30);
    return json(200, { tickets: found.slice((Number(query.get('page') ?? 1) - 1) * size).slice(0, size) });
  }
}

function formOf(text: string): Fields {
  const fields: Fields = { files: [] };
  for (const [, name, file, content] of text.matchAll(/name="([^"]+)"(; filename="[^"]*")?(?:\r\nContent-Type: [^\r]*)?\r\n\r\n([\s\S]*?)\r\n--/g)) {
    if (file === undefined) fields[name!] = content;
    else if (name === 'attachments[]') (fields['files'] as string[]).push(content!);
  }
  return fields;
}
