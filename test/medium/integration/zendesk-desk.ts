import { createHmac } from 'node:crypto';
import { zendesk } from '../../../src/adapter/preset/system/zendesk.js';
import { FakeZendesk, type FakeTicket } from '../../support/fakes/zendesk.js';
import type { Integration } from './integration.js';
import { telling } from './telling.js';

const SECRET = 'shared';
const [PARLEY, VERA] = ['1', '7'];

/** A Zendesk with people in it and a webhook that tells of every event, also of those that came from us. */
export class ZendeskDesk {
  readonly there = new FakeZendesk();
  private events = 0;
  private constructor(private readonly integration: Integration, readonly id: string) {}

  static async connect(integration: Integration, id: string): Promise<ZendeskDesk> {
    const desk = new ZendeskDesk(integration, id);
    const over = { auth: { type: 'basic', username: 'parley@x/token', password: 'key' }, verification: { type: 'zendesk', secret: SECRET }, integrationUser: PARLEY };
    await integration.connect(id, zendesk, over, (target) => desk.there.attachTo(telling(target, (request) => {
      if (!request.url.includes('/tickets')) return;
      const { comment } = (JSON.parse(request.body.toString()) as { ticket: { comment?: object } }).ticket;
      const ticket = request.method === 'POST' ? desk.there.tickets.at(-1)!['id'] as number : Number(/\/(\d+)\.json/.exec(request.url)![1]);
      void desk.tell(ticket, 'status_changed', PARLEY);
      if (comment !== undefined) void desk.tellOfComment(ticket, PARLEY);
    })));
    return desk;
  }

  private async tell(ticket: number, type: string, actor: string, event: object = {}): Promise<void> {
    const body = JSON.stringify({ account_id: 1, id: `e-${++this.events}`, type: `zen:event-type:ticket.${type}`, time: '2026-01-31T08:05:12Z', subject: `zen:ticket:${ticket}`, detail: { id: String(ticket), actor_id: actor }, event });
    const timestamp = new Date().toISOString();
    const signature = createHmac('sha256', SECRET).update(timestamp + body).digest('base64');
    await this.integration.must('POST', `/api/v1/inbound/${this.id}/Ticket`, body, { 'content-type': 'application/json', 'x-zendesk-webhook-signature-timestamp': timestamp, 'x-zendesk-webhook-signature': signature });
  }

  private tellOfComment(ticket: number, actor: string): Promise<void> {
    const { id, body, public: isPublic } = this.there.comments.get(ticket)!.at(-1)!;
    return this.tell(ticket, 'comment_added', actor, { comment: { id: String(id), body, is_public: isPublic, author: { id: actor, name: actor === VERA ? 'Vera' : 'Parley' } } });
  }

  /** Somebody opens a ticket: two events, since the description is a comment there. */
  async open(fields: FakeTicket): Promise<number> {
    const id = 4711 + this.there.tickets.length;
    this.there.tickets.push({ id, status: 'new', created_at: '2026-01-31T08:00:00Z', updated_at: '2026-01-31T08:00:00Z', ...fields });
    this.there.say(id, { body: fields['description'] as string });
    await this.tell(id, 'created', VERA);
    await this.tellOfComment(id, VERA);
    return id;
  }

  async say(id: number, body: string, isPublic: boolean): Promise<void> {
    this.there.say(id, { body, public: isPublic });
    await this.tellOfComment(id, VERA);
  }

  async move(id: number, status: string): Promise<void> {
    this.ticket(id)['status'] = status;
    await this.tell(id, 'status_changed', VERA);
  }

  ticket(id: number): FakeTicket {
    return this.there.tickets.find((one) => one['id'] === id)!;
  }

  /** What was said there, the description first. */
  said(id: number): string[] {
    return (this.there.comments.get(id) ?? []).map(({ body, public: isPublic }) => `${isPublic ? 'public' : 'internal'}: ${body}`);
  }
}
