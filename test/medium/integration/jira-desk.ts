import { createHmac } from 'node:crypto';
import { jiraCloud } from '../../../src/adapter/preset/system/jira.js';
import { basic } from '../../support/fakes/fake-system.js';
import { FakeJira } from '../../support/fakes/jira.js';
import type { Integration } from './integration.js';
import { telling } from './telling.js';

const SECRET = 'secret of the webhook';
const signatureOf = (body: string): string => `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`;

/** A Jira service project with people in it and a webhook that tells of every change, also of those that came from us. */
export class JiraDesk {
  readonly there = new FakeJira();
  private comments = 0;
  private constructor(private readonly integration: Integration, readonly id: string) {}

  static async connect(integration: Integration, id: string): Promise<JiraDesk> {
    const desk = new JiraDesk(integration, id);
    const over = { auth: { type: 'basic', username: 'parley@example.com', password: 'secret' }, integrationUser: 'parley', verification: { type: 'jira', secret: SECRET } };
    await integration.connect(id, jiraCloud, over, (target) => desk.there.attachTo(telling(target, (request) => {
      const key = /\/(?:issue|request)\/([\w-]+)/.exec(request.url)?.[1];
      const issue = key === undefined ? desk.there.issues.at(-1)! : desk.there.issues.find((one) => one.id === key || one.key === key)!;
      const said = desk.there.comments.at(-1);
      void desk.tell(issue.id, 'parley', request.url.endsWith('/comment') && said !== undefined ? { text: said.body, isPublic: said.isPublic } : undefined);
    }), basic('parley@example.com', 'secret')));
    return desk;
  }

  private async tell(id: string, by: string, comment?: { readonly text: string; readonly isPublic: boolean }): Promise<void> {
    const { key, fields, status } = this.issue(id);
    const body = JSON.stringify({
      webhookEvent: comment === undefined ? 'jira:issue_updated' : 'comment_created', user: { accountId: by, displayName: by },
      issue: { id, key, fields: { ...fields, status: { name: status } } },
      ...(comment === undefined ? {} : { comment: { id: String(++this.comments), body: comment.text, author: { accountId: by, displayName: by }, jsdPublic: comment.isPublic } }),
    });
    await this.integration.must('POST', `/api/v1/inbound/${this.id}/Issue`, body, { 'content-type': 'application/json', 'x-hub-signature': signatureOf(body) });
  }

  /** Somebody opens an issue. */
  async open(fields: Readonly<Record<string, unknown>>): Promise<string> {
    const id = String(10_000 + this.there.issues.length);
    this.there.issues.push({ id, key: `OPS-${this.there.issues.length + 1}`, fields: { labels: [], ...fields }, status: 'Open' });
    await this.tell(id, 'Vera');
    return id;
  }

  async say(id: string, text: string, isPublic: boolean): Promise<void> {
    await this.tell(id, 'Vera', { text, isPublic });
  }

  async move(id: string, status: string): Promise<void> {
    this.issue(id).status = status;
    await this.tell(id, 'Vera');
  }

  issue(id: string): FakeJira['issues'][number] {
    return this.there.issues.find((one) => one.id === id)!;
  }
}
