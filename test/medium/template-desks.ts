import { jiraCloud } from '../../src/adapter/preset/system/jira.js';
import { serviceNow } from '../../src/adapter/preset/system/service-now.js';
import { basic } from '../support/fakes/fake-system.js';
import { FakeJira } from '../support/fakes/jira.js';
import { FakeServiceNow } from '../support/fakes/service-now.js';
import type { SeenRequest } from '../support/fake-target.js';
import { hubSignature, telling, type Integration } from './template-setup.js';

type Fields = Readonly<Record<string, string>>;
const HALF_A_TICKET = { description: '', hold_reason: '', impact: '3', urgency: '3', priority: '5', assignment_group: '', category: '', caller_id: '', correlation_id: '', close_code: '', close_notes: '' };
const bodyOf = ({ body }: SeenRequest): Record<string, string> => JSON.parse(body.toString() || '{}') as Record<string, string>;

/** A ServiceNow with people in it and a business rule that tells of every change, also of those that came from us. */
export class ServiceNowDesk {
  readonly there = new FakeServiceNow();
  private constructor(private readonly integration: Integration, readonly id: string) {}

  static async connect(integration: Integration, id: string): Promise<ServiceNowDesk> {
    const desk = new ServiceNowDesk(integration, id);
    const over = { auth: { type: 'basic', username: 'parley', password: 'secret' }, verification: { type: 'sharedToken', header: 'x-parley-token', secret: 'token' } };
    await integration.connect(id, serviceNow, over, (target) => desk.there.attachTo(telling(target, (request) => {
      if (!request.url.includes('/table/')) return;
      const row = request.method === 'POST' ? desk.there.rows.at(-1)! : desk.there.rows.find(({ sys_id }) => request.url.includes(sys_id!))!;
      const { comments = '', work_notes: note = '' } = bodyOf(request);
      void desk.tell(row, 'parley', { comments, work_notes: note });
    })));
    return desk;
  }

  /** The business rule. */
  private tell(row: Record<string, string>, by: string, journal: Fields = {}): Promise<void> {
    const body = { ...HALF_A_TICKET, ...row, comments: '', work_notes: '', ...journal, sys_updated_by: by, sys_updated_on: '2026-01-31 08:05:12' };
    return this.integration.must('POST', `/api/v1/inbound/${this.id}/Incident`, body, { 'x-parley-token': 'token' });
  }

  /** Somebody opens an incident. */
  async open(fields: Fields): Promise<string> {
    const sysId = String(this.there.rows.length + 1).padStart(32, '0');
    const row: Record<string, string> = { sys_id: sysId, number: `INC${this.there.rows.length + 1}`, state: '1', sys_mod_count: '0', ...fields };
    this.there.rows.push(row);
    await this.tell(row, 'ann');
    return sysId;
  }

  /** Somebody changes fields, or writes a comment or a work note. */
  async change(sysId: string, fields: Fields, journal: Fields = {}): Promise<void> {
    const row = this.row(sysId);
    Object.assign(row, fields, { sys_mod_count: String(Number(row['sys_mod_count']) + 1) });
    await this.tell(row, 'ann', journal);
  }

  row(sysId: string): Record<string, string> {
    return this.there.rows.find((one) => one['sys_id'] === sysId)!;
  }
}

const SECRET = 'secret of the webhook';

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
    await this.integration.must('POST', `/api/v1/inbound/${this.id}/Issue`, body, { 'content-type': 'application/json', 'x-hub-signature': hubSignature(SECRET, body) });
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
