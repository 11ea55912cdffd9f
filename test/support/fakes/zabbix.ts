import { json, type FakeTarget } from '../fake-target.js';
import { behaveAs } from './fake-system.js';

interface Problem { readonly eventid: string; readonly objectid: string; readonly clock: string; readonly name: string; severity: string; acknowledged: string; r_eventid: string; readonly value: '1'; readonly mayBeClosed: boolean; readonly endedAt?: number; readonly hosts: { name: string }[]; readonly tags: { tag: string; value: string }[]; readonly messages: string[] }

const failed = (code: number, message: string, data: string): ReturnType<typeof json> => json(200, { jsonrpc: '2.0', error: { code, message, data }, id: 1 });

/** Zabbix's API: one address, everything answered 200, all values as text, what is done to an event as a sum of bits. */
export class FakeZabbix {
  readonly problems: Problem[] = [];
  readonly actions: number[] = [];

  add(over: Partial<Problem> = {}): Problem {
    const eventid = String(20_427 + this.problems.length);
    const made: Problem = { eventid, objectid: '15112', clock: '1769853600', name: 'High CPU', severity: '3', acknowledged: '0', r_eventid: '0', value: '1', mayBeClosed: false, hosts: [{ name: 'web-1' }], tags: [{ tag: 'scope', value: 'performance' }], messages: [], ...over };
    this.problems.push(made);
    return made;
  }

  attachTo(target: FakeTarget): void {
    behaveAs(target, [['POST', /^\/api_jsonrpc\.php$/, ({ body, headers }) => {
      if (headers.authorization !== 'Bearer token') return failed(-32602, 'Invalid params.', 'Not authorized.');
      switch (body['method']) {
        case 'event.acknowledge': return this.acknowledge(body['params']);
        case 'event.get': {
          const { problem_time_from: from, problem_time_till: till } = body['params'];
          if ((from === undefined) !== (till === undefined)) return failed(-32602, 'Invalid params.', 'problem_time_from and problem_time_till go together.');
          return json(200, { jsonrpc: '2.0', result: this.problems.filter((one) => from === undefined || one.endedAt === undefined || one.endedAt >= from), id: 1 });
        }
        default: return failed(-32602, 'Invalid params.', `Incorrect method "${String(body['method'])}".`);
      }
    }]], () => true);
  }

  private acknowledge({ eventids, action, message, severity }: Record<string, any>): ReturnType<typeof json> { // eslint-disable-line @typescript-eslint/no-explicit-any
    const problem = this.problems.find(({ eventid }) => eventid === eventids);
    const has = (bit: number): boolean => (Number(action) & bit) !== 0;
    if (problem === undefined) return failed(-32500, 'Application error.', 'No permissions to referred object or it does not exist!');
    if (typeof action !== 'number' || action === 0) return failed(-32602, 'Invalid params.', 'Incorrect value for field "action".');
    if (has(1) && !problem.mayBeClosed) return failed(-32500, 'Application error.', 'Cannot close problem: trigger does not allow manual closing.');
    if (has(4) !== (typeof message === 'string')) return failed(-32602, 'Invalid params.', 'Incorrect value for field "message".');
    if (has(8) !== (severity !== undefined)) return failed(-32602, 'Invalid params.', 'Incorrect value for field "severity".');
    this.actions.push(action);
    if (has(1)) problem.r_eventid = '99999';
    if (has(2)) problem.acknowledged = '1';
    if (has(4)) problem.messages.push(message as string);
    if (has(8)) problem.severity = String(severity);
    if (has(16)) problem.acknowledged = '0';
    return json(200, { jsonrpc: '2.0', result: { eventids: [eventids] }, id: 1 });
  }
}

/** What a media type gives to its script: every parameter as text; macros that mean nothing in this operation stay as they are written. */
export const parameters = (over: Readonly<Record<string, string>> = {}): Record<string, string> => ({
  url: 'https://parley.example/api/v1/inbound/zabbix/Problem', credential: 'credential', eventid: '20427', value: '1', update: '0', update_action: '{EVENT.UPDATE.ACTION}', update_message: '{EVENT.UPDATE.MESSAGE}',
  update_date: '{EVENT.UPDATE.DATE}', update_time: '{EVENT.UPDATE.TIME}', update_user: '{USER.USERNAME}', name: 'High CPU', opdata: 'Load: 12', severity: '4', host: 'web-1', trigger_id: '15112', tags: '[{"tag":"scope","value":"performance"}]',
  zabbix: 'https://zabbix.example.com', ...over,
});
