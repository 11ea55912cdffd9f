import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { behaveAs, type Asked } from './fake-system.js';

type Item = Record<string, unknown>;
const FIELDS = ['name', 'content', 'impact', 'urgency', 'status', 'type', 'externalid', '_users_id_requester'];
const list = (all: readonly unknown[], [from, to]: readonly [number, number]): Behaviour =>
  json(to + 1 < all.length ? 206 : 200, all.slice(from, to + 1), { 'content-range': `${from}-${Math.min(to, all.length - 1)}/${all.length}`, 'accept-range': 'Ticket 1000' });
const rangeOf = (asked: Asked): readonly [number, number] => (asked.query.get('range') ?? '0-49').split('-').map(Number) as unknown as readonly [number, number];
const missing = json(404, ['ERROR_ITEM_NOT_FOUND', 'Item not found']);

/** The REST API of GLPI 10: sessions that end, answers as lists, a boolean under the ticket's id, lists that are 206, columns by numbers, documents that belong to nobody unless told. */
export class FakeGlpi {
  readonly tickets: Item[] = [];
  readonly followups: Item[] = [];
  readonly solutions: Item[] = [];
  readonly documents: { readonly name: string; readonly linkedTo: string | null; readonly text: string }[] = [];
  /** Sessions that were ended by whoever had begun them. */
  readonly ended: unknown[] = [];
  session = 0;
  now = '2026-01-31 10:05:00';

  attachTo(target: FakeTarget): void {
    const find = (id: string | undefined): Item | undefined => this.tickets.find((one) => String(one['id']) === id);
    const asked = (answer: (asked: Asked) => Behaviour) => (request: Asked): Behaviour => {
      if (request.headers['session-token'] !== `s${this.session}`) return json(401, ['ERROR_SESSION_TOKEN_INVALID', 'session_token seems invalid']);
      if (request.headers['app-token'] !== 'app') return json(400, ['ERROR_WRONG_APP_TOKEN_PARAMETER', 'parameter app_token seems wrong']);
      return answer(request);
    };
    behaveAs(target, [
      ['GET', /^\/apirest.php\/initSession$/, ({ headers, text }) => {
        if (text !== '') return json(400, ['ERROR_BAD_GET', 'a GET has no body']);
        return headers.authorization === 'user_token user-token' && headers['app-token'] === 'app' ? json(200, { session_token: `s${++this.session}` }) : json(401, ['ERROR_GLPI_LOGIN_USER_TOKEN', 'parameter user_token seems invalid']);
      }],
      ['GET', /^\/apirest.php\/killSession$/, ({ headers }) => {
        this.ended.push(headers['session-token']);
        return json(200, true);
      }],
      ['POST', /^\/apirest.php\/Ticket$/, asked(({ body }) => {
        const ticket: Item = { id: 15 + this.tickets.length, status: 1, users_id_lastupdater: 2 };
        this.tickets.push(ticket);
        this.write(ticket, body['input'] as Item);
        return json(201, { id: ticket['id'], message: '' }, { location: `${target.url}/apirest.php/Ticket/${String(ticket['id'])}` });
      })],
      ['PUT', /^\/apirest.php\/Ticket\/(\d+)$/, asked(({ found: [id], body }) => {
        const ticket = find(id);
        if (ticket === undefined) return json(400, ['ERROR_GLPI_UPDATE', [{ [String(id)]: false, message: 'Item not found' }]]);
        if (ticket['status'] === 6) return json(200, [{ [String(id)]: false, message: 'The ticket is closed' }]);
        this.write(ticket, body['input'] as Item);
        return json(200, [{ [String(id)]: true, message: '' }]);
      })],
      ['POST', /^\/apirest.php\/(ITILFollowup|ITILSolution)$/, asked(({ found: [kind], body }) => {
        const ticket = find(String(body['input'].items_id));
        if (ticket === undefined) return json(401, ['ERROR_RIGHT_MISSING', "You don't have permission to perform this action."]);
        const entry = { id: 90 + this.followups.length, users_id: 2, date_mod: this.now, ...body['input'] };
        (kind === 'ITILSolution' ? this.solutions : this.followups).push(entry);
        ticket['date_mod'] = this.now;
        if (kind === 'ITILSolution') ticket['status'] = 5;
        return json(201, { id: entry.id, message: '' });
      })],
      ['POST', /^\/apirest.php\/Document$/, asked(({ text }) => {
        const { input } = JSON.parse(/name="uploadManifest"[^{]*(\{.*\})/.exec(text)?.[1] ?? '{}') as { input: Item };
        const [, name, content] = /name="filename\[0\]"; filename="([^"]+)"[^]*?\r\n\r\n([^]*?)\r\n--/.exec(text) ?? [];
        if (name !== (input['_filename'] as string[])[0]) return json(400, ['ERROR_GLPI_ADD', 'no file']);
        this.documents.push({ name: String(input['name']), linkedTo: input['itemtype'] === 'Ticket' ? String(input['items_id']) : null, text: content ?? '' });
        return json(201, { id: 7, message: 'Document move succeeded.', upload_result: {} });
      })],
      ['GET', /^\/apirest.php\/Ticket$/, asked((request) => list(this.tickets.filter((one) => String(one['externalid']).includes(request.query.get('searchText[externalid]') ?? '')), rangeOf(request)))],
      ['GET', /^\/apirest.php\/Ticket\/(\d+)$/, asked(({ found: [id] }) => (find(id) === undefined ? missing : json(200, find(id))))],
      ['GET', /^\/apirest.php\/Ticket\/(\d+)\/ITILFollowup$/, asked((request) => list(this.followups.filter((one) => String(one['items_id']) === request.found[0]).reverse(), rangeOf(request)))],
      ['GET', /^\/apirest.php\/search\/Ticket$/, asked((request) => this.search(request))],
    ], () => true);
  }

  private write(ticket: Item, input: Item): void {
    for (const [name, value] of Object.entries(input)) if (FIELDS.includes(name)) ticket[name] = value;
    ticket['date_mod'] = this.now;
  }

  private search(asked: Asked): Behaviour {
    const since = asked.query.get('criteria[0][value]') ?? '';
    const found = this.tickets.filter((one) => String(one['date_mod']) > since).map((one) => ({ 1: one['name'], 2: one['id'], 3: one['priority'], 12: one['status'], 19: one['date_mod'] }));
    const [from, to] = rangeOf(asked);
    if (from > found.length) return json(400, ['ERROR_RANGE_EXCEED_TOTAL', `Provided range exceed total count of data: ${found.length}`]);
    const data = found.slice(from, to + 1);
    const body = { totalcount: found.length, count: data.length, ...(data.length === 0 ? {} : { data }) };
    return json(to + 1 < found.length ? 206 : 200, body, { 'content-range': `${from}-${from + data.length - 1}/${found.length}` });
  }
}
