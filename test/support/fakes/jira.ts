import { json, type FakeTarget, type SeenRequest } from '../fake-target.js';
import { behaveAs } from './fake-system.js';

interface Issue { readonly id: string; readonly key: string; fields: Record<string, unknown>; status: string }
const FLOW: Readonly<Record<string, readonly string[]>> = { 'Open': ['Work in progress', 'Canceled'], 'Work in progress': ['Pending', 'Resolved'], 'Pending': ['Work in progress'], 'Resolved': ['Closed', 'Reopened'], 'Closed': [], 'Reopened': ['Work in progress'], 'Canceled': [] };
const idOf = (name: string): string => String(11 + 10 * Object.keys(FLOW).indexOf(name));

/** Jira with a service project: writes without answers, a status that only transitions change, comments of two doors, a search that lags. */
export class FakeJira {
  readonly issues: Issue[] = [];
  readonly comments: { readonly body: string; readonly isPublic: boolean }[] = [];
  readonly uploads: string[] = [];
  /** Whether the search has caught up. */
  isIndexed = true;

  attachTo(target: FakeTarget, isKnown: (headers: SeenRequest['headers']) => boolean): void {
    const find = (id: string | undefined): Issue | undefined => this.issues.find((one) => one.id === id || one.key === id);
    const missing = json(404, { errorMessages: ['Issue does not exist or you do not have permission to see it.'], errors: {} });
    behaveAs(target, [
      ['POST', /^\/rest\/api\/2\/issue$/, ({ body }) => {
        if ('status' in body['fields']) return json(400, { errorMessages: [], errors: { status: "Field 'status' cannot be set. It is not on the appropriate screen, or unknown." } });
        if (body['fields'].project.key !== 'OPS') return json(400, { errorMessages: [], errors: { project: 'valid project is required' } });
        const issue = { id: String(10_000 + this.issues.length), key: `OPS-${this.issues.length + 1}`, fields: body['fields'], status: 'Open' };
        this.issues.push(issue);
        return json(201, { id: issue.id, key: issue.key, self: `${target.url}/rest/api/2/issue/${issue.id}` });
      }],
      ['GET', /^\/rest\/api\/2\/issue\/([\w-]+)$/, ({ found: [id] }) => {
        const issue = find(id);
        return issue === undefined ? missing : json(200, { id: issue.id, fields: { status: { name: issue.status } }, transitions: (FLOW[issue.status] ?? []).map((name) => ({ id: idOf(name), name: `to ${name}`, to: { name } })) });
      }],
      ['PUT', /^\/rest\/api\/2\/issue\/([\w-]+)$/, ({ found: [id], body }) => {
        const issue = find(id);
        if (issue === undefined) return missing;
        issue.fields = { ...issue.fields, ...body['fields'] };
        return { do: 'answer', status: 204 };
      }],
      ['POST', /^\/rest\/api\/2\/issue\/([\w-]+)\/transitions$/, ({ found: [id], body }) => {
        const issue = find(id);
        const next = issue === undefined ? undefined : FLOW[issue.status]?.find((name) => idOf(name) === body['transition'].id);
        if (issue === undefined || next === undefined) return json(400, { errorMessages: ['It seems that you have tried to perform a workflow operation that is not valid for the current state of this issue.'], errors: {} });
        issue.status = next;
        return { do: 'answer', status: 204 };
      }],
      ['POST', /^\/rest\/api\/2\/issue\/([\w-]+)\/comment$/, ({ body }) => this.comment(body['body'], true)],
      ['POST', /^\/rest\/servicedeskapi\/request\/([\w-]+)\/comment$/, ({ body }) => this.comment(body['body'], body['public'] as boolean)],
      ['POST', /^\/rest\/api\/2\/issue\/([\w-]+)\/attachments$/, ({ headers, text }) => {
        if (headers['x-atlassian-token'] !== 'no-check') return json(403, { errorMessages: ['XSRF check failed'] });
        this.uploads.push(/name="file"; filename="([^"]+)"/.exec(text)?.[1] ?? 'no file');
        return json(200, [{ id: '1' }]);
      }],
      ['GET', /^\/rest\/api\/3\/search\/jql$/, ({ query }) => json(200, { issues: this.search(query), isLast: true })],
      ['GET', /^\/rest\/api\/2\/search$/, ({ query }) => json(200, { issues: this.search(query), total: this.search(query).length, startAt: 0 })],
    ], isKnown);
  }

  private comment(body: string, isPublic: boolean): ReturnType<typeof json> {
    this.comments.push({ body, isPublic });
    return json(201, { id: String(this.comments.length), jsdPublic: isPublic });
  }

  private search(query: URLSearchParams): { id: string }[] {
    const label = /labels = "([^"]+)"/.exec(query.get('jql') ?? '')?.[1] ?? '';
    return this.isIndexed ? this.issues.filter(({ fields }) => (fields['labels'] as string[]).includes(label)).map(({ id }) => ({ id })) : [];
  }
}
