import { describe, expect, it } from '@jest/globals';
import { mergePreset } from './merge-preset.js';

describe('a newer preset and what was changed since', () => {
  const base = { path: '/v1', answers: { ok: [200], error: 'message' }, old: 1 };

  it('come together where each changed something else', () => {
    const mine = { path: '/v1', answers: { ok: [200], error: 'error.text' }, old: 1, own: true };
    const theirs = { path: '/v2', answers: { ok: [200, 202], error: 'message' }, next: 2 };
    expect(mergePreset({ base, mine, theirs })).toEqual({ value: { path: '/v2', answers: { ok: [200, 202], error: 'error.text' }, own: true, next: 2 }, taken: ['/path', '/answers/ok', '/old', '/next'], conflicts: [] });
  });

  it('leave what both changed as it is here, and tell it, unless it is asked for', () => {
    const mine = { ...base, path: '/mine', old: 2 };
    const theirs = { path: '/theirs', answers: base.answers };
    expect(mergePreset({ base, mine, theirs })).toEqual({ value: mine, taken: [], conflicts: [{ pointer: '/path', mine: '/mine', theirs: '/theirs' }, { pointer: '/old', mine: 2 }] });
    expect(mergePreset({ base, mine, theirs }, new Set(['/path', '/old']))).toEqual({ value: theirs, taken: ['/path', '/old'], conflicts: [] });
  });

  it('are one where both changed it alike, and where nothing is known of before only new things come', () => {
    expect(mergePreset({ base, mine: { ...base, path: '/v2' }, theirs: { ...base, path: '/v2' } })).toMatchObject({ taken: [], conflicts: [] });
    expect(mergePreset({ base: undefined, mine: { a: 1, b: 1 }, theirs: { a: 1, b: 2, 'c/d': 3 } })).toEqual({ value: { a: 1, b: 1, 'c/d': 3 }, taken: ['/c~1d'], conflicts: [{ pointer: '/b', mine: 1, theirs: 2 }] });
  });

  it('take back what was taken away here only where nothing says so', () => {
    expect(mergePreset({ base, mine: { path: '/v1', old: 1 }, theirs: { ...base, path: '/v2' } })).toMatchObject({ value: { path: '/v2', old: 1 }, conflicts: [] });
  });
});
