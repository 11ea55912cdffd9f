import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { behaveAs, header } from './fake-system.js';

export interface FakeAlert { readonly id: string; readonly tinyId: string; readonly alias: string; message: string; description?: string; priority: string; status: string; acknowledged: boolean; count: number; readonly notes: string[]; readonly files: string[]; readonly tags: readonly string[] }
interface Request { readonly isSuccess: boolean; readonly status: string; readonly alertId: string; asksLeft: number }

/**
 * Opsgenie as its API document tells it: everything that is written is taken and done later, what became of it is asked by the id of the request, which
 * is not there at first; of one alias one alert is open, and another create is counted.
 */
export class FakeOpsgenie {
  readonly alerts: FakeAlert[] = [];
  readonly requests = new Map<string, Request>();
  /** How often a request is asked after in vain. */
  slowness = 0;

  clear(): void {
    this.alerts.length = 0;
    this.requests.clear();
    this.slowness = 0;
  }

  attachTo(target: FakeTarget): void {
    behaveAs(target, [
      ['POST', /^\/v2\/alerts$/, ({ body }) => (typeof body['message'] !== 'string' || body['message'].length > 130 ? json(422, { message: 'Message can not be empty.', took: 0.001, requestId: 'r' }) : this.taken(() => this.open(body)))],
      ['GET', /^\/v2\/alerts\/requests\/([\w-]+)$/, ({ found: [id] }) => this.became(this.requests.get(id ?? ''))],
      ['GET', /^\/v2\/alerts$/, ({ query }) => {
        const alias = /alias:"([^"]+)"/.exec(query.get('query') ?? '')?.[1];
        return json(200, { data: this.alerts.filter((one) => alias === undefined || one.alias === alias).map(({ id, alias: own }) => ({ id, alias: own })), took: 0.01, requestId: 'r' });
      }],
      ['PUT', /^\/v2\/alerts\/([\w-]+)\/(message|description|priority)$/, ({ found: [id, name = ''], body }) => this.taken(() => this.on(id, (alert) => { Object.assign(alert, { [name]: body[name] }); return 'Updated'; }))],
      ['POST', /^\/v2\/alerts\/([\w-]+)\/(acknowledge|unacknowledge|close|notes)$/, ({ found: [id, act], body }) => this.taken(() => this.on(id, (alert) => this.act(alert, act ?? '', body)))],
      ['POST', /^\/v2\/alerts\/([\w-]+)\/attachments$/, ({ found: [id], text }) => {
        this.alerts.find((one) => one.id === id)?.files.push(/name="file"; filename="([^"]+)"/.exec(text)?.[1] ?? 'no file');
        return json(201, { result: 'File uploaded successfully', data: { id: '1' }, took: 0.1, requestId: 'r' });
      }],
    ], header('authorization', 'GenieKey key'));
  }

  private taken(run: () => Omit<Request, 'asksLeft'>): Behaviour {
    const requestId = `request-${this.requests.size + 1}`;
    this.requests.set(requestId, { ...run(), asksLeft: this.slowness });
    return json(202, { result: 'Request will be processed', took: 0.1, requestId });
  }

  private became(request: Request | undefined): Behaviour {
    if (request === undefined || request.asksLeft-- > 0) return json(404, { message: 'Request not found. It might not be processed, yet.', took: 0.001, requestId: 'r' });
    const { isSuccess, status, alertId } = request;
    return json(200, { data: { success: isSuccess, isSuccess, action: 'x', status, alertId }, took: 0.02, requestId: 'r' });
  }

  private open(body: Record<string, unknown>): Omit<Request, 'asksLeft'> {
    const before = this.alerts.find((one) => one.alias === body['alias'] && one.status === 'open');
    if (before !== undefined) {
      before.count += 1;
      return { isSuccess: true, status: 'Created alert', alertId: before.id };
    }
    const { message, alias, description, priority = 'P3', tags = [] } = body as unknown as FakeAlert;
    const alert = { id: `alert-${this.alerts.length + 1}`, tinyId: String(this.alerts.length + 1), alias, message, ...(description === undefined ? {} : { description }), priority, tags, status: 'open', acknowledged: false, count: 1, notes: [], files: [] };
    this.alerts.push(alert);
    return { isSuccess: true, status: 'Created alert', alertId: alert.id };
  }

  private on(id: string | undefined, change: (alert: FakeAlert) => string): Omit<Request, 'asksLeft'> {
    const alert = this.alerts.find((one) => one.id === id);
    if (alert === undefined) return { isSuccess: false, status: 'Alert does not exist', alertId: '' };
    const said = change(alert);
    return { isSuccess: !said.includes('already'), status: said, alertId: alert.id };
  }

  private act(alert: FakeAlert, act: string, { note }: Record<string, unknown>): string {
    if (act === 'notes') return alert.notes.push(String(note)), 'Note added';
    if (alert.status === 'closed') return 'Alert is already closed';
    if (note !== undefined) alert.notes.push(String(note));
    if (act === 'close') alert.status = 'closed';
    else alert.acknowledged = act === 'acknowledge';
    return `${act} done`;
  }
}
