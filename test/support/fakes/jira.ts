import { json, type Behaviour, type FakeTarget, type SeenRequest } from '../fake-target.js';
import { behaveAs, type Asked } from './fake-system.js';

interface Issue { readonly id: string; readonly key: string; fields: Record<string, unknown>; status: string; updated?: string; histories?: { author: object; created: string }[]; notes?: Note[]; files?: object[] }
interface Note { readonly id: string; readonly body: string; readonly jsdPublic?: boolean; readonly author: object; readonly created: string; readonly visibility?: object }
const FLOW: Readonly<Record<string, readonly string[]>> = { 'Open': ['Work in progress', 'Canceled'], 'Work in progress': ['Pending', 'Resolved'], 'Pending': ['Work in progress'], 'Resolved': ['Closed', 'Reopened'], 'Closed': [], 'Reopened': ['Work in progress'], 'Canceled': [] };
const idOf = (name: string): string => String(11 + 10 * Object.keys(FLOW).indexOf(name));
const VERA = { accountId: 'u1', name: 'vera', displayName: 'Vera' };
const OURS = { accountId: 'parley', name: 'parley', displayName: 'Parley' };
const refused = (field: string, message: string): Behaviour => json(400, { errorMessages: [], errors: { [field]: message } });
const MISSING = json(404, { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} });
const NO_REQUEST = json(404, { errorMessage: 'The request you are trying to view does not exist.', i18nErrorMessage: { i18nKey: 'sd.request.not.found', parameters: [] } });

/** The text of a document as version 3 takes it; null where it is none, or has a node or an empty text that it does not take. */
function textOfDocument(document: unknown): string | null {
  const { type, version, content } = (document ?? {}) as { readonly type?: string; readonly version?: number; readonly content?: readonly { readonly type: string; readonly content?: readonly { readonly type: string; readonly text?: string }[] }[] };
  if (type !== 'doc' || version !== 1 || content === undefined) return null;
  const paragraphs = content.map((one) => (one.type === 'paragraph' && (one.content ?? []).every((part) => part.type === 'text' && part.text !== undefined && part.text !== '') ? (one.content ?? []).map(({ text }) => text).join('') : null));
  return paragraphs.includes(null) ? null : paragraphs.join('\n');
}

/**
 * Jira with a service project: writes without answers, a status that only transitions change, comments of two doors, a search that lags, knows minutes
 * and answers no more than it is asked for. Cloud has version 3, whose texts are documents, a search without total, and no longer the old one; Data
 * Center has version 2, whose texts are wiki markup.
 */
export class FakeJira {
  readonly issues: Issue[] = [];
  readonly comments: { readonly body: string; readonly isPublic: boolean }[] = [];
  readonly uploads: string[] = [];
  /** Files that were put down for a request, and those that hang on one, with who may see them. */
  readonly temporary: string[] = [];
  readonly shared: { readonly name: string; readonly isPublic: boolean }[] = [];
  /** Whether the search has caught up. */
  isIndexed = true;
  now = '2026-01-31T10:05:30.000+0000';

  constructor(readonly edition: 'cloud' | 'data center' = 'cloud') {}

  clear(): void {
    for (const all of [this.issues, this.comments, this.uploads, this.temporary, this.shared]) all.length = 0;
    this.isIndexed = true;
  }

  attachTo(target: FakeTarget, isKnown: (headers: SeenRequest['headers']) => boolean): void {
    const [isCloud, api] = [this.edition === 'cloud', this.edition === 'cloud' ? 3 : 2];
    const find = (id: string | undefined): Issue | undefined => this.issues.find((one) => one.id === id || one.key === id);
    const route = (path: string): RegExp => new RegExp(`^/rest/api/${api}${path}$`);
    behaveAs(target, [
      ['GET', route('/myself'), () => json(200, OURS)],
      ['POST', route('/issue'), ({ body }) => this.made(body['fields'] as Record<string, unknown>, target.url)],
      ['GET', route('/issue/([\\w-]+)'), ({ found: [id], query }) => {
        const issue = find(id);
        return issue === undefined ? MISSING : query.get('expand') === 'changelog' ? this.whole(issue) : json(200, { id: issue.id, fields: { status: { name: issue.status } }, transitions: (FLOW[issue.status] ?? []).map((name) => ({ id: idOf(name), name: `to ${name}`, to: { name } })) });
      }],
      ['PUT', route('/issue/([\\w-]+)'), ({ found: [id], body }) => {
        const issue = find(id);
        if (issue === undefined) return MISSING;
        const { labels = [] } = (body['update'] ?? {}) as { readonly labels?: readonly { readonly add: string }[] };
        const fields = this.taken((body['fields'] ?? {}) as Record<string, unknown>);
        if (typeof fields === 'string') return refused('description', fields);
        this.touch(issue, OURS);
        issue.fields = { ...issue.fields, ...fields, ...(labels.length === 0 ? {} : { labels: [...new Set([...((issue.fields['labels'] ?? []) as string[]), ...labels.map(({ add }) => add)])] }) };
        return { do: 'answer', status: 204 };
      }],
      ['POST', route('/issue/([\\w-]+)/transitions'), ({ found: [id], body }) => {
        const issue = find(id);
        const next = issue === undefined ? undefined : FLOW[issue.status]?.find((name) => idOf(name) === body['transition'].id);
        if (issue === undefined || next === undefined) return json(400, { errorMessages: ['It seems that you have tried to perform a workflow operation that is not valid for the current state of this issue.'], errors: {} });
        issue.status = next;
        this.touch(issue, OURS);
        return { do: 'answer', status: 204 };
      }],
      ['POST', route('/issue/([\\w-]+)/comment'), ({ found: [id], body }) => {
        const text = this.text(body['body']);
        return text === null ? refused('comment', 'Operation value must be an Atlassian Document (see the Atlassian Document Format)') : this.comment(find(id), text, true);
      }],
      ['POST', route('/issue/([\\w-]+)/attachments'), ({ headers, text }) => {
        if (headers['x-atlassian-token'] !== 'no-check') return json(403, { errorMessages: ['XSRF check failed'] });
        this.uploads.push(nameIn(text));
        return json(201, [{ id: '1' }]);
      }],
      ['GET', /^\/rest\/servicedeskapi\/servicedesk$/, () => json(200, { size: 0, values: [] })],
      ['POST', /^\/rest\/servicedeskapi\/request$/, ({ body }) => this.requested(body, target.url)],
      ['POST', /^\/rest\/servicedeskapi\/request\/([\w-]+)\/comment$/, ({ found: [id], body }) => (find(id) === undefined ? NO_REQUEST : this.comment(find(id), body['body'] as string, body['public'] as boolean))],
      ['POST', /^\/rest\/servicedeskapi\/servicedesk\/1\/attachTemporaryFile$/, ({ headers, text }) => {
        if (headers['x-atlassian-token'] !== 'no-check') return json(403, { errorMessage: 'XSRF check failed' });
        this.temporary.push(nameIn(text));
        return json(201, { temporaryAttachments: [{ temporaryAttachmentId: `temp-${this.temporary.length}`, fileName: nameIn(text) }] });
      }],
      ['POST', /^\/rest\/servicedeskapi\/request\/([\w-]+)\/attachment$/, ({ found: [id], body }) => this.hung(find(id), body)],
      ['GET', /^\/rest\/api\/3\/search\/jql$/, (asked) => (isCloud ? this.searched(asked) : json(404, {}))],
      ['GET', /^\/rest\/api\/2\/search$/, (asked) => (isCloud ? json(410, { errorMessages: ['The requested API has been removed. Please migrate to the /rest/api/3/search/jql API.'], errors: {} }) : this.listed(asked))],
    ], isKnown);
  }

  /** Somebody changes an issue. */
  touch(issue: Issue, author: object = VERA): void {
    issue.updated = this.now;
    (issue.histories ??= []).push({ author, created: this.now });
  }

  /** Somebody's comment, for whoever asks for the issue. */
  say(issue: Issue, text: string, more: Partial<Note> = {}): void {
    issue.updated = this.now;
    (issue.notes ??= []).push({ id: String(100 + issue.notes.length), body: text, author: VERA, created: this.now, ...more });
  }

  /** A text as the edition takes it. */
  private text(given: unknown): string | null {
    return this.edition === 'cloud' ? textOfDocument(given) : typeof given === 'string' ? given : null;
  }

  private taken(fields: Record<string, unknown>): Record<string, unknown> | string {
    if (fields['description'] === undefined) return fields;
    const description = this.text(fields['description']);
    return description === null ? 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' : { ...fields, description };
  }

  private made(given: Record<string, unknown>, url: string): Behaviour {
    if ('status' in given) return refused('status', "Field 'status' cannot be set. It is not on the appropriate screen, or unknown.");
    if ((given['project'] as { readonly key: string }).key !== 'OPS') return refused('project', 'valid project is required');
    const fields = this.taken(given);
    if (typeof fields === 'string') return refused('description', fields);
    const issue = this.add(fields);
    return json(201, { id: issue.id, key: issue.key, self: `${url}/rest/api/2/issue/${issue.id}` });
  }

  private add(fields: Record<string, unknown>): Issue {
    const issue = { id: String(10_000 + this.issues.length), key: `OPS-${this.issues.length + 1}`, fields, status: 'Open', updated: this.now };
    this.issues.push(issue);
    return issue;
  }

  private requested({ serviceDeskId, requestTypeId, requestFieldValues: values, raiseOnBehalfOf: by }: Record<string, unknown>, url: string): Behaviour {
    const { summary, description, labels = [] } = (values ?? {}) as Record<string, unknown>;
    if (serviceDeskId !== '1' || requestTypeId !== '25' || typeof summary !== 'string' || (description !== undefined && typeof description !== 'string')) return json(400, { errorMessage: 'Your request could not be created. Please check the fields have been correctly filled in. summary: Please provide a valid value', i18nErrorMessage: {} });
    const issue = this.add({ summary, labels, ...(description === undefined ? {} : { description }), ...(by === undefined ? {} : { reporter: { accountId: by } }) });
    return json(201, { issueId: issue.id, issueKey: issue.key, currentStatus: { status: 'Open' }, createdDate: { iso8601: this.now }, _links: { self: url } });
  }

  private hung(issue: Issue | undefined, body: Record<string, unknown>): Behaviour {
    if (issue === undefined) return NO_REQUEST;
    const names = (body['temporaryAttachmentIds'] as string[]).map((id) => this.temporary[Number(id.slice('temp-'.length)) - 1]);
    if (names.includes(undefined)) return json(400, { errorMessage: 'The temporary attachment does not exist.' });
    this.shared.push(...names.map((name) => ({ name: name!, isPublic: body['public'] as boolean })));
    const said = (body['additionalComment'] as { readonly body: string } | undefined)?.body;
    if (said !== undefined) this.comments.push({ body: said, isPublic: body['public'] as boolean });
    return json(201, { attachments: {} });
  }

  private comment(issue: Issue | undefined, body: string, isPublic: boolean): Behaviour {
    if (issue === undefined) return MISSING;
    this.comments.push({ body, isPublic });
    this.say(issue, body, { jsdPublic: isPublic, author: OURS });
    return json(201, { id: String(this.comments.length), jsdPublic: isPublic });
  }

  private whole({ id, key, fields, status, updated, histories = [], notes = [], files = [] }: Issue): Behaviour {
    const shown = (body: string): unknown => (this.edition === 'cloud' ? { type: 'doc', version: 1, content: [{ type: 'paragraph', content: [{ type: 'text', text: body }] }] } : body);
    const description = fields['description'] === undefined ? {} : { description: shown(fields['description'] as string) };
    return json(200, { id, key, fields: { creator: OURS, updated: this.now, ...fields, ...(updated === undefined ? {} : { updated }), ...description, status: { name: status }, comment: { comments: notes.map((note) => ({ ...note, body: shown(note.body) })) }, attachment: files }, changelog: { histories } });
  }

  private found(query: URLSearchParams): Issue[] {
    const jql = query.get('jql') ?? '';
    const label = /labels = "([^"]+)"/.exec(jql)?.[1];
    const since = /updated >= "(\d{4}\/\d\d\/\d\d \d\d:\d\d)"/.exec(jql)?.[1];
    if (!this.isIndexed || (label === undefined && since === undefined)) return [];
    return this.issues.filter(({ fields, updated }) => (label === undefined ? minuteOf(updated ?? String(fields['updated'])) >= since! : ((fields['labels'] ?? []) as string[]).includes(label)));
  }

  private shownIn({ id, key, fields, updated }: Issue, asked: string | null): object {
    return { id, key, ...(asked === null || asked === 'id' ? {} : { fields: Object.fromEntries(asked.split(',').map((name) => [name, name === 'updated' && updated !== undefined ? updated : fields[name]])) }) };
  }

  /** Of Cloud: pages by a token, no total, and nothing but the id where no fields are asked for. */
  private searched({ query }: Asked): Behaviour {
    const all = this.found(query);
    const [from, size] = [Number(query.get('nextPageToken')?.slice('page-'.length) ?? 0), Math.min(Number(query.get('maxResults') ?? 50), 100)];
    const isLast = from + size >= all.length;
    return json(200, { issues: all.slice(from, from + size).map((one) => this.shownIn(one, query.get('fields'))), isLast, ...(isLast ? {} : { nextPageToken: `page-${from + size}` }) });
  }

  private listed({ query }: Asked): Behaviour {
    const all = this.found(query);
    const [startAt, maxResults] = [Number(query.get('startAt') ?? 0), Number(query.get('maxResults') ?? 50)];
    return json(200, { startAt, maxResults, total: all.length, issues: all.slice(startAt, startAt + maxResults).map((one) => this.shownIn(one, query.get('fields'))) });
  }
}

const nameIn = (form: string): string => /name="file"; filename="([^"]+)"/.exec(form)?.[1] ?? 'no file';
/** Of a time, what a search sees of it: the minute, in the zone of the user, which is UTC. */
const minuteOf = (updated: string): string => new Date(updated).toISOString().slice(0, 16).replace('T', ' ').replaceAll('-', '/');
