import type { ProposedOperationDto, ProposedOperationsDto } from '../api/models';
import { isObject, type JsonObject, withMember } from '../schema-form/form-value';
import type { EndpointDraft } from './endpoint-draft';

export const PURPOSES = ['create', 'update', 'attach', 'lookup'] as const;
/** What a call may be for an entity type. */
export type Purpose = (typeof PURPOSES)[number];

/** A call that is taken over, and what for. */
export interface TakenCall {
  readonly operation: ProposedOperationDto;
  readonly purpose: Purpose;
}

type Proposed = Pick<ProposedOperationsDto, 'namespaces'>;

/** What each call is probably for; of several for the same thing the first. */
export function likelyPurposes(operations: readonly ProposedOperationDto[]): ReadonlyMap<string, Purpose> {
  const likely = new Map<string, Purpose>();
  for (const { name, suggestedFor } of operations) if (suggestedFor !== null && ![...likely.values()].includes(suggestedFor)) likely.set(name, suggestedFor);
  return likely;
}

/** The draft with calls written into one of its entity types, which is added where it has none of this name. What the draft says already of the address, of places and prefixes stays. */
export function withCalls(draft: EndpointDraft, entityType: string, { namespaces }: Proposed, taken: readonly TakenCall[]): EndpointDraft {
  const known = memberOf(draft.settings, 'namespaces');
  const prefixes = prefixesFor(namespaces, known);
  const address = taken.find(({ operation }) => operation.address !== null)?.operation.address ?? undefined;
  const placed = address === undefined || (isObject(draft.settings) && 'address' in draft.settings) ? draft.settings : withMember(draft.settings, 'address', address);
  const settings = withMember(placed, 'namespaces', { ...known, ...Object.fromEntries(Object.entries(namespaces).map(([prefix, uri]) => [prefixes.get(prefix) ?? prefix, uri])) });
  const version = taken.find(({ operation }) => operation.version !== '1.1')?.operation.version;
  const types = Array.isArray(draft.entityTypes) ? (draft.entityTypes as readonly unknown[]) : [];
  const at = types.findIndex((type) => isObject(type) && isSameName(type['name'], entityType));
  const before = at < 0 ? { name: entityType } : types[at];
  const after = taken.reduce<unknown>((type, { operation, purpose }) => withCall(type, purpose, renamed(operation, prefixes)), before);
  return {
    ...draft, settings: version === undefined || 'version' in settings ? settings : { ...settings, version },
    entityTypes: at < 0 ? [...types, after] : types.map((type, place) => (place === at ? after : type)),
  };
}

function withCall(entityType: unknown, purpose: Purpose, { request, ticketIds }: Pick<ProposedOperationDto, 'request' | 'ticketIds'>): JsonObject {
  const [ticketId] = ticketIds;
  if (purpose === 'lookup') return withMember(entityType, 'lookup', { ...request, ...(ticketId === undefined ? {} : { ticketId: { xpath: ticketId } }), absentWhen: ticketId === undefined ? [] : [{ xpath: withoutLast(ticketId) }] });
  const type = withMember(entityType, 'operations', withMember(memberOf(entityType, 'operations'), purpose, request));
  const response = memberOf(type, 'response');
  return purpose !== 'create' || ticketId === undefined || 'ticketId' in response ? type : withMember(type, 'response', { ...response, ticketId: { xpath: ticketId } });
}

/** An answer that lacks the last step of a path: `//a/b` becomes `//a[not(b)]`. */
function withoutLast(xpath: string): string {
  const at = xpath.lastIndexOf('/');
  const [above, last] = [xpath.slice(0, at), xpath.slice(at + 1)];
  return above === '' || above === '/' ? `not(${xpath})` : `${above}[not(${last})]`;
}

/** Under which prefix each proposed namespace is written: its own, unless that means another one already. */
function prefixesFor(proposed: Readonly<Record<string, string>>, known: JsonObject): ReadonlyMap<string, string> {
  const taken = new Set([...Object.keys(known), ...Object.keys(proposed)]);
  return new Map(Object.entries(proposed).map(([prefix, uri]) => {
    if (known[prefix] === undefined || known[prefix] === uri) return [prefix, prefix];
    let number = 2;
    while (taken.has(`${prefix}_${String(number)}`)) number += 1;
    taken.add(`${prefix}_${String(number)}`);
    return [prefix, `${prefix}_${String(number)}`];
  }));
}

/** A call with its prefixes as they are in the draft: in tags, in `xpath` steps. */
function renamed({ request, ticketIds }: ProposedOperationDto, prefixes: ReadonlyMap<string, string>): Pick<ProposedOperationDto, 'request' | 'ticketIds'> {
  const write = (text: string, before: RegExp): string => text.replace(before, (all, lead: string, prefix: string) => `${lead}${prefixes.get(prefix) ?? prefix}:`);
  const body = request['body'];
  return {
    request: typeof body === 'string' ? { ...request, body: write(body, /(<\/?)([\w-]+):/g) } : request,
    ticketIds: ticketIds.map((xpath) => write(xpath, /(^|\/)([\w-]+):/g)),
  };
}

const memberOf = (value: unknown, name: string): JsonObject => { const member = isObject(value) ? value[name] : undefined; return isObject(member) ? member : {}; };
const isSameName = (found: unknown, wanted: string): boolean => typeof found === 'string' && found.toLowerCase() === wanted.toLowerCase();
