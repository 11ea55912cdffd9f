import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { Refused, type Row, type ServiceNowTables } from './service-now-tables.js';

const DOCS = join(import.meta.dirname, '../../../docs/systems');

/** The scripts of a page, in their order. */
export const scriptsOf = (page: string, language = 'js'): string[] => [...readFileSync(join(DOCS, `${page}.md`), 'utf8').matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, script = '']) => script);

/** What a script of an instance sent. */
export interface Sent {
  readonly headers: Record<string, string>;
  url: string;
  body: string;
}

/** What scripts find in an instance, as far as those of our pages need it: records over its tables, requests, properties. */
export class Glide {
  readonly sent: Sent[] = [];
  private readonly context: Record<string, unknown>;

  constructor(tables: ServiceNowTables) {
    const { sent } = this;
    class RESTMessageV2 {
      private readonly message: Sent = { headers: {}, url: '', body: '' };
      setEndpoint(url: string): void { this.message.url = url; }
      setHttpMethod(): void { /* a post */ }
      setRequestHeader(name: string, value: string): void { this.message.headers[name.toLowerCase()] = value; }
      setRequestBody(body: string): void { this.message.body = body; }
      executeAsync(): void { sent.push(this.message); }
    }
    class SOAPMessageV2 {
      private body = '';
      setStringParameterNoEscape(name: string, value: string): void { this.body = scriptsOf('servicenow-soap', 'xml')[0]!.replace(`\${${name}}`, () => value); }
      execute(): void { sent.push({ headers: {}, url: '', body: this.body.trim() }); }
    }
    const GlideRecord = recordsOf(tables);
    this.context = createContext({
      sn_ws: { RESTMessageV2, SOAPMessageV2 }, gs: { getProperty: (name: string) => (name === 'parley.token' ? 'token' : 'credential') }, GlideRecord, GlideRecordSecure: GlideRecord,
      GlideStringUtil: { escapeHTML: (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') },
      sn_ws_err: { BadRequestError: class { status = 400; constructor(readonly message: string) {} }, NotFoundError: class { status = 404; constructor(readonly message: string) {} } },
    });
  }

  /** Runs a script with what it is given; its last value. */
  run(script: string, given: Readonly<Record<string, unknown>>): unknown {
    Object.assign(this.context, given);
    return runInContext(script, this.context) as unknown;
  }
}

/** A row as a business rule has it before it: with what was said in its journals just now. */
export function currentOf(row: Row, said: { readonly comments?: string; readonly work_notes?: string } = {}): object {
  const journal = (text: string | undefined): object => ({ changes: () => text !== undefined, toString: () => text ?? '' });
  return { getValue: (name: string) => row[name] ?? null, getUniqueValue: () => row['sys_id'], comments: journal(said.comments), work_notes: journal(said.work_notes) };
}

/** GlideRecord over incidents; journals are set as members. */
function recordsOf(tables: ServiceNowTables) {
  return class GlideRecord {
    private terms: string[] = [];
    private found: Row[] = [];
    private row: Row | null = null;
    private fields: Record<string, unknown> = {};
    private error = '';
    comments = '';
    work_notes = '';

    addQuery(name: string, value: unknown): void { this.terms.push(`${name}=${String(value)}`); }
    query(): void { this.found = tables.query(tables.rows, this.terms.join('^')); }
    next(): boolean { this.row = this.found.shift() ?? null; return this.row !== null; }
    get(id: string): boolean { this.row = tables.find(id) ?? null; return this.row !== null; }
    initialize(): void { this.row = null; }
    isValidField(name: string): boolean { return !name.startsWith('u_'); }
    setValue(name: string, value: unknown): void { this.fields[name] = value; }
    getValue(name: string): string | null { return this.row?.[name] ?? null; }
    getUniqueValue(): string { return this.row?.['sys_id'] ?? ''; }
    getLastErrorMessage(): string { return this.error; }
    insert(): string | null { return this.attempt(() => { this.row = tables.insert({ ...this.fields, comments: this.comments, work_notes: this.work_notes }); }); }
    update(): string | null { return this.attempt(() => { tables.write(this.row!, { ...this.fields, comments: this.comments, work_notes: this.work_notes }); }); }

    private attempt(write: () => void): string | null {
      try {
        write();
        return this.getUniqueValue();
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        this.error = `Operation Failed: ${error.message}`;
        return null;
      }
    }
  };
}
