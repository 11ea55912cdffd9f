import { readEndpoint, unknownReferences, type EndpointDraft, type KnownEndpoint, isJsonObject } from '../adapter/index.js';
import { fold } from '../core/message/fold.js';
import { below, knownPlaces, type KnownPlaces } from '../rule/index.js';
import type { ProblemError } from '../web/index.js';

/** An endpoint of the document, beside the stored one. */
export interface EndpointStep {
  readonly at: number;
  readonly draft: EndpointDraft;
  readonly known: KnownEndpoint | null;
}

export interface EndpointPlan {
  readonly steps: readonly EndpointStep[];
  readonly errors: readonly ProblemError[];
  /** The endpoints and entity types as they will be. */
  readonly places: KnownPlaces;
}

/** Shorter inbound secrets are taken, since they may already be in use, but told of. */
const SHORT_SECRET = 16;

/** Reads the endpoints of a document against the stored ones. */
export function planEndpoints(documents: readonly unknown[], stored: readonly KnownEndpoint[]): EndpointPlan {
  const byId = new Map(stored.map((known) => [known.row.id, known]));
  const seen = new Set<string>();
  const steps: EndpointStep[] = [];
  const errors: ProblemError[] = [];
  for (const [at, raw] of documents.entries()) {
    const id = isJsonObject(raw) ? raw['id'] : undefined;
    const known = typeof id === 'string' ? (byId.get(id) ?? null) : null;
    if (typeof id === 'string' && seen.has(id)) errors.push({ pointer: `/endpoints/${at}/id`, detail: `"${id}" stands in the document twice` });
    if (typeof id === 'string') seen.add(id);
    const read = readEndpoint(raw, known);
    if ('errors' in read) errors.push(...below(`/endpoints/${at}`, read.errors));
    else steps.push({ at, draft: read.draft, known });
  }
  const after = new Map(stored.map(({ row }) => [row.id, { id: row.id, entityTypes: row.entityTypes }]));
  for (const { draft } of steps) after.set(draft.id, draft);
  // An endpoint that cannot be read exists all the same: its rules are not to be blamed.
  const places = new Map(knownPlaces([...after.values()]));
  const unread = [...seen].filter((id) => !places.has(fold(id)));
  if (unread.length === 0) for (const { at, draft } of steps) errors.push(...below(`/endpoints/${at}`, unknownReferences(draft.entityTypes, places)));
  return { steps, errors, places };
}

/** Inbound secrets of a document that are easily guessed. */
export const shortSecrets = (steps: readonly EndpointStep[]): ProblemError[] => steps.flatMap(({ at, draft }) =>
  Object.entries(draft.inbound).filter(([, secret]) => secret.length < SHORT_SECRET).map(([key]) => ({
    pointer: `/endpoints/${at}/inbound/${key}`, detail: `has fewer than ${SHORT_SECRET} characters: generate one instead`,
  })));
