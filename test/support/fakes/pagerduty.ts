import { json, type FakeTarget } from '../fake-target.js';
import { behaveAs } from './fake-system.js';

interface Incident { readonly id: string; readonly incident_number: number; readonly incident_key: string; readonly html_url: string; status: string; title: string; urgency: string; details?: string; resolution?: string }

const refused = (code: number, message: string, ...errors: string[]): ReturnType<typeof json> => json(400, { error: { message, code, errors } });

/** PagerDuty's REST API: writes need a version and a name of the writer, values of other words are refused, and an open incident's key is taken. */
export class FakePagerDuty {
  readonly incidents: Incident[] = [];
  readonly notes: string[] = [];

  attachTo(target: FakeTarget): void {
    const find = (id: string | undefined): Incident | undefined => this.incidents.find((one) => one.id === id);
    const missing = json(404, { error: { message: 'Not Found', code: 2100 } });
    behaveAs(target, [
      ['POST', /^\/incidents$/, ({ body, headers }) => this.create(body['incident'], headers['from'] as string | undefined)],
      ['GET', /^\/incidents$/, ({ query }) => {
        // Without a key all are listed; without date_range only those of the last month.
        const found = this.incidents.filter((one) => query.get('date_range') === 'all' && (query.get('incident_key') === null || one.incident_key === query.get('incident_key')));
        return json(200, { incidents: found.slice(0, Number(query.get('limit') ?? 25)), limit: 25, offset: 0, total: null, more: found.length > 25 });
      }],
      ['PUT', /^\/incidents\/(\w+)$/, ({ found: [id], body, headers }) => {
        const incident = find(id);
        const { type, status, urgency, title, resolution } = body['incident'];
        if (headers['from'] === undefined) return refused(2001, 'Invalid Input Provided', 'From header is required');
        if (incident === undefined) return missing;
        if (type !== 'incident_reference') return refused(2001, 'Invalid Input Provided', 'Type is invalid');
        if (status !== undefined && !['triggered', 'acknowledged', 'resolved'].includes(status as string)) return refused(2001, 'Invalid Input Provided', 'Status is invalid');
        Object.assign(incident, { status: status ?? incident.status, urgency: urgency ?? incident.urgency, title: title ?? incident.title, ...(resolution === undefined ? {} : { resolution }) });
        return json(200, { incident });
      }],
      ['POST', /^\/incidents\/(\w+)\/notes$/, ({ found: [id], body, headers }) => {
        if (headers['from'] === undefined) return refused(2001, 'Invalid Input Provided', 'From header is required');
        if (find(id) === undefined) return missing;
        if (this.notes.length >= 2_000) return refused(2001, 'Invalid Input Provided', 'Incident has too many notes');
        this.notes.push(body['note'].content as string);
        return json(200, { note: { id: `N${this.notes.length}`, content: body['note'].content } });
      }],
    ], ({ authorization, accept }) => authorization === 'Token token=key' && accept === 'application/vnd.pagerduty+json;version=2');
  }

  private create(given: Record<string, any>, from: string | undefined): ReturnType<typeof json> { // eslint-disable-line @typescript-eslint/no-explicit-any
    if (from === undefined) return refused(2001, 'Invalid Input Provided', 'From header is required');
    if (typeof given['title'] !== 'string') return refused(2001, 'Invalid Input Provided', 'Title cannot be empty.');
    if (given['service'].id !== 'PSERVICE') return refused(2001, 'Invalid Input Provided', 'Service cannot be empty.');
    if (given['urgency'] !== undefined && !['high', 'low'].includes(given['urgency'] as string)) return refused(2001, 'Invalid Input Provided', 'Urgency is invalid');
    if (this.incidents.some((one) => one.incident_key === given['incident_key'] && one.status !== 'resolved')) return refused(2002, 'Arguments Caused Error', 'Open incident with matching dedup key already exists on this service');
    const number = this.incidents.length + 1;
    const made: Incident = { id: `PINC${number}`, incident_number: number, incident_key: given['incident_key'], html_url: `https://acme.pagerduty.com/incidents/PINC${number}`, status: 'triggered', title: given['title'], urgency: given['urgency'] ?? 'high', details: given['body']?.details };
    this.incidents.push(made);
    return json(201, { incident: made });
  }
}
