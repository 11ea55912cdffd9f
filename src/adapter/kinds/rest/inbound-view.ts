import { sameName } from '../../../core/message/fold.js';
import type { ConnectedEndpoint, InboundRequest } from '../../contract.js';
import { compilePredicate, type Predicate, type PredicateSetting } from '../../answer/predicate.js';
import { MessageView } from '../../place/message-view.js';
import { restEntityType, restSettings, type RestInbound, type RestSettings } from './settings.js';

/** Whose requests are read as which entity type, whatever address they came to. */
export interface RestSorting {
  readonly when: PredicateSetting;
  readonly entityType: string;
}

export const viewOf = ({ body, contentType, headers, query }: InboundRequest): MessageView => new MessageView({ body, contentType, headers, query, status: null });

/** How requests of an entity type are read; undefined where they are canonical. */
export function mappingOf(endpoint: ConnectedEndpoint, entityType: string): RestInbound | undefined {
  const found = endpoint.entityTypes.find((one) => sameName(one.name, entityType));
  return found === undefined ? undefined : restEntityType(found).inbound;
}

const known = new WeakMap<RestSettings, readonly (readonly [Predicate, string])[]>();

/** The request as one of the entity type that it is about: that of the first condition that holds, else that of its address. */
export function sorted(request: InboundRequest, endpoint: ConnectedEndpoint): InboundRequest {
  const settings = restSettings(endpoint);
  if (settings.sorting === undefined) return request;
  const conditions = known.get(settings) ?? settings.sorting.map(({ when, entityType }) => [compilePredicate(when), entityType] as const);
  known.set(settings, conditions);
  const view = viewOf(request);
  const found = conditions.find(([holds]) => holds(view))?.[1];
  return found === undefined || !endpoint.entityTypes.some(({ name }) => sameName(name, found)) ? request : { ...request, entityType: found };
}
