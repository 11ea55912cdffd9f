import type { EndpointDto } from '../api/models';
import { HttpErrorResponse } from '@angular/common/http';

/** An endpoint as it is being written: what a person may set, nothing that the server tells. */
export interface EndpointDraft {
  readonly id: string;
  readonly name: string;
  readonly adapter: string;
  readonly settings: unknown;
  readonly entityTypes: unknown;
  /** What a new one is begun with. */
  readonly preset?: { readonly id: string; readonly version: number };
}

export const emptyDraft = (adapter: string): EndpointDraft => ({ id: '', name: '', adapter, settings: {}, entityTypes: [] });

export const draftOf = ({ id, name, adapter, settings, entityTypes }: EndpointDto): EndpointDraft => ({ id, name, adapter, settings, entityTypes });

/** The document to send. */
export const bodyOf = (draft: EndpointDraft): EndpointDto => ({ ...draft, settings: draft.settings ?? {}, entityTypes: draft.entityTypes ?? [] }) as unknown as EndpointDto;

/** `Acme Service Desk` → `acme-service-desk`: an id that fits, proposed from the name. */
export const proposedId = (name: string): string => name.normalize('NFKD').toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 64);

/** Someone else changed the document since it was read. */
export const isConflict = (failure: unknown): boolean => failure instanceof HttpErrorResponse && failure.status === 412;
