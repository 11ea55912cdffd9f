import { HttpErrorResponse } from '@angular/common/http';
import { describe, expect, it } from 'vitest';
import type { EndpointDto } from '../api/models';
import { bodyOf, draftOf, isConflict, proposedId } from './endpoint-draft';

describe('the draft of an endpoint', () => {
  it('sends back only what a person may set', () => {
    const read = { id: 'a', name: 'A', adapter: 'rest', status: 'ACTIVE', settings: { token: { $secret: 'f' } }, entityTypes: [], version: 3, inboundAddresses: [], runtime: null } as unknown as EndpointDto;
    expect(bodyOf(draftOf(read))).toEqual({ id: 'a', name: 'A', adapter: 'rest', settings: { token: { $secret: 'f' } }, entityTypes: [] });
  });

  it.each([['Acme Service Desk', 'acme-service-desk'], ['  Größe & Co. ', 'gro-e-co'], ['—', '']])('of the name %j proposes the id %j', (name, id) => {
    expect(proposedId(name)).toBe(id);
  });

  it('knows a change by someone else from any other refusal', () => {
    expect(isConflict(new HttpErrorResponse({ status: 412 }))).toBe(true);
    expect(isConflict(new HttpErrorResponse({ status: 409 }))).toBe(false);
  });
});
