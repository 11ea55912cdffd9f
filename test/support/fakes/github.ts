import { json, type FakeTarget } from '../fake-target.js';
import { behaveAs } from './fake-system.js';

interface Issue { readonly id: number; readonly number: number; readonly html_url: string; title: string; body: string | null; state: string; state_reason: string | null; labels: { name: string }[]; readonly user: { login: string }; updated_at: string; readonly pull_request?: object }

const BASE = '/repos/acme/support/issues';
const at = (path: string): RegExp => new RegExp(`^${BASE}${path}$`);
const invalid = (field: string, message: string): ReturnType<typeof json> => json(422, { message: 'Validation Failed', errors: [{ resource: 'Issue', field, code: 'custom', message }], documentation_url: 'https://docs.github.com/rest' });

/** GitHub's issues: one list with the pull requests, pages by links, words of its own for how an issue ended, and no files. */
export class FakeGitHub {
  readonly issues: Issue[] = [];
  readonly comments: string[] = [];

  /** An issue, or a pull request, that is there already. */
  add(over: Partial<Issue> = {}): Issue {
    const number = this.issues.length + 1;
    const made: Issue = { id: 1_000 + number, number, html_url: `https://github.com/acme/support/issues/${number}`, title: 't', body: null, state: 'open', state_reason: null, labels: [], user: { login: 'vera' }, updated_at: '2026-01-31T10:05:00Z', ...over };
    this.issues.push(made);
    return made;
  }

  attachTo(target: FakeTarget): void {
    const find = (number: string | undefined): Issue | undefined => this.issues.find((one) => String(one.number) === number);
    const missing = json(404, { message: 'Not Found', documentation_url: 'https://docs.github.com/rest' });
    behaveAs(target, [
      ['POST', at(''), ({ body }) => {
        if (typeof body['title'] !== 'string' || body['title'] === '') return invalid('title', "title can't be blank");
        if (body['title'].length > 256) return invalid('title', 'title is too long (maximum is 256 characters)');
        return json(201, this.add({ title: body['title'], body: body['body'], labels: (body['labels'] as string[]).map((name) => ({ name })), user: { login: 'parley-bot' } }));
      }],
      ['GET', at(''), ({ query }) => {
        const found = this.issues.filter((one) => (query.get('state') === 'all' || one.state === 'open') && one.updated_at >= (query.get('since') ?? '') && [null, one.user.login].includes(query.get('creator')));
        const [size, page] = [Number(query.get('per_page') ?? 30), Number(query.get('page') ?? 1)];
        query.set('page', String(page + 1));
        return json(200, found.slice((page - 1) * size, page * size), found.length > page * size ? { link: `<${target.url}${BASE}?${query.toString()}>; rel="next"` } : {});
      }],
      ['PATCH', at('/(\\d+)'), ({ found: [number], body }) => {
        const issue = find(number);
        if (issue === undefined) return missing;
        if (body['state'] !== undefined && !['open', 'closed'].includes(body['state'] as string)) return invalid('state', 'state is not included in the list');
        if (body['state_reason'] !== undefined && !['completed', 'not_planned', 'duplicate', 'reopened'].includes(body['state_reason'] as string)) return invalid('state_reason', 'is not included in the list');
        Object.assign(issue, body);
        return json(200, issue);
      }],
      ['POST', at('/(\\d+)/comments'), ({ found: [number], body }) => {
        if (find(number) === undefined) return missing;
        this.comments.push(body['body'] as string);
        return json(201, { id: this.comments.length });
      }],
    ], ({ authorization, accept }) => authorization === 'Bearer token' && accept === 'application/vnd.github+json');
  }
}
