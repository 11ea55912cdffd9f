import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { behaveAs, header, type Asked } from './fake-system.js';

interface Entry { readonly id: string; readonly Type: string; readonly Field: string; readonly NewValue: string; readonly Creator: string; readonly Created: string; readonly ObjectId: string; readonly parts: readonly Part[] }
interface Part { readonly Filename: string; readonly ContentType: string; readonly content: Buffer }
interface Ticket { readonly id: string; Subject: string; Status: string; Priority: number; readonly ref: string; readonly requestor: string }

const text = (content: string, ContentType = 'text/plain'): Part => ({ Filename: '', ContentType, content: Buffer.from(content) });

/** RT 5.0.3 as it was seen: a 200 of sentences, file names that only forms carry, a history whose entries may be hidden, texts in base64 with line breaks. */
export class FakeRequestTracker {
  readonly tickets: Ticket[] = [];
  readonly history: Entry[] = [];
  /** Entries that the user may not see: they are taken out of a page, which is short then. */
  readonly hidden = new Set<string>();
  /** How often somebody else is faster with a change. */
  rivals = 0;
  /** What the parts of forms were named, in order. */
  readonly files: string[] = [];

  reset(): void {
    this.tickets.length = 0;
    this.history.length = 0;
    this.files.length = 0;
    this.hidden.clear();
    this.rivals = 0;
  }

  add(entry: Partial<Entry>): void {
    this.history.push({ id: String(30 + this.history.length), Type: 'Comment', Field: '', NewValue: '', Creator: 'vera', Created: '2026-01-31T08:05:12Z', ObjectId: '1', parts: [], ...entry });
  }

  /** A message as the web page writes it: HTML in a container, and files. */
  said(Type: string, words: string, { contentType = 'text/html', files = [], ...more }: Partial<Entry> & { readonly contentType?: string; readonly files?: readonly Part[] } = {}): void {
    this.add({ Type, parts: [{ Filename: '', ContentType: 'multipart/mixed', content: Buffer.alloc(0) }, text(words, contentType), ...files], ...more });
  }

  attachTo(target: FakeTarget): void {
    behaveAs(target, [
      ['POST', /^\/REST\/2\.0\/ticket$/, (asked) => this.create(asked)],
      ['GET', /^\/REST\/2\.0\/ticket\/(\d+)$/, ({ found: [id] }) => this.with(id, (ticket) => json(200, this.shown(ticket), { etag: this.tagOf(ticket) }))],
      ['PUT', /^\/REST\/2\.0\/ticket\/(\d+)$/, ({ found: [id], body, headers }) => this.with(id, (ticket) => {
        if (this.rivals-- > 0) this.add({ Type: 'Set', Field: 'TimeWorked', ObjectId: ticket.id });
        return headers['if-match'] === undefined || headers['if-match'] === this.tagOf(ticket) ? json(200, this.change(ticket, body)) : json(412, { message: 'Precondition Failed' });
      })],
      ['POST', /^\/REST\/2\.0\/ticket\/(\d+)\/(correspond|comment)$/, (asked) => this.with(asked.found[0], (ticket) => this.say(ticket, asked), json(400, { message: 'Permission Denied' }))],
      ['GET', /^\/REST\/2\.0\/tickets$/, ({ query }) => {
        const found = this.tickets.filter(({ ref }) => query.get('query') === `'CF.{ParleyRef}' = '${ref}'`);
        return json(200, { count: found.length, total: found.length, items: found.map(({ id }) => ({ id, type: 'ticket' })) });
      }],
      ['GET', /^\/REST\/2\.0\/transactions$/, ({ query }) => this.page(query)],
      ['GET', /^\/REST\/2\.0\/transaction\/(\d+)\/attachments$/, ({ found: [id] }) => json(200, {
        total: null, pages: null, items: this.history.find((one) => one.id === id)?.parts.map(({ Filename, ContentType, content }, index) => ({ id: `${id}0${index}`, Filename, ContentType, ContentLength: String(content.length) })) ?? [],
      })],
      ['GET', /^\/REST\/2\.0\/attachment\/(\d+)0(\d)$/, ({ found: [id, index] }) => {
        const { Filename, ContentType, content } = this.history.find((one) => one.id === id)!.parts[Number(index)]!;
        return json(200, { id: Number(`${id}0${index}`), Filename: Filename === '' ? null : Filename, ContentType, Content: content.toString('base64').replace(/(.{76})|$/g, '$1\n') });
      }],
    ], header('authorization', 'token secret'));
  }

  /** The number of the last entry of its history. */
  private readonly tagOf = ({ id }: Ticket): string => `"${this.history.findLast((one) => one.ObjectId === id)?.id ?? '0'}"`;

  private with(id: string | undefined, act: (ticket: Ticket) => Behaviour, missing = json(404, { message: 'Not Found' })): Behaviour {
    const ticket = this.tickets.find((one) => one.id === id);
    return ticket === undefined ? missing : act(ticket);
  }

  private create(asked: Asked): Behaviour {
    const body = this.form(asked);
    if (body['Queue'] !== 'General') return json(403, { message: `No permission to create tickets in the queue '${body['Queue']}'` });
    if (![undefined, 'new', 'open', 'resolved'].includes(body['Status'])) return json(400, { message: `New tickets can not have status '${body['Status']}' in this queue.` });
    const ticket = { id: String(this.tickets.length + 1), Subject: body['Subject'], Status: body['Status'] ?? 'new', Priority: body['Priority'] ?? 0, ref: body['CustomFields'].ParleyRef, requestor: body['Requestor'] };
    this.tickets.push(ticket);
    this.add({ Type: 'Create', ObjectId: ticket.id, Creator: 'parley', parts: [text(body['Content'] ?? '')] });
    return json(201, { id: ticket.id, type: 'ticket' });
  }

  /** What can be done is done; what cannot is a sentence. */
  private change(ticket: Ticket, body: Asked['body']): string[] {
    const said: string[] = [];
    for (const [name, value] of Object.entries(body)) {
      if (name === 'Status' && !['new', 'open', 'stalled', 'resolved', 'rejected'].includes(value)) said.push(`Ticket ${ticket.id}: Status '${value}' isn't a valid status for this ticket.`);
      else if (ticket[name as 'Subject'] !== value) {
        said.push(`Ticket ${ticket.id}: ${name} changed from '${ticket[name as 'Subject']}' to '${value}'`);
        ticket[name as 'Subject'] = value;
      }
    }
    return said;
  }

  private say(ticket: Ticket, asked: Asked): Behaviour {
    const body = this.form(asked);
    if (body['ContentType'] === undefined) return json(400, { message: 'ContentType is a required field for application/json' });
    const isPublic = asked.found[1] === 'correspond';
    this.said(isPublic ? 'Correspond' : 'Comment', body['Content'], { ObjectId: ticket.id, Creator: 'parley' });
    // A reply opens what was closed.
    if (isPublic && ticket.Status === 'resolved') ticket.Status = 'open';
    return json(201, [isPublic ? 'Correspondence added' : 'Comments added']);
  }

  /** A form with a part JSON; in JSON alone a file's name is read as single bytes. */
  private form({ headers, text: given, body }: Asked): Asked['body'] {
    if (!String(headers['content-type']).startsWith('multipart/form-data')) return body;
    this.files.push(...[...given.matchAll(/name="Attachments"; filename="([^"]+)"/g)].map((match) => match[1]!));
    return JSON.parse(/name="JSON"\r\nContent-Type: application\/json\r\n\r\n(.*)\r\n/.exec(given)![1]!) as Asked['body'];
  }

  private shown({ id, Subject, Status, Priority, ref, requestor }: Ticket): object {
    return { id: Number(id), Subject, Status, Priority: String(Priority), Owner: { id: 'Nobody', type: 'user' }, Requestor: [{ id: requestor, type: 'user' }], CustomFields: [{ name: 'ParleyRef', values: [ref] }], Due: '1970-01-01T00:00:00Z' };
  }

  /** Times of the query are read in the user's zone; those with a zone of their own lose their hours. */
  private page(query: URLSearchParams): Behaviour {
    const asked = /Created >= '(\d{4}-\d\d-\d\d)( \d\d:\d\d:\d\d)?'/.exec(query.get('query') ?? '');
    const types = [...(query.get('query') ?? '').matchAll(/Type = '(\w+)'/g)].map((match) => match[1]);
    if (asked === null) return json(400, { message: 'Incomplete query' });
    const since = `${asked[1]}T${(asked[2] ?? ' 00:00:00').slice(1)}Z`;
    const size = Number(query.get('per_page'));
    const first = (Number(query.get('page')) - 1) * size;
    const rows = this.history.filter((one) => one.Created >= since && one.Creator !== 'parley' && types.includes(one.Type)).slice(first, first + size).filter(({ id }) => !this.hidden.has(id));
    return json(200, { count: rows.length, total: null, pages: null, items: rows.map(({ parts: _, Creator, ...row }) => ({ ...row, OldValue: '', Creator: { id: Creator, type: 'user' } })) });
  }
}

export const part = (Filename: string, content: Buffer, ContentType = 'application/octet-stream'): Part => ({ Filename, ContentType, content });
