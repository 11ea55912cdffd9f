import { json, type FakeTarget } from '../fake-target.js';
import { behaveAs } from './fake-system.js';

interface Issue { readonly id: number; readonly iid: number; readonly web_url: string; title: string; description: string | null; state: 'opened' | 'closed'; labels: string[]; confidential: boolean; readonly author: { username: string }; assignees: { username: string }[]; updated_at: string; readonly created_at: string }

const BASE = '/api/v4/projects/acme/support';
const at = (path: string): RegExp => new RegExp(`^${BASE}${path}$`);
const missing = json(404, { message: '404 Issue Not Found' });

/** GitLab's issues: a state that only events move, comments that are internal or not, files that are uploaded and then written into a text. */
export class FakeGitLab {
  readonly issues: Issue[] = [];
  readonly notes: { readonly body: string; readonly internal: boolean }[] = [];
  readonly events: string[] = [];
  private uploads = 0;

  add(over: Partial<Issue> = {}): Issue {
    const iid = this.issues.length + 1;
    const made: Issue = { id: 1_000 + iid, iid, web_url: `https://gitlab.com/acme/support/-/issues/${iid}`, title: 't', description: null, state: 'opened', labels: [], confidential: false, author: { username: 'vera' }, assignees: [], created_at: '2026-01-31T10:00:00.000Z', updated_at: '2026-01-31T10:05:00.000Z', ...over };
    this.issues.push(made);
    return made;
  }

  reset(): void {
    for (const list of [this.issues, this.notes, this.events]) list.length = 0;
    this.uploads = 0;
  }

  attachTo(target: FakeTarget): void {
    const find = (iid: string | undefined): Issue | undefined => this.issues.find((one) => String(one.iid) === iid);
    behaveAs(target, [
      ['POST', at('/uploads'), ({ text }) => {
        const name = /name="file"; filename="([^"]+)"/.exec(text)?.[1];
        if (name === undefined) return json(400, { error: 'file is invalid' });
        return json(201, { alt: name, url: `/uploads/${++this.uploads}/${name}`, markdown: `[${name}](/uploads/${this.uploads}/${name})` });
      }],
      ['POST', at('/issues'), ({ body }) => {
        if (body['title'] === undefined) return json(400, { error: 'title is missing' });
        if (body['title'].length > 255) return json(400, { message: { title: ['is too long (maximum is 255 characters)'] } });
        return json(201, this.add({ title: body['title'], description: body['description'] ?? null, labels: (body['labels'] as string).split(','), confidential: body['confidential'] === true, author: { username: 'parley-bot' } }));
      }],
      ['GET', at('/issues/(\\d+)'), ({ found: [iid] }) => (find(iid) === undefined ? missing : json(200, find(iid)))],
      ['GET', at('/issues'), ({ query }) => {
        const since = (name: string, time: string): boolean => query.get(name) === null || Date.parse(time) >= Date.parse(query.get(name)!);
        const found = this.issues.filter((one) => since('updated_after', one.updated_at) && since('created_after', one.created_at) && [null, one.author.username].includes(query.get('author_username')));
        const [size, page] = [Number(query.get('per_page') ?? 20), Number(query.get('page') ?? 1)];
        const more = found.length > page * size;
        query.set('page', String(page + 1));
        return json(200, found.slice((page - 1) * size, page * size), more ? { 'x-next-page': String(page + 1), 'link': `<${target.url}${BASE}/issues?${query.toString()}>; rel="next"` } : { 'x-next-page': '' });
      }],
      ['PUT', at('/issues/(\\d+)'), ({ found: [iid], body }) => this.change(find(iid), body)],
      ['POST', at('/issues/(\\d+)/notes'), ({ found: [iid], body }) => {
        if (find(iid) === undefined) return missing;
        this.notes.push({ body: body['body'], internal: body['internal'] === true });
        return json(201, { id: this.notes.length });
      }],
    ], (headers) => headers['private-token'] === 'token');
  }

  private change(issue: Issue | undefined, { state_event: event, ...fields }: Record<string, any>): ReturnType<typeof json> { // eslint-disable-line @typescript-eslint/no-explicit-any
    if (issue === undefined) return missing;
    if (event === undefined && Object.keys(fields).length === 0) return json(400, { error: 'title, description, state_event are missing, at least one parameter must be provided' });
    if (event !== undefined && !['close', 'reopen'].includes(event as string)) return json(400, { error: 'state_event does not have a valid value' });
    if (event !== undefined) {
      this.events.push(event as string);
      issue.state = event === 'close' ? 'closed' : 'opened';
    }
    Object.assign(issue, fields);
    return json(200, issue);
  }
}
