import { describe, expect, it } from '@jest/globals';
import { readEndpoint } from '../../adapter/index.js';
import { simulate } from '../../core/rule/simulate.js';
import { demoConfiguration } from './demo-configuration.js';

interface Document {
  readonly endpoints: readonly unknown[];
  readonly rules: readonly unknown[];
}

const tool = (name: string) => ({ baseUrl: `http://127.0.0.1:8080/sandbox/${name}`, token: 'a token of the tool', webhookSecret: 'whsec_0123456789abcdef' });
const demo = demoConfiguration(tool('a'), tool('b')) as Document;
const TICKETS = [{ endpoint: 'acme', entityType: 'ticket', ticketId: 'ACME-1' }, { endpoint: 'vendor_x', entityType: 'ticket', ticketId: 'VX-1' }];

function decide(message: Readonly<Record<string, unknown>>, ticketIds: readonly unknown[] = TICKETS) {
  const result = simulate({ rules: demo.rules, message: { entityType: 'ticket', ...message }, conversation: { ticketIds } });
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value.decision;
}

describe('the demo', () => {
  it('has endpoints that can be used as they are', () => {
    for (const document of demo.endpoints) expect(readEndpoint(document, null)).not.toHaveProperty('errors');
  });

  it('opens a new ticket at the vendor, in the vendor\'s words', () => {
    const { outbound } = decide({ endpoint: 'acme', ticketId: 'ACME-1', attributes: { event: 'ticket.created', title: 'Printer', priority: '2', state: 'New' } }, []);
    expect(outbound).toMatchObject([{ endpoint: 'vendor_x', operation: 'CREATE', attributes: { title: 'Printer', priority: 'High', state: 'Open', external_reference: 'ACME-1' } }]);
  });

  it('writes the vendor\'s ticket id back', () => {
    const { outbound } = decide({ endpoint: 'vendor_x', ticketId: 'VX-1', attributes: {}, response: { operation: 'CREATE', status: 'SUCCESS', httpStatus: 201, error: null, ticketId: 'VX-1' } });
    expect(outbound).toMatchObject([{ endpoint: 'acme', operation: 'UPDATE', attributes: { external_reference: 'VX-1' } }]);
  });

  it('carries states and public comments both ways, and internal comments never', () => {
    expect(decide({ endpoint: 'vendor_x', ticketId: 'VX-1', attributes: { event: 'ticket.updated', state: 'Solved' } }).outbound).toMatchObject([{ endpoint: 'acme', attributes: { state: 'Resolved' } }]);
    const said = { event: 'ticket.commented', comment: 'on my way', comment_author: 'Vera' };
    for (const endpoint of ['acme', 'vendor_x']) {
      expect(decide({ endpoint, ticketId: 'X', attributes: { ...said, comment_visibility: 'public' } }).outbound).toMatchObject([{ operation: 'UPDATE', attributes: { comment: 'on my way', comment_author: 'Vera' } }]);
      expect(decide({ endpoint, ticketId: 'X', attributes: { ...said, comment_visibility: 'internal' } })).toMatchObject({ outcome: 'DROPPED', outbound: [] });
    }
    const solved = { event: 'ticket.updated', state: 'Solved', comment: 'what a fool', comment_visibility: 'internal' };
    expect(decide({ endpoint: 'vendor_x', ticketId: 'VX-1', attributes: solved }).outbound.map(({ attributes }) => attributes)).toEqual([{ state: 'Resolved' }]);
  });

  it('carries files, but no programs', () => {
    const { outbound } = decide({ endpoint: 'acme', ticketId: 'ACME-1', attributes: { event: 'ticket.attached' }, attachments: [{ name: 'a.png', size: 1 }, { name: 'b.exe', size: 1 }] });
    expect(outbound).toMatchObject([{ endpoint: 'vendor_x', attachments: ['a.png'] }]);
  });
});
