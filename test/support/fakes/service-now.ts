import { json, type Behaviour, type FakeTarget, type SeenRequest } from '../fake-target.js';
import { basic, behaveAs, type Asked } from './fake-system.js';
import { Glide, scriptsOf } from './service-now-glide.js';
import { serviceNowSoap } from './service-now-soap.js';
import { Refused, ServiceNowTables, type Row } from './service-now-tables.js';

const REFERENCES = ['assignment_group', 'caller_id'];
const refused = (status: number, message: string, detail: string): Behaviour => json(status, { error: { message, detail }, status: 'failure' });
const MISSING = refused(404, 'No Record found', 'Record doesn\'t exist or ACL restricts the record retrieval');

/** What a transform map makes of a column of the staging table. */
const staged = (body: Readonly<Record<string, unknown>>): Record<string, unknown> => Object.fromEntries(Object.entries(body).map(([name, value]) => [name.replace(/^u_/, ''), value]));

/**
 * An instance by its doors: the Table API, an import set, a scripted resource, direct SOAP. As the documentation tells it: what is written without
 * its types is refused, references are objects unless they are asked for plainly, pages are cut before rights are looked at, and an import set
 * answers 201 whatever its transform did.
 */
export class FakeServiceNow extends ServiceNowTables {
  /** Whether the user may read the audit. */
  isAuditOpen = true;

  /** What is said to whom: without ids and times. */
  get journal(): { readonly element: string; readonly value: string }[] {
    return this.entries.map(({ element, value }) => ({ element, value }));
  }

  get files(): { readonly name: string; readonly type: string; readonly text: string }[] {
    return this.stored.map(({ file_name: name, content_type: type, text }) => ({ name, type, text }));
  }

  attachTo(target: FakeTarget, isKnown: (headers: SeenRequest['headers']) => boolean = basic('parley', 'secret')): void {
    behaveAs(target, [
      ['POST', /^\/oauth_token\.do$/, ({ text }) => this.token(new URLSearchParams(text))],
      ['POST', /^\/api\/now\/table\/incident$/, typed((asked) => this.attempt(() => {
        const row = this.insert(asked.body);
        return json(201, { result: shown(row, asked.query) }, { location: `${target.url}/api/now/table/incident/${row['sys_id']}` });
      }))],
      ['PATCH', /^\/api\/now\/table\/incident\/(\w+)$/, typed((asked) => {
        const row = this.find(asked.found[0]);
        return row === undefined ? MISSING : this.attempt(() => { this.write(row, asked.body); return json(200, { result: shown(row, asked.query) }); });
      })],
      ['GET', /^\/api\/now\/table\/(incident|sys_journal_field|sys_audit|sys_choice)$/, (asked) => this.listed(asked, target.url)],
      ['GET', /^\/api\/now\/attachment$/, (asked) => json(200, { result: this.query(this.stored.map(({ text: _, ...file }) => ({ ...file, download_link: `${target.url}/api/now/attachment/${file.sys_id}/file` })), asked.query.get('sysparm_query') ?? '') })],
      ['GET', /^\/api\/now\/attachment\/(\w+)\/file$/, ({ found: [id] }) => {
        const file = this.stored.find((one) => one.sys_id === id);
        return file === undefined || this.find(file.table_sys_id) === undefined ? MISSING : { do: 'answer', status: 200, body: file.text, headers: { 'content-type': file.content_type } };
      }],
      ['POST', /^\/api\/now\/attachment\/file$/, ({ query, headers, text }) => {
        if (headers['content-type'] === undefined) return refused(400, 'Content-Type is required', '');
        if (this.find(query.get('table_sys_id') ?? '') === undefined) return MISSING;
        const file = this.keep(query.get('table_sys_id')!, query.get('file_name') ?? '', { type: String(headers['content-type']), text });
        return json(201, { result: { sys_id: file.sys_id } }, { location: `${target.url}/api/now/attachment/${file.sys_id}` });
      }],
      ['POST', /^\/api\/now\/import\/u_parley$/, typed(({ body }) => this.imported(body, target.url))],
      ['POST', /^\/api\/x_parley\/parley\/incident$/, typed(({ body }) => this.scripted(0, '', body))],
      ['PATCH', /^\/api\/x_parley\/parley\/incident\/(\w+)$/, typed(({ found: [id = ''], body }) => this.scripted(1, id, body))],
      ['POST', /^\/(incident|ecc_queue)\.do$/, ({ found: [table = ''], text }) => serviceNowSoap(this, table, text)],
    ], (headers) => headers['content-type'] === 'application/x-www-form-urlencoded' || isKnown(headers));
  }

  /** Client credentials, in the body only. */
  private token(form: URLSearchParams): Behaviour {
    const isKnown = form.get('grant_type') === 'client_credentials' && form.get('client_id') === 'client' && form.get('client_secret') === 'client-secret';
    return isKnown ? json(200, { access_token: 'token-of-oauth', scope: 'useraccount', token_type: 'Bearer', expires_in: 1_799 }) : json(401, { error: 'access_denied', error_description: 'access_denied' });
  }

  private attempt(write: () => Behaviour): Behaviour {
    try {
      return write();
    } catch (error) {
      if (error instanceof Refused) return refused(403, 'Operation Failed', error.message);
      throw error;
    }
  }

  private listed({ query, found: [table] }: Asked, url: string): Behaviour {
    if (table === 'sys_audit' && !this.isAuditOpen) return refused(403, 'Insufficient rights to query records', '');
    const rows: Readonly<Record<string, readonly Row[]>> = { incident: this.rows, sys_choice: CHOICES, sys_audit: this.audit, sys_journal_field: this.entries.map((entry) => ({ ...entry })) };
    const all = this.query(rows[table ?? ''] ?? [], query.get('sysparm_query') ?? '');
    const [from, limit] = [Number(query.get('sysparm_offset') ?? 0), Number(query.get('sysparm_limit') ?? 10_000)];
    const page = all.slice(from, from + limit).filter((row) => !this.hidden.has(row['sys_id'] ?? ''));
    const next = from + limit < all.length ? { link: `<${url}/api/now/table/${table}?sysparm_offset=${from + limit}&sysparm_limit=${limit}>;rel="next"` } : {};
    return json(200, { result: page.map((row) => shown(row, query)) }, { 'x-total-count': String(all.length), ...next });
  }

  /** A row of the staging table goes through a transform map, whose key is said by the script of the page docs/systems/servicenow-import-set.md. What the map says stands in the body alone. */
  private imported(body: Readonly<Record<string, unknown>>, url: string): Behaviour {
    const fields = staged(body);
    const before = this.find(String(new Glide(this).run(`${scriptsOf('servicenow-import-set')[0]!}\nanswer;`, { answer: '', source: body })));
    const about = { import_set: 'ISET0010001', staging_table: 'u_parley' };
    const answer = (result: object): Behaviour => json(201, { ...about, result: [{ transform_map: 'Parley', table: 'incident', ...result }] });
    if (before === undefined && (fields['sys_id'] ?? '') !== '') return answer({ status: 'error', error_message: 'Target record not found', sys_id: '' });
    try {
      const isSame = before !== undefined && Object.entries(fields).every(([name, value]) => name === 'sys_id' || before[name] === String(value));
      const row = before ?? this.insert(fields);
      if (before !== undefined && !isSame) this.write(before, fields);
      return answer({ status: before === undefined ? 'inserted' : isSame ? 'ignored' : 'updated', display_name: 'number', display_value: row['number'], record_link: `${url}/api/now/table/incident/${row['sys_id']}`, sys_id: row['sys_id'] });
    } catch (error) {
      if (error instanceof Refused) return answer({ status: 'error', error_message: error.message, sys_id: before?.['sys_id'] ?? '' });
      throw error;
    }
  }

  /** The resources of the page docs/systems/servicenow-scripted.md, as they stand there. */
  private scripted(at: 0 | 1, sysId: string, data: Readonly<Record<string, unknown>>): Behaviour {
    let [status, body]: [number, unknown] = [200, null];
    const response = { setStatus: (given: number) => { status = given; }, setBody: (given: unknown) => { body = { result: given }; }, setError: (error: { readonly status: number; readonly message: string }) => { [status, body] = [error.status, { error: { message: error.message, detail: '' }, status: 'failure' }]; } };
    new Glide(this).run(scriptsOf('servicenow-scripted')[at]!, { request: { body: { data }, pathParams: { sys_id: sysId } }, response });
    return json(status, body);
  }
}

const CHOICES: readonly Row[] = ([['state', '1', 'New'], ['state', '2', 'In Progress'], ['state', '10', 'With Supplier'], ['impact', '1', '1 - High']] as const)
  .map(([element, value, label]) => ({ name: 'incident', element, value, label, language: 'en', inactive: 'false' }));

/** Both types are asked for where something is written. */
const typed = (answer: (asked: Asked) => Behaviour) => (asked: Asked): Behaviour =>
  (/json/.test(String(asked.headers['content-type'])) && asked.headers['accept'] !== undefined ? answer(asked) : refused(400, 'Accept and Content-Type headers are required', ''));

/** The columns that were asked for; a reference is an object unless that was asked not to be. */
function shown(row: Row, query: URLSearchParams): Record<string, unknown> {
  const names = query.get('sysparm_fields')?.split(',') ?? Object.keys(row);
  const isPlain = query.get('sysparm_exclude_reference_link') === 'true';
  return Object.fromEntries(names.filter((name) => row[name] !== undefined).map((name) => [name, REFERENCES.includes(name) && row[name] !== '' && !isPlain ? { link: `https://x/${name}`, value: row[name] } : row[name]]));
}
