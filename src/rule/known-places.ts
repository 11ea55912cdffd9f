import { fold } from '../core/message/fold.js';
import type { RuleDocument } from '../core/rule/document.js';
import type { EndpointRow } from '../store/endpoint/endpoint.entity.js';
import type { ProblemError } from '../web/index.js';

/** The endpoints that exist, by folded id, and the folded names of their entity types. */
export type KnownPlaces = ReadonlyMap<string, ReadonlySet<string>>;

export const knownPlaces = (endpoints: readonly Pick<EndpointRow, 'id' | 'entityTypes'>[]): KnownPlaces =>
  new Map(endpoints.map((endpoint) => [fold(endpoint.id), new Set(endpoint.entityTypes.map((one) => fold((one as { readonly name: string }).name)))]));

/** What is unknown of an (endpoint, entity type) that stands at two keys of a document. */
export function unknownPlace(places: KnownPlaces, at: { readonly endpoint: string; readonly entityType: string }, pointers: { readonly endpoint: string; readonly entityType: string }): ProblemError[] {
  const entityTypes = places.get(fold(at.endpoint));
  if (entityTypes === undefined) return [{ pointer: pointers.endpoint, detail: `there is no endpoint "${at.endpoint}"` }];
  if (entityTypes.has(fold(at.entityType))) return [];
  return [{ pointer: pointers.entityType, detail: `the endpoint "${at.endpoint}" has no entity type "${at.entityType}"` }];
}

/** The endpoints and entity types that a rule names and nobody knows; pointers start at the rule. */
export function unknownPlacesOf(rule: RuleDocument, places: KnownPlaces): ProblemError[] {
  const source = unknownPlace(places, { endpoint: rule.sourceSystemId, entityType: rule.sourceEntityType }, { endpoint: '/sourceSystemId', entityType: '/sourceEntityType' });
  const target = rule.action !== 'ROUTE' ? []
    : unknownPlace(places, { endpoint: rule.targetSystemId, entityType: rule.targetEntityType }, { endpoint: '/targetSystemId', entityType: '/targetEntityType' });
  const awaited = rule.delayConditions.flatMap((delay, at) => !isTicketDelay(delay) ? []
    : unknownPlace(places, delay, { endpoint: `/delayConditions/${at}/endpoint`, entityType: `/delayConditions/${at}/entityType` }));
  return [...source, ...target, ...awaited];
}

const isTicketDelay = (delay: unknown): delay is { readonly endpoint: string; readonly entityType: string } =>
  (delay as { readonly type?: unknown }).type === 'TicketId';
