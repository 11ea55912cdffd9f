import { signal } from '@angular/core';
import { describe, expect, it } from 'vitest';
import { rowSelection } from './row-selection';

function setup() {
  const shown = signal([{ id: 'a' }, { id: 'b' }]);
  return { shown, selection: rowSelection(shown, (row) => row.id) };
}

describe('selected rows', () => {
  it('are those that were marked, in the order of the list', () => {
    const { selection } = setup();
    selection.set('b', true);
    selection.set('a', true);
    expect([selection.rows(), selection.isAll()]).toEqual([[{ id: 'a' }, { id: 'b' }], true]);
    selection.set('a', false);
    expect([selection.rows(), selection.isAll(), selection.has('a')]).toEqual([[{ id: 'b' }], false, false]);
  });

  it('are no more than what is shown: one that left the list is acted on by nobody', () => {
    const { shown, selection } = setup();
    selection.setAll(true);
    shown.set([{ id: 'b' }, { id: 'c' }]);
    expect([selection.rows(), selection.isAll()]).toEqual([[{ id: 'b' }], false]);
  });

  it('are all or none at once, and none is not all of nothing', () => {
    const { shown, selection } = setup();
    selection.setAll(true);
    expect(selection.rows()).toHaveLength(2);
    selection.setAll(false);
    shown.set([]);
    expect([selection.rows(), selection.isAll()]).toEqual([[], false]);
  });
});
