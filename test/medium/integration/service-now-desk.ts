import { serviceNow } from '../../../src/adapter/preset/system/service-now.js';
import { FakeServiceNow } from '../../support/fakes/service-now.js';
import type { SeenRequest } from '../../support/fake-target.js';
import type { Integration } from './integration.js';
import { telling } from './telling.js';

type Fields = Readonly<Record<string, string>>;
const EMPTY = { description: '', hold_reason: '', impact: '3', urgency: '3', assignment_group: '', category: '', caller_id: '', correlation_id: '', close_code: '', close_notes: '' };
const bodyOf = ({ body }: SeenRequest): Record<string, string> => JSON.parse(body.toString() || '{}') as Record<string, string>;

/** A ServiceNow with people in it and a business rule that tells of every change; also of those that came from us, unless its condition leaves them out. */
export class ServiceNowDesk {
  readonly there = new FakeServiceNow();
  private constructor(private readonly integration: Integration, readonly id: string) {}

  static async connect(integration: Integration, id: string, { tellsOfUs = true } = {}): Promise<ServiceNowDesk> {
    const desk = new ServiceNowDesk(integration, id);
    const over = { auth: { type: 'basic', username: 'parley', password: 'secret' }, verification: { type: 'sharedToken', header: 'x-parley-token', secret: 'token' } };
    await integration.connect(id, serviceNow, over, (target) => desk.there.attachTo(telling(target, (request) => {
      if (!tellsOfUs || !request.url.includes('/table/')) return;
      const row = request.method === 'POST' ? desk.there.rows.at(-1)! : desk.there.rows.find(({ sys_id }) => request.url.includes(sys_id!))!;
      const { comments = '', work_notes: note = '' } = bodyOf(request);
      void desk.tell(row, 'parley', { comments, work_notes: note });
    })));
    return desk;
  }

  /** The business rule. */
  private tell(row: Record<string, string>, by: string, journal: Fields = {}): Promise<void> {
    const { impact, urgency } = { ...EMPTY, ...row };
    const priority = String(Number(impact) + Number(urgency) - 1); // computed there
    const body = { priority, ...EMPTY, ...row, comments: '', work_notes: '', ...journal, sys_updated_by: by, sys_updated_on: '2026-01-31 08:05:12' };
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
