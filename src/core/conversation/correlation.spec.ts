import { describe, expect, it } from '@jest/globals';
import { indexAttributes } from '../message/attribute-index.js';
import { correlate, type CorrelationFacts } from './correlation.js';
import { referencesOf } from './references.js';

const nothing: CorrelationFacts = { ownConversation: null, referencedConversations: [], unansweredCreates: [] };

describe('correlation', () => {
  it('joins the conversation of the message’s own ticket', () => {
    expect(correlate({ ...nothing, ownConversation: 'c1' })).toEqual({ kind: 'join', conversation: 'c1', by: 'own ticket id', adds: false, conflicts: [] });
  });

  it('joins the first conversation that a reference names, and adds the ticket id there', () => {
    expect(correlate({ ...nothing, referencedConversations: [null, 'c2', 'c2'] })).toEqual({
      kind: 'join', conversation: 'c2', by: 'reference', adds: true, conflicts: [],
    });
  });

  it('lets the own ticket win over a reference that disagrees, and says so', () => {
    expect(correlate({ ...nothing, ownConversation: 'c1', referencedConversations: ['c2', 'c1', 'c3'] })).toMatchObject({
      conversation: 'c1', by: 'own ticket id', conflicts: ['c2', 'c3'],
    });
    expect(correlate({ ...nothing, referencedConversations: ['c2', 'c3'] })).toMatchObject({ conversation: 'c2', conflicts: ['c3'] });
  });

  it('begins a conversation for a ticket that nobody knows', () => expect(correlate(nothing)).toEqual({ kind: 'begin' }));

  it('waits for creates that may be about to name the ticket', () => {
    expect(correlate({ ...nothing, unansweredCreates: ['a1', 'a2'] })).toEqual({ kind: 'provisional', awaits: ['a1', 'a2'] });
  });

  it('never waits where a reference names the conversation', () => {
    expect(correlate({ ...nothing, referencedConversations: ['c2'], unansweredCreates: ['a1'] }).kind).toBe('join');
  });
});

describe('references', () => {
  const settings = [
    { attribute: 'Correlation_ID', endpoint: 'acme_snc', entityType: 'incident' },
    { attribute: 'peers', endpoint: 'c_sys', entityType: 'Issue' },
  ];

  it('are read from the configured attributes, after those that the message lists', () => {
    const attributes = indexAttributes({ correlation_id: 42, peers: ['C-1', ' ', 'C-2'] });
    const listed = [{ endpoint: 'z', entityType: 't', ticketId: '1' }];
    expect(referencesOf(attributes, settings, listed)).toEqual([
      ...listed,
      { endpoint: 'acme_snc', entityType: 'incident', ticketId: '42' },
      { endpoint: 'c_sys', entityType: 'Issue', ticketId: 'C-1' },
      { endpoint: 'c_sys', entityType: 'Issue', ticketId: 'C-2' },
    ]);
  });

  it('are none where the attributes are blank', () => {
    expect(referencesOf(indexAttributes({ correlation_id: '', peers: [] }), settings)).toEqual([]);
  });
});
