import { describe, expect, it } from 'vitest';
import type { ProposedOperationDto } from '../api/models';
import { emptyDraft, type EndpointDraft } from './endpoint-draft';
import { likelyPurposes, withCalls } from './wsdl-draft';

const operation = (name: string, more: Partial<ProposedOperationDto> = {}): ProposedOperationDto => ({
  name, version: '1.1', address: null, suggestedFor: null, fields: [], request: { action: name, body: `<t:${name}><t:id>{{attributes.id}}</t:id></t:${name}>` }, ticketIds: [`//t:${name}Response/t:id`], ...more,
});
const draft = (more: Partial<EndpointDraft> = {}): EndpointDraft => ({ ...emptyDraft('soap'), settings: { address: 'https://desk.example' }, ...more });
const NAMESPACES = { t: 'urn:desk' };

describe('calls of a WSDL', () => {
  it('are for one thing each, the first that is probably for it', () => {
    expect([...likelyPurposes([operation('Open', { suggestedFor: 'create' }), operation('Add', { suggestedFor: 'create' }), operation('Find', { suggestedFor: 'lookup' }), operation('Ping')])]).toEqual([['Open', 'create'], ['Find', 'lookup']]);
  });

  it('become operations of an entity type, with the prefixes they use and the place of the ticket id', () => {
    const { settings, entityTypes } = withCalls(draft(), 'ticket', { namespaces: NAMESPACES }, [{ operation: operation('Create'), purpose: 'create' }, { operation: operation('Update'), purpose: 'update' }]);
    expect(settings).toEqual({ address: 'https://desk.example', namespaces: NAMESPACES });
    expect(entityTypes).toEqual([{
      name: 'ticket', operations: { create: operation('Create').request, update: operation('Update').request }, response: { ticketId: { xpath: '//t:CreateResponse/t:id' } },
    }]);
  });

  it('stand beside what the entity type has; a place that is set stays', () => {
    const before = { name: 'Ticket', operations: { update: { body: '<u/>' } }, response: { ticketId: { xpath: '//mine' } }, limits: 1 };
    const { entityTypes } = withCalls(draft({ entityTypes: [{ name: 'other' }, before] }), 'ticket', { namespaces: NAMESPACES }, [{ operation: operation('Create'), purpose: 'create' }]);
    expect(entityTypes).toEqual([{ name: 'other' }, { ...before, operations: { update: { body: '<u/>' }, create: operation('Create').request } }]);
  });

  it('look a ticket up: it is absent where the answer lacks its place', () => {
    const { entityTypes } = withCalls(draft(), 'ticket', { namespaces: NAMESPACES }, [{ operation: operation('Find'), purpose: 'lookup' }]);
    expect(entityTypes).toEqual([{ name: 'ticket', lookup: { ...operation('Find').request, ticketId: { xpath: '//t:FindResponse/t:id' }, absentWhen: [{ xpath: '//t:FindResponse[not(t:id)]' }] } }]);
    const [short] = withCalls(draft(), 'ticket', { namespaces: {} }, [{ operation: operation('Find', { ticketIds: ['//id'] }), purpose: 'lookup' }]).entityTypes as { lookup: unknown }[];
    expect(short?.lookup).toMatchObject({ absentWhen: [{ xpath: 'not(//id)' }] });
  });

  it('are written with another prefix where theirs means something else already, and with the same where it does not', () => {
    const { settings, entityTypes } = withCalls(draft({ settings: { namespaces: { t: 'urn:mine', t_2: 'urn:too' } } }), 'ticket', { namespaces: { ...NAMESPACES, s: 'urn:s' } }, [{ operation: operation('Create'), purpose: 'create' }]);
    expect(settings).toEqual({ namespaces: { t: 'urn:mine', t_2: 'urn:too', t_3: 'urn:desk', s: 'urn:s' } });
    expect(entityTypes).toMatchObject([{ operations: { create: { body: '<t_3:Create><t_3:id>{{attributes.id}}</t_3:id></t_3:Create>' } }, response: { ticketId: { xpath: '//t_3:CreateResponse/t_3:id' } } }]);
  });

  it('say where the service is where the settings do not', () => {
    const taken = [{ operation: operation('Create', { address: 'https://theirs.example/soap' }), purpose: 'create' }] as const;
    expect(withCalls(emptyDraft('soap'), 'ticket', { namespaces: NAMESPACES }, taken).settings).toEqual({ address: 'https://theirs.example/soap', namespaces: NAMESPACES });
    expect(withCalls(draft(), 'ticket', { namespaces: NAMESPACES }, taken).settings).toMatchObject({ address: 'https://desk.example' });
  });

  it('say their version where the settings do not', () => {
    const taken = [{ operation: operation('Create', { version: '1.2' }), purpose: 'create' }] as const;
    expect(withCalls(draft(), 'ticket', { namespaces: NAMESPACES }, taken).settings).toMatchObject({ version: '1.2' });
    expect(withCalls(draft({ settings: { version: '1.1' } }), 'ticket', { namespaces: NAMESPACES }, taken).settings).toMatchObject({ version: '1.1' });
  });
});
