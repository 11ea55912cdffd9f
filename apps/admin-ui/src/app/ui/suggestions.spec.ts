import { describe, expect, it } from 'vitest';
import { fitting, openName, withName } from './suggestions';

describe('a name that is being written', () => {
  it.each([
    ['${sho', 5, { start: 0, end: 5, query: 'sho' }], ['a ${x} ${', 9, { start: 7, end: 9, query: '' }], ['${short} b', 4, { start: 0, end: 8, query: 'sh' }],
    ['${x}', 4, undefined], ['$${x', 4, undefined], ['plain', 3, undefined], ['${a\nb', 5, undefined], ['$', 1, undefined],
  ])('%j at %i', (text, caret, token) => { expect(openName(text, caret)).toEqual(token); });

  it('is closed when it is chosen, and replaces what stood there', () => {
    expect(withName('a ${sh} b', { start: 2, end: 7, query: 'sh' }, { name: 'short_description' })).toEqual({ text: 'a ${short_description} b', caret: 22 });
  });

  it('stays open where something must follow', () => {
    expect(withName('${sf:v', { start: 0, end: 6, query: 'sf:v' }, { name: 'sf:virtual:', isPrefix: true })).toEqual({ text: '${sf:virtual:', caret: 13 });
  });
});

describe('suggestions', () => {
  const all = [{ name: 'sf:message:id' }, { name: 'impact' }, { name: 'u_Impact' }];
  it('begin with what was written, then hold it, whatever the case', () => { expect(fitting(all, 'IMP').map((one) => one.name)).toEqual(['impact', 'u_Impact']); });
  it('are all of them where nothing was written', () => { expect(fitting(all, '')).toHaveLength(3); });
});
