/** A row as the instance keeps it: texts only, references by sys_id. */
export type Row = Record<string, string>;

export interface JournalEntry { readonly sys_id: string; readonly element_id: string; readonly element: string; readonly value: string; readonly sys_created_on: string; readonly sys_created_by: string }
export interface StoredFile { readonly sys_id: string; readonly table_name: string; readonly table_sys_id: string; readonly file_name: string; readonly content_type: string; readonly size_bytes: string; readonly sys_created_on: string; readonly sys_created_by: string; readonly text: string }

const COLUMNS = ['short_description', 'description', 'impact', 'urgency', 'state', 'hold_reason', 'close_code', 'close_notes', 'assignment_group', 'caller_id', 'category', 'subcategory', 'due_date', 'correlation_id', 'correlation_display'];
const id = (number: number): string => String(number).padStart(32, '0');

/** Why the instance does not write: its own words for it. */
export class Refused extends Error {}

/**
 * The tables of an instance and the rules that hold whichever door a row is written by: names that it does not know are ignored, a journal field
 * adds an entry to a table of its own, the priority is computed, a resolution asks for code and notes, a closed incident takes nothing, and a file
 * does not touch its row. Times are UTC without saying so, to the second.
 */
export class ServiceNowTables {
  readonly rows: Row[] = [];
  readonly entries: JournalEntry[] = [];
  readonly stored: StoredFile[] = [];
  /** Who changed what, by the count of changes. */
  readonly audit: Row[] = [];
  /** Rows that the user may not see. */
  readonly hidden = new Set<string>();
  now = '2026-01-31 10:05:00';

  clear(): void {
    for (const all of [this.rows, this.entries, this.stored, this.audit]) all.length = 0;
    this.hidden.clear();
    this.now = '2026-01-31 10:05:00';
  }

  find(sysId: string | undefined): Row | undefined {
    return this.hidden.has(sysId ?? '') ? undefined : this.rows.find((row) => row['sys_id'] === sysId);
  }

  insert(fields: Readonly<Record<string, unknown>>): Row {
    const row: Row = { sys_id: id(this.rows.length + 1), number: `INC${this.rows.length + 1}`, state: '1', impact: '3', urgency: '3', sys_mod_count: '-1', sys_created_on: this.now };
    this.write(row, fields);
    this.rows.push(row);
    return row;
  }

  write(row: Row, fields: Readonly<Record<string, unknown>>, by = 'parley'): void {
    if (row['state'] === '7') throw new Refused('Data Policy Exception: closed');
    const next = { ...row, ...Object.fromEntries(Object.entries(fields).filter(([name]) => COLUMNS.includes(name)).map(([name, value]) => [name, String(value)])) };
    if ((next.state === '6' || next.state === '7') && ((next['close_code'] ?? '') === '' || (next['close_notes'] ?? '') === '')) throw new Refused('Data Policy Exception: Resolution code and notes are mandatory');
    Object.assign(row, next, { priority: String(Number(next.impact ?? '3') + Number(next.urgency ?? '3') - 1), sys_mod_count: String(Number(row['sys_mod_count']) + 1), sys_updated_on: this.now, sys_updated_by: by });
    this.audit.push({ tablename: 'incident', documentkey: row['sys_id']!, user: by, record_checkpoint: row['sys_mod_count']! });
    for (const element of ['comments', 'work_notes']) if ((fields[element] ?? '') !== '') this.say(row['sys_id']!, element, String(fields[element]), by);
  }

  say(elementId: string, element: string, value: string, by: string): void {
    this.entries.push({ sys_id: `j${id(this.entries.length + 1).slice(1)}`, element_id: elementId, element, value, sys_created_on: this.now, sys_created_by: by });
  }

  keep(tableSysId: string, name: string, { type, text, by = 'parley' }: { readonly type: string; readonly text: string; readonly by?: string }): StoredFile {
    const file = { sys_id: `f${id(this.stored.length + 1).slice(1)}`, table_name: 'incident', table_sys_id: tableSysId, file_name: name, content_type: type, size_bytes: String(text.length), sys_created_on: this.now, sys_created_by: by, text };
    this.stored.push(file);
    return file;
  }

  /** An encoded query: conditions joined by `^`, `IN` with commas, orders at the end. What the user may not see is still in it. */
  query(rows: readonly Row[], encoded: string): Row[] {
    const terms = encoded.split('^').filter((term) => term !== '');
    const wanted = terms.filter((term) => !term.startsWith('ORDERBY'));
    const found = rows.filter((row) => wanted.every((term) => holds(row, term)));
    for (const order of terms.filter((term) => term.startsWith('ORDERBY')).reverse()) {
      const isDown = order.startsWith('ORDERBYDESC');
      const name = order.slice(isDown ? 'ORDERBYDESC'.length : 'ORDERBY'.length);
      found.sort((one, other) => ((one[name] ?? '') < (other[name] ?? '') ? -1 : (one[name] ?? '') > (other[name] ?? '') ? 1 : 0) * (isDown ? -1 : 1));
    }
    return found;
  }
}

function holds(row: Row, term: string): boolean {
  const [, name = '', operator = '', value = ''] = /^(\w+?)(>=|<|=|IN)(.*)$/s.exec(term) ?? [];
  const has = row[name] ?? '';
  if (operator === '>=') return has >= value;
  if (operator === '<') return Number(has) < Number(value);
  return operator === 'IN' ? value.split(',').includes(has) : has === value;
}
