import { json, type FakeTarget } from '../fake-target.js';
import { behaveAs } from './fake-system.js';

type Item = Record<string, unknown>;

/** A ticket as it is listed, and the time of its last change as the database has it: in its own zone. */
export interface PolledTicket { readonly item: Item; changed: string; readonly followups?: Item[] }

/** The high-level API of GLPI 11: tokens by the password grant, plain members, a timeline per ticket, searches by RSQL that compare times as texts. */
export class FakeGlpi11 {
  readonly tickets: Item[] = [];
  readonly timeline: { readonly kind: string; readonly ticket: string; readonly content: unknown; readonly is_private?: unknown }[] = [];

  readonly polled: PolledTicket[] = [];
  /** Its clock, in milliseconds. */
  clock = (): number => Date.parse('2026-01-31T10:05:00Z');

  /** Somebody has changed a ticket; its database counts in UTC. */
  touch(id: unknown, change: Item = {}): PolledTicket | undefined {
    const found = this.polled.find(({ item }) => String(item['id']) === String(id));
    const now = new Date(this.clock()).toISOString();
    if (found !== undefined) Object.assign(found, { changed: now.slice(0, 19).replace('T', ' ') }, { item: Object.assign(found.item, change, { date_mod: now.replace(/\.\d+Z/, '+00:00') }) });
    return found;
  }

  /** Somebody has written a followup. */
  say(id: unknown, content: string, { user = { id: 7, name: 'vera' }, isPrivate = false } = {}): void {
    const made = new Date(this.clock()).toISOString().replace(/\.\d+Z/, '+00:00');
    const followups = this.touch(id)?.followups;
    followups?.push({ id: 900 + this.timeline.length + followups.length, itemtype: 'Ticket', items_id: id, content, is_private: isPrivate, user, date_creation: made, date_mod: made });
  }

  attachTo(target: FakeTarget): void {
    const find = (id: string | undefined): Item | undefined => this.tickets.find((one) => String(one['id']) === id);
    const missing = json(404, { status: 'ERROR_ITEM_NOT_FOUND', title: 'Item not found', detail: null });
    behaveAs(target, [
      ['POST', /^\/api.php\/token$/, ({ text }) => {
        const given = new URLSearchParams(text);
        const fits = given.get('grant_type') === 'password' && given.get('client_secret') === 'client' && given.get('password') === 'secret' && given.get('scope') === 'api';
        return fits ? json(200, { token_type: 'Bearer', expires_in: 3600, access_token: 't1' }) : json(401, { error: 'invalid_client' });
      }],
      ['POST', /^\/api.php\/Assistance\/Ticket$/, ({ body }) => {
        const ticket = { ...body, id: 15 + this.tickets.length };
        this.tickets.push(ticket);
        this.polled.push({ item: ticket, changed: '', followups: [] });
        this.touch(ticket.id);
        return json(201, { id: ticket.id, href: `/Assistance/Ticket/${ticket.id}` });
      }],
      ['PATCH', /^\/api.php\/Assistance\/Ticket\/(\d+)$/, ({ found: [id], body }) => {
        const ticket = find(id);
        if (ticket === undefined) return missing;
        if (ticket['name'] === 'theirs') return json(403, { status: 'ERROR_RIGHT_MISSING', title: "You don't have permission to perform this action.", detail: null });
        this.touch(id);
        return json(200, Object.assign(ticket, body));
      }],
      ['POST', /^\/api.php\/Assistance\/Ticket\/(\d+)\/Timeline\/(Followup|Solution)$/, ({ found: [ticket = '', kind = ''], body }) => {
        if (find(ticket) === undefined) return missing;
        if (kind === 'Followup') this.say(ticket, String(body['content']), { user: { id: 2, name: 'parley' }, isPrivate: body['is_private'] === true });
        else this.touch(ticket, { status: { id: 5 } });
        this.timeline.push({ kind, ticket, content: body['content'], ...(kind === 'Followup' ? { is_private: body['is_private'] as boolean } : {}) });
        return json(201, { id: this.timeline.length, href: `/Assistance/Ticket/${ticket}/Timeline/${kind}/${this.timeline.length}` });
      }],
      ['GET', /^\/api.php\/Assistance\/Ticket\/(\d+)\/Timeline\/Followup$/, ({ found: [id] }) => {
        const ticket = this.polled.find(({ item }) => String(item['id']) === id);
        return ticket === undefined ? missing : json(200, (ticket.followups ?? []).map((item) => ({ type: 'Followup', item })));
      }],
      ['GET', /^\/api.php\/Assistance\/Ticket$/, ({ query }) => {
        const since = /^date_mod=ge="(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)"$/.exec(query.get('filter') ?? '')?.[1];
        if (since !== undefined) {
          if (query.get('sort') !== 'date_mod:asc,id:asc') return json(400, { status: 'ERROR_INVALID_PARAMETER', title: 'the test asks for the longest unchanged first', detail: null });
          const [start, limit] = [Number(query.get('start')), Number(query.get('limit'))];
          return json(200, this.polled.filter(({ changed }) => changed >= since).map(({ item }) => item).slice(start, start + limit));
        }
        const wanted = /^external_id==(.*)$/.exec(query.get('filter') ?? '')?.[1];
        return json(200, this.tickets.filter((one) => wanted === undefined || one['external_id'] === wanted));
      }],
    ], (headers) => headers.authorization === undefined || headers.authorization === 'Bearer t1');
  }
}
