import { json, type Behaviour, type FakeTarget } from '../fake-target.js';
import { behaveAs, header, type Asked } from './fake-system.js';

interface Journal { readonly id: number; readonly user: { readonly id: number; readonly name: string }; readonly notes: string; readonly private_notes: boolean; readonly created_on: string; readonly details: readonly object[] }
interface File { readonly id: number; readonly filename: string; readonly content_type: string; readonly content_url: string; readonly author: { readonly id: number; readonly name: string }; readonly created_on: string }
interface Issue { readonly id: number; subject: string; description: string | null; status: number; priority: number; readonly author: { readonly id: number; readonly name: string }; readonly ref: string; readonly created_on: string; updated_on: string; readonly journals: Journal[]; readonly attachments: File[] }

export const VERA = { id: 7, name: 'Vera Agent' };
const PARLEY = { id: 5, name: 'Parley API' };

/** Redmine 5.0.4 as it was seen: answers without body, changes that are dropped without a word, tokens that work once, journals of each issue alone. */
export class FakeRedmine {
  readonly issues: Issue[] = [];
  readonly uploads: string[] = [];
  private readonly tokens = new Set<string>();
  /** The states to which Parley's user may take an issue. */
  allowed = [1, 2, 3, 4, 5, 6];
  permissions: readonly string[] = ['add_issue_notes', 'set_notes_private'];
  now = '2026-01-31T10:05:00Z';

  reset(): void {
    this.issues.length = 0;
    this.uploads.length = 0;
    this.allowed = [1, 2, 3, 4, 5, 6];
    this.permissions = ['add_issue_notes', 'set_notes_private'];
    this.now = '2026-01-31T10:05:00Z';
  }

  add(over: Partial<Issue> = {}): Issue {
    const issue = { id: this.issues.length + 1, subject: 'VPN', description: null, status: 1, priority: 2, author: VERA, ref: '', created_on: this.now, updated_on: this.now, journals: [], attachments: [], ...over };
    this.issues.push(issue);
    return issue;
  }

  /** Somebody writes into an issue. */
  write(issue: Issue, over: Partial<Journal>): void {
    issue.journals.push({ id: 100 * issue.id + issue.journals.length, user: VERA, notes: '', private_notes: false, created_on: this.now, details: [], ...over });
    issue.updated_on = this.now;
  }

  attachTo(target: FakeTarget): void {
    const find = (id: string | undefined): Issue | undefined => this.issues.find((one) => String(one.id) === id);
    const missing: Behaviour = { do: 'answer', status: 404 };
    behaveAs(target, [
      ['GET', /^\/users\/current\.json$/, () => json(200, { user: { id: 5, login: 'parley', admin: false, memberships: [{ id: 1, project: { id: 1, name: 'ITSM' }, roles: [{ id: 3, name: 'Agent' }] }] } })],
      ['GET', /^\/roles\/3\.json$/, () => json(200, { role: { id: 3, name: 'Agent', permissions: this.permissions } })],
      ['POST', /^\/uploads\.json$/, ({ headers, query, text }) => this.upload(String(headers['content-type']), query, text)],
      ['POST', /^\/issues\.json$/, ({ body }) => this.create(body['issue'])],
      ['GET', /^\/issues\/(\d+)\.json$/, ({ found: [id], query }) => {
        const issue = find(id);
        return issue === undefined ? missing : json(200, { issue: this.shown(issue, query.get('include') ?? '') });
      }],
      ['PUT', /^\/issues\/(\d+)\.json$/, ({ found: [id], body }) => {
        const issue = find(id);
        return issue === undefined ? missing : this.change(issue, body['issue']);
      }],
      ['GET', /^\/issues\.json$/, ({ query }) => this.list(query)],
      ['GET', /^\/attachments\/download\/(\d+)$/, ({ found: [id] }) => ({ do: 'answer', status: 200, body: `content of ${id}`, headers: { 'content-type': 'text/plain' } })],
    ], header('x-redmine-api-key', 'secret'));
  }

  private upload(type: string, query: URLSearchParams, text: string): Behaviour {
    if (type !== 'application/octet-stream') return { do: 'answer', status: 406 };
    const token = `${this.uploads.length + 1}.abc`;
    this.tokens.add(token);
    this.uploads.push(`${query.get('filename')} ${query.get('content_type')} ${text}`);
    return json(201, { upload: { id: this.uploads.length, token } });
  }

  private create(given: Asked['body']): Behaviour {
    if (given['project_id'] !== 'itsm') return json(422, { errors: ['Project cannot be blank', 'Tracker cannot be blank', 'Status cannot be blank'] });
    if (given['subject'] === undefined || given['subject'] === '') return json(422, { errors: ['Subject cannot be blank'] });
    // Its workflow says where an issue begins: a status is dropped.
    const issue = this.add({ subject: given['subject'], description: given['description'] ?? null, priority: given['priority_id'] ?? 2, author: PARLEY, ref: given['custom_fields'][0].value });
    return this.attach(issue, given['uploads']) ?? json(201, { issue: this.shown(issue, '') });
  }

  private change(issue: Issue, given: Asked['body']): Behaviour {
    if (given['priority_id'] !== undefined && !(given['priority_id'] >= 1 && given['priority_id'] <= 5)) return json(422, { errors: ['Priority cannot be blank'] });
    const refused = this.attach(issue, given['uploads']);
    if (refused !== null) return refused;
    if (this.allowed.includes(given['status_id'])) issue.status = given['status_id'];
    if (given['subject'] !== undefined) issue.subject = given['subject'];
    if (given['priority_id'] !== undefined) issue.priority = given['priority_id'];
    if (given['notes'] !== undefined) this.write(issue, { user: PARLEY, notes: given['notes'], private_notes: given['private_notes'] === true && this.permissions.includes('set_notes_private') });
    return { do: 'answer', status: 204 };
  }

  private attach(issue: Issue, uploads: readonly { token: string; filename: string; content_type: string }[] | undefined): Behaviour | null {
    for (const { token, filename, content_type: type } of uploads ?? []) {
      if (!this.tokens.delete(token)) return json(422, { errors: ['1 file(s) could not be saved.'] });
      this.file(issue, filename, type, PARLEY);
    }
    return null;
  }

  file(issue: Issue, filename: string, type: string, author = VERA): void {
    const id = 10 * issue.id + issue.attachments.length;
    issue.attachments.push({ id, filename, content_type: type, content_url: `http://inside.example/attachments/download/${id}/${encodeURIComponent(filename)}`, author, created_on: this.now });
    issue.updated_on = this.now;
  }

  private shown({ id, subject, description, status, priority, author, ref, created_on, updated_on, journals, attachments }: Issue, include: string): object {
    const has = (name: string): boolean => include.split(',').includes(name);
    return {
      id, project: { id: 1, name: 'ITSM' }, tracker: { id: 1, name: 'Bug' }, status: { id: status }, priority: { id: priority }, author, subject, description, custom_fields: [{ id: 1, name: 'ParleyRef', value: ref }], created_on, updated_on,
      ...(has('journals') ? { journals } : {}), ...(has('attachments') ? { attachments } : {}), ...(has('allowed_statuses') ? { allowed_statuses: this.allowed.map((one) => ({ id: one })) } : {}),
    };
  }

  /** Without `status_id=*` only what is open; journals never. */
  private list(query: URLSearchParams): Behaviour {
    const since = query.get('updated_on');
    if (since !== null && !/^>=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(since)) return json(422, { errors: ['Updated is invalid'] });
    const ref = query.get('cf_1');
    const all = this.issues.filter((one) => (query.get('status_id') === '*' || one.status < 5) && (ref === null || one.ref === ref) && (since === null || one.updated_on >= since.slice(2)))
      .sort((one, other) => (query.get('sort')?.endsWith(':desc') === true ? -1 : 1) * one.updated_on.localeCompare(other.updated_on));
    const [offset, limit] = [Number(query.get('offset') ?? 0), Math.min(Number(query.get('limit') ?? 25), 100)];
    return json(200, { issues: all.slice(offset, offset + limit).map((one) => this.shown(one, '')), total_count: all.length, offset, limit });
  }
}
