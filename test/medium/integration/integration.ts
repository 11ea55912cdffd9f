import { expect } from '@jest/globals';
import { ConfigurationModule } from '../../../src/configuration/index.js';
import type { Preset } from '../../../src/adapter/preset/preset.js';
import type { Settings } from '../../../src/config/settings.js';
import { openApi, type Api, type ApiUser } from '../../support/api.js';
import { eventually } from '../../support/eventually.js';
import { FakeTarget } from '../../support/fake-target.js';
import { sharedRedis } from '../../support/redis.js';
import { MODULES } from '../broker-setup.js';

type Document = Readonly<Record<string, unknown>>;

/** An organization in a whole pipeline, whose endpoints are made from presets and whose rules from templates. */
export class Integration {
  readonly targets: FakeTarget[] = [];
  private underWay = 0;
  private constructor(readonly api: Api, readonly user: ApiUser) {}

  static async open(settings: Partial<Settings> = {}): Promise<Integration> {
    const redis = await sharedRedis();
    const api = await openApi([...MODULES, ConfigurationModule], { settings: { redisUrl: redis?.url, ...settings } });
    return new Integration(api, await api.organization('joined'));
  }

  async close(): Promise<void> {
    for (const target of this.targets) await target.stop();
    await this.api.close();
  }

  /** Connects a system that stands behind `behave` by its preset; answers its server. */
  async connect(id: string, preset: Preset, over: Document, behave: (target: FakeTarget) => void, { isPolled = false } = {}): Promise<FakeTarget> {
    const target = await FakeTarget.start();
    this.targets.push(target);
    behave(target);
    const pollOf = (one: Document): Document | undefined => (isPolled ? preset.polling?.[one['name'] as string] : (one['poll'] as Document | undefined));
    const entityTypes = preset.endpoint.entityTypes.map((one) => (pollOf(one) === undefined ? one : { ...one, poll: { ...pollOf(one), everySeconds: 1 } }));
    const address = preset.endpoint.adapter === 'soap' ? 'address' : 'baseUrl';
    await this.endpoint(id, { ...preset.endpoint, entityTypes, settings: { ...preset.endpoint.settings, [address]: target.url + new URL(preset.endpoint.settings[address] as string).pathname.replace(/\/$/, ''), retry: { firstMs: 20, mostMs: 100 }, ...over } });
    return target;
  }

  endpoint(id: string, document: Document): Promise<void> {
    return this.must('PUT', `/api/v1/endpoints/${id}`, { ...document, name: id });
  }

  async use(template: string, parameters: Document): Promise<void> {
    await this.must('POST', `/api/v1/templates/${template}/apply`, { parameters });
  }

  async must(method: 'POST' | 'PUT', path: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<void> {
    this.underWay += 1;
    const answer = await this.user.send(method, path, body, headers).finally(() => { this.underWay -= 1; });
    if (answer.status >= 300) throw new Error(`${method} ${path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  }

  async rows<T extends object>(sql: string): Promise<T[]> {
    return (await this.api.database.worker.query<T & Readonly<Record<string, unknown>>>(sql, [this.user.organization])).rows;
  }

  /** How many deliveries there are, as `endpoint operation state` with what went wrong. Lanes are independent, so that their order is nobody's. */
  async deliveries(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.rows<{ endpoint: string; operation: string; state: string; error: string | null }>('SELECT endpoint, operation, state, error FROM delivery WHERE organization_id = $1');
    const counts: Record<string, number> = {};
    for (const { endpoint, operation, state, error } of rows) {
      const name = `${endpoint} ${operation} ${state}${state === 'SENT' ? '' : ` ${error ?? ''}`}`;
      counts[name] = (counts[name] ?? 0) + 1;
    }
    return counts;
  }

  /** Waits until nothing is on its way any more. */
  untilIdle(): Promise<void> {
    return eventually(async () => {
      const { underWay } = this; // what is accepted meanwhile is not in the answer
      const [open] = await this.rows(`SELECT (SELECT count(*) FROM conversation WHERE organization_id = $1 AND ready_at < 'infinity')::int AS conversations,
        (SELECT count(*) FROM ticket_link WHERE organization_id = $1 AND ready_at < 'infinity')::int AS links, (SELECT count(*) FROM receive_lane WHERE organization_id = $1 AND ready_at < 'infinity')::int AS receive,
        (SELECT count(*) FROM incomplete_request WHERE organization_id = $1)::int AS incomplete`);
      expect({ ...open, underWay }).toEqual({ conversations: 0, links: 0, receive: 0, incomplete: 0, underWay: 0 });
    });
  }

  /** How many messages ended how. */
  async states(): Promise<Readonly<Record<string, number>>> {
    const rows = await this.rows<{ state: string; count: number }>('SELECT state, count(*)::int AS count FROM message WHERE organization_id = $1 AND kind <> 1 GROUP BY state ORDER BY state');
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }
}
