import { json, type FakeTarget } from '../fake-target.js';
import { basic, behaveAs } from './fake-system.js';

type Row = Record<string, string>;
const COLUMNS = ['short_description', 'description', 'impact', 'urgency', 'state', 'hold_reason', 'close_code', 'close_notes', 'assignment_group', 'caller_id', 'category', 'correlation_id', 'correlation_display'];

/** The Table API, as the documentation tells it: fields that it does not know are ignored, journals add lines, closed rows refuse, pages are cut before rights are looked at. */
export class FakeServiceNow {
  readonly rows: Row[] = [];
  readonly journal: { readonly element: string; readonly value: string }[] = [];
  readonly files: { readonly name: string; readonly type: string; readonly text: string }[] = [];
  /** Rows that the user may not see. */
  readonly hidden = new Set<string>();

  attachTo(target: FakeTarget): void {
    const find = (id: string | undefined): Row | undefined => this.rows.find((row) => row['sys_id'] === id);
    behaveAs(target, [
      ['POST', /^\/api\/now\/table\/incident$/, ({ body }) => {
        const row: Row = { sys_id: String(this.rows.length + 1).padStart(32, '0'), number: `INC${this.rows.length + 1}`, state: '1', sys_mod_count: '0' };
        this.rows.push(row);
        this.write(row, body);
        return json(201, { result: { sys_id: row['sys_id'], number: row['number'] } }, { location: `${target.url}/api/now/table/incident/${row['sys_id']}` });
      }],
      ['PATCH', /^\/api\/now\/table\/incident\/(\w+)$/, ({ found: [id], body }) => {
        const row = find(id);
        if (row === undefined) return json(404, { error: { message: 'No Record found', detail: 'Record doesn\'t exist or ACL restricts the record retrieval' }, status: 'failure' });
        if (row['state'] === '7') return json(403, { error: { message: 'Operation Failed', detail: 'Data Policy Exception: closed' }, status: 'failure' });
        this.write(row, body);
        return json(200, { result: row });
      }],
      ['GET', /^\/api\/now\/table\/incident$/, ({ query }) => json(200, { result: this.list(query) })],
      ['POST', /^\/api\/now\/attachment\/file$/, ({ query, headers, text }) => {
        this.files.push({ name: query.get('file_name') ?? '', type: String(headers['content-type']), text });
        return json(201, { result: { sys_id: 'file' } });
      }],
    ], basic('parley', 'secret'));
  }

  private write(row: Row, body: Record<string, unknown>): void {
    for (const [name, value] of Object.entries(body)) {
      if (name === 'comments' || name === 'work_notes') this.journal.push({ element: name, value: String(value) });
      else if (COLUMNS.includes(name)) row[name] = String(value);
    }
    row['sys_mod_count'] = String(Number(row['sys_mod_count']) + 1);
  }

  private list(query: URLSearchParams): Row[] {
    const wanted = query.get('sysparm_query') ?? '';
    const correlation = /correlation_id=([^^]*)/.exec(wanted)?.[1];
    const since = /sys_updated_on>=([^^]*)/.exec(wanted)?.[1];
    const found = this.rows.filter((row) => (correlation === undefined || row['correlation_id'] === correlation) && (since === undefined || (row['sys_updated_on'] ?? '') >= since));
    const from = Number(query.get('sysparm_offset') ?? 0);
    return found.slice(from, from + Number(query.get('sysparm_limit') ?? 10_000)).filter((row) => !this.hidden.has(row['sys_id'] ?? ''));
  }
}
