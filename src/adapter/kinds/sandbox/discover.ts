import { failure } from '../../../core/message/failure.js';
import { err, ok } from '../../../core/message/result.js';
import { isObject } from '../../../core/shape/shape.js';
import type { Adapter, DiscoveredAttribute } from '../../contract.js';
import { deliverySettings } from '../../setting/delivery-settings.js';
import { apiOf, headersOf } from './outbound.js';
import { FIELDS } from './wire.js';

/** Asks the tool for the fields of its tickets; all entity types of its endpoint are tickets. */
export const discover: NonNullable<Adapter['discover']> = async (endpoint, entityType, { http, signal }) => {
  const entityTypes = endpoint.entityTypes.map((one) => one.name);
  const outcome = await http.call({ method: 'GET', url: `${apiOf(endpoint)}/fields`, headers: headersOf(endpoint), body: null }, deliverySettings(endpoint.settings).limits, signal);
  const fields = outcome.kind === 'answered' && outcome.status === 200 ? readJson(outcome.body) : undefined;
  if (!Array.isArray(fields)) return err(failure('target-refused', 'discovery-failed', outcome.kind === 'failed' ? outcome.message : `The tool answered ${outcome.status} when it was asked for its fields.`));
  return ok({ entityTypes, attributes: entityType === null ? [] : fields.filter(isObject).map((field) => attributeOf(field, entityType)), from: 'system' });
};

const attributeNameOf = (field: string): string => FIELDS.find(([, one]) => one === field)?.[0] ?? field;

function attributeOf({ name, label, type, choices }: Readonly<Record<string, unknown>>, entityType: string): DiscoveredAttribute {
  return { entityType, name: attributeNameOf(String(name)), label: typeof label === 'string' ? label : null, type: typeof type === 'string' ? type : null, ...(Array.isArray(choices) ? { choices: choices.map(String) } : {}) };
}

function readJson(body: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(body).toString()) as unknown;
  } catch {
    return undefined;
  }
}
