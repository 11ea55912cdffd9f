import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { basic, behaveAs } from './fake-system.js';

type Fields = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const OPERATOR = { id: 'op-parley', name: 'Parley' };
const STATUSES = ['Registered', 'In progress', 'Waiting for user', 'Waiting for supplier', 'Completed', 'Closed'];
const refused = (message: string, status = 400): Behaviour => json(status, [{ message }]);
/** A list: no content where it is empty, 206 where there is more. */
const listed = (all: readonly unknown[], from: number, size: number): Behaviour => {
  const page = all.slice(from, from + size);
  return page.length === 0 ? { do: 'answer', status: 204 } : json(from + size < all.length ? 206 : 200, page);
};

/**
 * TOPdesk as its documentation tells: short titles, lists of each customer by name, actions and requests that are only added, a line that is
 * changed by an act, numbers with blanks, times with a zone of four digits, empty lists without content and partial ones with 206.
 */
export class FakeTopdesk {
  readonly incidents: Fields[] = [];
  readonly entries: Fields[] = [];
  readonly files: Fields[] = [];
  nowMs = 0;

  clear(): void {
    this.incidents.length = this.entries.length = this.files.length = 0;
    this.nowMs = Date.parse('2026-01-31T10:00:00Z');
  }

  attachTo(target: FakeTarget): void {
    const at = (path: string): RegExp => new RegExp(`^/tas/api/incidents/id/([\\w-]+)${path}$`);
    const paged = (query: URLSearchParams, all: readonly unknown[]): Behaviour => listed(all, Number(query.get('start')), Number(query.get('page_size') ?? 10));
    const of = (list: readonly Fields[], id: string | undefined): Fields[] => list.filter((one) => one['incident'] === id).reverse();
    behaveAs(target, [
      ['POST', /^\/tas\/api\/incidents$/, ({ body }) => this.create(body)],
      ['GET', /^\/tas\/api\/incidents$/, ({ query }) => this.list(query)],
      ['GET', /^\/tas\/api\/incidents\/number\/(.+)$/, ({ found: [number] }) => this.answer((one) => one['number'] === number, (incident) => json(200, incident))],
      ['GET', at(''), ({ found: [id] }) => this.answer((one) => one['id'] === id, (incident) => json(200, incident))],
      ['PATCH', at(''), ({ found: [id], body }) => this.answer((one) => one['id'] === id, (incident) => (incident['status'].endsWith('Archived') ? refused('The incident is archived.') : this.write(incident, body) ?? json(200, incident)))],
      ['PUT', at('/(escalate|deescalate)'), ({ found: [id, act] }) => this.answer((one) => one['id'] === id, (incident) => this.move(incident, act === 'escalate' ? ['firstLine', 'secondLine'] : ['secondLine', 'firstLine']))],
      ['POST', at('/attachments'), ({ found: [id], text }) => this.attach(id!, text)],
      ['GET', at('/requests'), ({ found: [id], query }) => paged(query, of(this.entries.filter((one) => one['isRequest']), id))],
      ['GET', at('/actions'), ({ found: [id], query }) => paged(query, of(this.entries.filter((one) => !one['isRequest']), id))],
      ['GET', at('/attachments'), ({ found: [id], query }) => paged(query, of(this.files, id))],
      ['GET', at('/attachments/[\\w-]+/download'), () => ({ do: 'answer', status: 200, body: 'hello', headers: { 'content-type': 'application/octet-stream' } })],
    ], basic('parley', 'key'));
  }

  /** What somebody writes there. */
  say(incident: string, entry: Fields): void {
    this.entries.push({ id: `e${this.entries.length + 1}`, incident, isRequest: false, invisibleForCaller: false, entryDate: this.time(), operator: { id: 'op-7', name: 'Vera' }, person: null, ...entry });
    const owner = this.incidents.find((one) => one['id'] === incident)!;
    Object.assign(owner, { modificationDate: this.time(), modifier: entry['operator'] ?? entry['person'] ?? { id: 'op-7', name: 'Vera' } });
  }

  private time = (): string => new Date(this.nowMs).toISOString().replace('Z', '+0000');

  private answer(is: (incident: Fields) => boolean, make: (incident: Fields) => Behaviour): Behaviour {
    const incident = this.incidents.find(is);
    return incident === undefined ? refused('Incident not found', 404) : make(incident);
  }

  private create({ callerLookup, request, ...given }: Fields): Behaviour {
    if (!String(callerLookup?.email).endsWith('@x.example')) return refused('No caller could be found for the given lookup value');
    const id = `uuid-${this.incidents.length + 1}`;
    const incident: Fields = { id, number: `I 2601 ${String(this.incidents.length + 1).padStart(3, '0')}`, processingStatus: { name: 'Registered' }, completed: false, closed: false, onHold: false, caller: { id: 'p3', dynamicName: 'Anna Berg', email: callerLookup.email } };
    this.incidents.push(incident);
    this.say(id, { isRequest: true, memoText: request, operator: OPERATOR });
    const problem = this.write(incident, given);
    if (problem !== null) this.incidents.pop();
    return problem ?? json(201, incident);
  }

  private write(incident: Fields, { action, actionInvisibleForCaller, ...given }: Fields): Behaviour | null {
    if ((given['briefDescription'] ?? '').length > 80) return refused("The value for the field 'briefDescription' is too long");
    if ((given['externalNumber'] ?? '').length > 60) return refused("The value for the field 'externalNumber' is too long");
    if (given['processingStatus'] !== undefined && !STATUSES.includes(given['processingStatus'].name)) return refused("The value for the field 'processingStatus' cannot be found");
    Object.assign(incident, given, { modificationDate: this.time(), modifier: OPERATOR });
    if (action !== undefined) this.say(incident['id'] as string, { memoText: action, invisibleForCaller: actionInvisibleForCaller ?? false, operator: OPERATOR });
    return null;
  }

  private move(incident: Fields, [from, to]: readonly [string, string]): Behaviour {
    if (incident['status'] !== from) return refused(`The incident is not in ${from}`);
    incident['status'] = to;
    return json(200, incident);
  }

  private attach(incident: string, text: string): Behaviour {
    const field = (name: string): string | undefined => new RegExp(`name="${name}"[^\\r]*(?:\\r\\nContent-Type: [^\\r]*)?\\r\\n\\r\\n([\\s\\S]*?)\\r\\n--`).exec(text)?.[1];
    this.files.push({ id: `f${this.files.length + 1}`, incident, fileName: /filename="([^"]+)"/.exec(text)?.[1], content: field('file'), invisibleForCaller: field('invisibleForCaller') === 'true', entryDate: this.time(), operator: OPERATOR, downloadUrl: `/tas/api/incidents/id/${incident}/attachments/f${this.files.length + 1}/download` });
    return json(200, { id: `f${this.files.length}` });
  }

  private list(query: URLSearchParams): Behaviour {
    const [, field, operator, value] = /^(\w+)(==|=gt=)(.+)$/.exec(query.get('query') ?? '') ?? [];
    if (operator === '=gt=' && !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(value ?? '')) return refused('The date cannot be read');
    const found = this.incidents.filter((one) => (operator === '==' ? one[field!] === value : operator === undefined || Date.parse(one[field!]) > Date.parse(value!)));
    found.sort((one, other) => Date.parse(one['modificationDate']) - Date.parse(other['modificationDate']));
    const fields = query.get('fields')?.split(',') ?? [];
    return listed(found.map((one) => Object.fromEntries(fields.map((name) => [name, one[name]]))), Number(query.get('pageStart') ?? 0), Number(query.get('pageSize') ?? 10));
  }
}
