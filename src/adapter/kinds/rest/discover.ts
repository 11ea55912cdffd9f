import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import { judge } from '../../answer/answer-rules.js';
import type { ConnectedEndpoint, Discovered, PollContext } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import type { MessageView } from '../../place/message-view.js';
import { asWord, compilePlace, type PlaceSetting } from '../../place/place.js';
import { authorized } from './authorized.js';
import { compile } from './compiled.js';
import { fillPath, parsePathTemplate } from './path-template.js';

const MOST = 2_000;

interface Listed {
  readonly items: readonly unknown[];
  readonly view: MessageView;
}

/** Asks the system, at the addresses that the settings name, what it has. */
export async function discover(endpoint: ConnectedEndpoint, entityType: string | null, context: PollContext): Promise<Result<Discovered, Failure>> {
  const { discovery } = compile(endpoint).settings;
  const types = discovery?.entityTypes === undefined ? ok(null) : await list(discovery.entityTypes, {}, endpoint, context);
  if (!types.ok) return types;
  const named = types.value === null ? endpoint.entityTypes.map((one) => one.name) : words(types.value, discovery!.entityTypes!.name);
  if (entityType === null || discovery?.attributes === undefined) return ok({ entityTypes: named, attributes: [], from: entityType === null && types.value !== null ? 'system' : 'settings' });
  const { attributes } = discovery;
  const found = await list(attributes, { entityType }, endpoint, context);
  if (!found.ok) return found;
  const { items, view } = found.value;
  const read = (place: PlaceSetting | undefined, item: unknown): string | null => (place === undefined ? null : asWord(compilePlace(place)(view, item)));
  return ok({
    from: 'system', entityTypes: named,
    attributes: items.flatMap((item) => {
      const name = read(attributes.name, item);
      return name === null ? [] : [{ entityType, name, label: read(attributes.label, item), type: read(attributes.type, item) }];
    }),
  });
}

const words = ({ items, view }: Listed, name: PlaceSetting): string[] => [...new Set(items.map((item) => asWord(compilePlace(name)(view, item))).filter((one) => one !== null))];

async function list(from: { readonly path: string; readonly list: PlaceSetting }, values: Readonly<Record<string, string>>, endpoint: ConnectedEndpoint, { http, signal }: PollContext): Promise<Result<Listed, Failure>> {
  const connected = compile(endpoint);
  const path = fillPath(parsePathTemplate(from.path), (name) => values[name]);
  if (!path.ok) return path;
  const url = new URL(connected.baseUrl + path.value);
  for (const [name, value] of connected.query) url.searchParams.append(name, value);
  const out = authorized(http, endpoint);
  const outcome = await out.call({ method: 'GET', url: url.href, headers: connected.headers, body: null }, deliverySettings(endpoint.settings).limits, signal);
  const { result, view, document } = judge(outcome, connected.check, { isIdempotent: true, secrets: out.secrets(), nowMs: Date.now() });
  if (result.outcome !== 'success' || view === null) return err(failure('target-refused', 'discovery-failed', result.error ?? 'The system did not say what it has.'));
  const found = compilePlace(from.list)(view, document);
  if (typeof found !== 'object' || found === null) return err(failure('target-refused', 'discovery-failed', 'The answer has no list where one is expected.'));
  // A dictionary by name is as good as a list: its keys become the member `name` where there is none.
  const items = Array.isArray(found) ? (found as unknown[]) : Object.entries(found).map(([name, value]) => (typeof value === 'object' && value !== null ? { name, ...value } : { name }));
  return ok({ items: items.slice(0, MOST), view });
}
