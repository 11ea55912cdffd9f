import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { behaveAs, type Asked } from './fake-system.js';

interface Value { readonly value: string; readonly author?: string; readonly date?: string }
interface Card { readonly dataCardId: string; readonly data: Record<string, Value[]> }
const STATES = ['01 - New', '02 - Solving', '07 - Closed'];
const CODES = ['subject', 'description', 'status', 'priority', 'solution', 'external_id', 'efecteid', 'updated', 'public_comments', 'internal_comments'];
const exception = (code: number, message: string): Behaviour => json(code, { code, message, error: 'Bad Request', url: '/', timestamp: '2026-01-31T10:05:00Z' });

/** The REST API of Efecte: a token with its word before it, attributes as lists of values, cards that are saved without what was wrong, pages by falling id. */
export class FakeEfecte {
  readonly cards: Card[] = [];
  readonly files: string[] = [];
  now = '2026-01-31T10:05:00Z';
  login = 0;

  attachTo(target: FakeTarget): void {
    const find = (id: string | undefined): Card | undefined => this.cards.find((one) => one.dataCardId === id);
    const asked = (answer: (asked: Asked) => Behaviour) => (request: Asked): Behaviour => (request.headers.authorization === `Bearer jwt${this.login}` ? answer(request) : exception(401, 'Unauthorized'));
    behaveAs(target, [
      ['POST', /^\/itsm\/v1\/users\/login$/, ({ text }) => (new URLSearchParams(text).get('password') === 'efecte-pass' ? json(200, { code: 200, message: 'OK', token: `Bearer jwt${++this.login}` }) : exception(401, 'Wrong credentials provided.'))],
      ['GET', /^\/itsm\/v1\/echo\/jwt$/, asked(({ query }) => json(200, { code: 200, message: query.get('message') }))],
      ['POST', /^\/itsm\/v1\/dc\/incident\/data$/, asked(({ body }) => {
        if (body['folderCode'] !== 'incident_management') return json(201, { meta: { errors: [{ attributeCode: 'folder', message: 'There is no such folder' }] } });
        const card: Card = { dataCardId: String(5_000 + this.cards.length), data: { efecteid: [{ value: `INC-${this.cards.length + 1}` }] } };
        this.cards.push(card);
        return json(201, { ...this.write(card, body['data'] as Record<string, { values: Value[] }>), dataCard: { dataCardId: card.dataCardId } });
      })],
      ['PATCH', /^\/itsm\/v1\/dc\/incident\/data\/(\d+)$/, asked(({ found: [id], body }) => {
        const card = find(id);
        return card === undefined ? exception(404, 'Resource not found') : json(200, { ...this.write(card, body['data'] as Record<string, { values: Value[] }>), dataCard: { dataCardId: id } });
      })],
      ['POST', /^\/itsm\/v1\/dc\/incident\/data\/(\d+)\/(\w+)$/, asked(({ found: [id, code = ''], body }) => {
        const card = find(id);
        if (card === undefined) return exception(404, 'Resource not found');
        (card.data[code] ??= []).unshift(...(body['values'] as Value[]).map(({ value }) => ({ author: 'Parley Integration', value, date: this.now })));
        return json(200, { code: 200, message: 'Updated' });
      })],
      ['POST', /^\/itsm\/v1\/dc\/incident\/data\/(\d+)\/attachments\/file$/, asked(({ found: [id], text }) => {
        const name = /name="fileName"\r\n\r\n([^\r]+)/.exec(text)?.[1];
        const content = /name="fileUpload"; filename="[^"]+"[^]*?\r\n\r\n([^]*?)\r\n--/.exec(text)?.[1];
        if (name === undefined || content === undefined) return exception(400, 'No file');
        this.files.push(`${id} ${name}: ${content}`);
        return json(200, { code: 200, message: 'Uploaded' });
      })],
      ['GET', /^\/itsm\/v1\/dc\/incident\/data$/, asked((request) => this.list(request))],
    ], () => true);
  }

  private write(card: Card, data: Record<string, { values: Value[] }>): object {
    const errors: object[] = [];
    for (const [code, { values }] of Object.entries(data)) {
      if (code === 'status' && !STATES.includes(values[0]?.value ?? '')) errors.push({ attributeCode: code, attributeType: 'static-value', message: `Couldn't find static-value with value: ${values[0]?.value}`, error: 'Bad Request' });
      else if (CODES.includes(code)) card.data[code] = values;
      else errors.push({ attributeCode: code, message: 'There is no such attribute', error: 'Bad Request' });
    }
    card.data['updated'] = [{ value: this.now }];
    return { meta: { timestamp: this.now, ...(errors.length === 0 ? {} : { errors }) } };
  }

  private list({ query }: Asked): Behaviour {
    const filter = query.get('filter') ?? '';
    const key = /^\$external_id\$ = '([^']*)'$/.exec(filter)?.[1];
    const since = /^\$updated\$ > '([^']+)'$/.exec(filter)?.[1];
    if (filter !== '' && key === undefined && since === undefined) return exception(400, 'Invalid filter');
    const below = Number(query.get('filterId') ?? 0);
    const found = this.cards.filter(({ dataCardId, data }) => (key === undefined || data['external_id']?.[0]?.value === key) && (since === undefined || (data['updated']?.[0]?.value ?? '') > since) && (below === 0 || Number(dataCardId) < below))
      .sort((one, other) => Number(other.dataCardId) - Number(one.dataCardId)).slice(0, Math.min(200, Number(query.get('limit') ?? 50)));
    const isFull = query.get('dataCards') === 'true';
    return json(200, { meta: { count: found.length }, data: found.map(({ dataCardId, data }) => ({ dataCardId, name: 'card', ...(isFull ? { templateCode: 'incident', data: Object.fromEntries(Object.entries(data).map(([code, values]) => [code, { name: code, type: 'string', values }])) } : {}) })) });
  }
}
