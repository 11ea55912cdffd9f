import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { basic, behaveAs } from './fake-system.js';

type Fields = Record<string, any>; // eslint-disable-line @typescript-eslint/no-explicit-any
const FLOW: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  new: { ev_assign: 'assigned' }, assigned: { ev_pending: 'pending', ev_resolve: 'resolved' }, pending: { ev_assign: 'assigned' }, resolved: { ev_reopen: 'assigned', ev_close: 'closed' }, closed: {},
};
const NEEDED: Readonly<Record<string, readonly string[]>> = { ev_assign: ['team_id', 'agent_id'], ev_pending: ['pending_reason'], ev_resolve: ['solution', 'resolution_code'] };
const LOGS = ['public_log', 'private_log'];

/** The REST/JSON services of iTop: everything is 200 with a code, objects stand under keys that nobody can guess, a status is moved by stimuli that want fields, logs take lines, nothing found is null. */
export class FakeItop {
  readonly tickets: Fields[] = [];
  readonly files: { readonly ticket: string; readonly name: string; readonly text: string }[] = [];
  now = '2026-01-31 10:05:00';

  attachTo(target: FakeTarget): void {
    const isKnown = basic('parley', 'itop-pass');
    behaveAs(target, [['POST', /^\/webservices\/rest.php$/, ({ query, headers, text }) => {
      const form = new URLSearchParams(text);
      if (query.get('version') === null) return failed(2, 'Missing parameter \'version\' (e.g. "1.0")');
      if (!isKnown(headers)) return failed(1, 'Invalid login');
      const data = form.get('json_data');
      return data === null ? failed(3, "Missing parameter 'json_data'") : this.run(JSON.parse(data) as Fields);
    }]], () => true);
  }

  private run(asked: Fields): Behaviour {
    const { fields = {}, key } = asked;
    const ticket = this.tickets.find((one) => one['id'] === key);
    switch (asked['operation']) {
      case 'core/create': {
        if (asked['class'] === 'Attachment') {
          this.files.push({ ticket: fields.item_id as string, name: fields.contents.filename as string, text: Buffer.from(fields.contents.data as string, 'base64').toString() });
          return found([{ id: '1', class: 'Attachment' }], 'created');
        }
        if (fields.org_id?.name !== 'Demo') return failed(100, 'Error: org_id: No item found with criteria: name');
        const made: Fields = { id: String(42 + this.tickets.length), class: 'Incident', ref: `I-0000${42 + this.tickets.length}`, status: 'new', public_log: { entries: [] }, private_log: { entries: [] } };
        this.tickets.push(made);
        return this.write(made, fields as Fields, 'created');
      }
      case 'core/get': return this.get(String(key), asked);
      case 'core/update': return ticket === undefined ? failed(100, `Error: Invalid object Incident::${key}`) : ticket['status'] === 'closed' ? failed(100, 'Error: title: the attribute is read-only') : this.write(ticket, fields as Fields, 'updated');
      default: return ticket === undefined ? failed(100, `Error: Invalid object Incident::${key}`) : this.stimulate(ticket, asked['stimulus'] as string, fields as Fields);
    }
  }

  private stimulate(ticket: Fields, stimulus: string, fields: Fields): Behaviour {
    const next = FLOW[ticket['status'] as string]?.[stimulus];
    if (next === undefined) return failed(100, `Invalid stimulus: '${stimulus}' on the object ${ticket['ref']} in state '${ticket['status']}'`);
    const missing = (NEEDED[stimulus] ?? []).filter((name) => (fields[name] ?? '') === '');
    if (missing.length > 0) return failed(100, `Missing mandatory attribute(s) for applying the stimulus: ${missing.join(', ')}.`);
    ticket['status'] = next;
    return this.write(ticket, fields, 'updated');
  }

  private write(ticket: Fields, fields: Fields, message: string): Behaviour {
    for (const [name, value] of Object.entries(fields)) {
      if (LOGS.includes(name)) ticket[name].entries.unshift({ date: this.now, user_login: 'Parley', user_id: '7', message: value.add_item.message as string, message_html: '' });
      else ticket[name] = value as unknown;
    }
    ticket['last_update'] = this.now;
    return found([ticket], message);
  }

  private get(key: string, { limit = 0, page = 0 }: Fields): Behaviour {
    const since = /last_update >= '([^']+)'/.exec(key)?.[1];
    const text = /private_log LIKE '%([^%]+)%'/.exec(key)?.[1];
    const matching = this.tickets.filter((one) => (key.startsWith('SELECT Incident')
      ? (since === undefined || String(one['last_update']) >= since) && (text === undefined || JSON.stringify(one['private_log']).includes(text)) : one['id'] === key));
    const from = Number(limit) * Math.max(0, Number(page) - 1);
    return found(matching.slice(from, Number(limit) === 0 ? undefined : from + Number(limit)), '', `Found: ${matching.length}`);
  }
}

const failed = (code: number, message: string): Behaviour => json(200, { code, message });
function found(objects: readonly Fields[], told: string, message = ''): Behaviour {
  const all = objects.map((one) => [`${one['class']}::${one['id']}`, { code: 0, message: told, class: one['class'] as string, key: one['id'] as string, fields: one }]);
  return json(200, { code: 0, message, objects: all.length === 0 ? null : Object.fromEntries(all) as unknown });
}
