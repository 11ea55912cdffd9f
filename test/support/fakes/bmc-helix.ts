import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { behaveAs, type Asked } from './fake-system.js';

type Values = Record<string, string>;
const error = (status: number, messageNumber: number, messageText: string, messageAppendedText: string | null = null): Behaviour => json(status, [{ messageType: 'ERROR', messageText, messageNumber, messageAppendedText }]);
const FIELDS = ['First_Name', 'Last_Name', 'Login_ID', 'Description', 'Detailed_Decription', 'Impact', 'Urgency', 'Status', 'Status_Reason', 'Resolution', 'Reported Source', 'Service_Type', 'Vendor Ticket Number', 'z1D_Action', 'Assigned Group', 'Assignee', 'Detailed Decription'];

/** The AR System REST API: a token that is plain text, answers without a body unless fields are asked for, entries under composite ids with a pipe, errors as a list with a number, dates with an offset, searches by qualifications. */
export class FakeBmcHelix {
  readonly incidents: Values[] = [];
  readonly logs: Values[] = [];
  readonly files: string[] = [];
  logins = 0;
  now = '2026-01-31T10:05:00.000+0000';

  attachTo(target: FakeTarget): void {
    const asked = (answer: (asked: Asked) => Behaviour) => (request: Asked): Behaviour =>
      (request.headers.authorization === `AR-JWT jwt-of-login-${this.logins}` ? answer(request) : error(401, 9388, 'Authentication failed', ''));
    behaveAs(target, [
      ['POST', /^\/api\/jwt\/login$/, ({ text }) => (new URLSearchParams(text).get('password') === 'helix-pass'
        ? { do: 'answer', status: 200, headers: { 'content-type': 'text/plain' }, body: `jwt-of-login-${++this.logins}` } : error(401, 623, 'Authentication failed', 'parley'))],
      ['POST', /^\/api\/arsys\/v1\/entry\/HPD:IncidentInterface_Create$/, asked((request) => this.create(request, target.url))],
      ['PUT', /^\/api\/arsys\/v1\/entry\/HPD:IncidentInterface\/(.+)$/, asked((request) => this.change(request))],
      ['GET', /^\/api\/arsys\/v1\/entry\/HPD:IncidentInterface$/, asked((request) => this.search(this.incidents, request))],
      ['GET', /^\/api\/arsys\/v1\/entry\/HPD:WorkLog$/, asked((request) => this.search(this.logs, request))],
      ['POST', /^\/api\/arsys\/v1\/entry\/HPD:WorkLog$/, asked(({ body, text }) => {
        const entry = /name="entry"[^{]*(\{.*\})/.exec(text)?.[1];
        const { values } = (entry === undefined ? body : JSON.parse(entry)) as { values: Values };
        if (!this.incidents.some((one) => one['Incident Number'] === values['Incident Number'])) return error(500, 44978, 'The Incident Number is not valid.');
        const [, name, content] = /name="attach-z2AF Work Log01"; filename="([^"]+)"[^]*?\r\n\r\n([^]*?)\r\n--/.exec(text) ?? [];
        if (values['z2AF Work Log01'] !== name) return error(400, 8762, 'The attachment is missing.');
        if (name !== undefined) this.files.push(`${name}: ${content}`);
        this.logs.push({ 'Work Log ID': `WLG${this.logs.length + 1}`, 'Submit Date': this.now, Submitter: 'parley', ...values });
        return { do: 'answer', status: 201, headers: { location: `${target.url}/api/arsys/v1/entry/HPD:WorkLog/WLG${this.logs.length}` } };
      })],
    ], () => true);
  }

  private create({ body, query }: Asked, url: string): Behaviour {
    const { values } = body as { values: Values };
    const unknown = Object.keys(values).find((name) => !FIELDS.includes(name));
    if (unknown !== undefined) return error(400, 8755, 'The field does not exist on the form.', unknown);
    if (values['Login_ID'] === undefined && values['Last_Name'] === undefined) return error(500, 1291053, 'Required field (without a default) not specified.', 'Customer*+');
    const number = String(this.incidents.length + 501).padStart(12, '0');
    const entryId = `INC${String(this.incidents.length + 15).padStart(12, '0')}`;
    this.incidents.push({ ...values, 'Incident Number': `INC${number}`, 'Request ID': `${entryId}|${entryId}`, 'Last Modified Date': this.now, 'Last Modified By': 'parley' });
    const headers = { location: `${url}/api/arsys/v1/entry/HPD:IncidentInterface_Create/${entryId}` };
    return query.get('fields')?.includes('Incident Number') === true ? json(201, { values: { 'Incident Number': `INC${number}` } }, headers) : { do: 'answer', status: 201, headers };
  }

  private change({ found: [id], body }: Asked): Behaviour {
    const incident = this.incidents.find((one) => one['Request ID'] === id);
    if (incident === undefined) return error(404, 302, 'Entry does not exist in database', id ?? null);
    if (incident['Status'] === 'Closed') return error(500, 45000, 'You cannot modify a closed incident.');
    if (body['values'].Status === 'Pending' && body['values'].Status_Reason === undefined) return error(500, 1291062, 'Required field: Status Reason');
    Object.assign(incident, body['values'], { 'Last Modified Date': this.now });
    return { do: 'answer', status: 204 };
  }

  private search(all: readonly Values[], { query }: Asked): Behaviour {
    const q = query.get('q') ?? '';
    const [, field, value] = /^'([^']+)'="([^"]*)"$/.exec(q) ?? [];
    const since = /^'Last Modified Date' >= (\d+)$/.exec(q)?.[1];
    if (q !== '' && field === undefined && since === undefined) return error(400, 1587, 'The qualification line has an error', q);
    const found = all.filter((one) => (field === undefined || one[field] === value) && (since === undefined || Date.parse(one['Last Modified Date'] ?? '') >= Number(since) * 1_000));
    const from = Number(query.get('offset') ?? 0);
    return json(200, { entries: found.slice(from, from + Number(query.get('limit') ?? 1_000)).map((values) => ({ values, _links: {} })) });
  }
}
