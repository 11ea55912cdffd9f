import { describe, expect, it } from 'vitest';
import { knownFields, matchingFields } from './known-fields';

const of = (name: string, more: object = {}) => ({ entityType: 'ticket', name, label: null, type: null, choices: [], ...more });
const FIELDS = knownFields([of('priority', { label: 'Priority', type: 'choice', choices: ['1', '2'] }), of('title')], [{ name: 'Priority', sample: '2' }, { name: 'event', sample: 'ticket.created' }]);

describe('what is known of an entity type', () => {
  it('is one list of what the system says and what messages carried', () => {
    expect(FIELDS.map(({ name, sample, isInSchema, isInMessages }) => [name, sample, isInSchema, isInMessages])).toEqual([['event', 'ticket.created', false, true], ['priority', '2', true, true], ['title', '', true, false]]);
  });

  it.each([['prio 2', ['priority']], ['CHOICE', ['priority']], ['created', ['event']], ['', ['event', 'priority', 'title']], ['nothing', []]])('is found by any of its words: %s', (search, names) => {
    expect(matchingFields(FIELDS, search).map(({ name }) => name)).toEqual(names);
  });
});
