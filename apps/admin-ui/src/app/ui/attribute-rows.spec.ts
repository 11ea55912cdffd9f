import { attributeRows, matchingRows } from './attribute-rows';

const ROWS = attributeRows({ short_description: 'Printer', impact: 2, active: true, work_notes: null, correlation_id: '', tags: ['a', 'b'], 'caller.email': 'liisa@acme.example' });

describe('attributes as rows', () => {
  it('stand in order of their names', () => {
    expect(ROWS.map((row) => row.name)).toEqual(['active', 'caller.email', 'correlation_id', 'impact', 'short_description', 'tags', 'work_notes']);
  });

  it('tell blank from null, and show lists as JSON', () => {
    const text = Object.fromEntries(ROWS.map((row) => [row.name, row.text]));
    expect(text).toMatchObject({ correlation_id: 'blank', work_notes: 'null', tags: '[ "a", "b" ]', impact: '2' });
  });

  it('are found by name or value, every word, whatever the case', () => {
    expect(matchingRows(ROWS, 'CALLER liisa').map((row) => row.name)).toEqual(['caller.email']);
    expect(matchingRows(ROWS, 'printer nothing')).toEqual([]);
    expect(matchingRows(ROWS, ' ')).toHaveLength(ROWS.length);
  });
});
