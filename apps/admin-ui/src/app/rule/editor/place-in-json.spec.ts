import { describe, expect, it } from 'vitest';
import { placeInJson } from './place-in-json';

const TEXT = JSON.stringify({ name: 'a "quoted" {name}', mappings: [{ template: 'x,y' }, { template: 'z', rows: [[1, null], [2, true]] }], 'a/b': -1.5 }, null, 2);
const found = (pointer: string): string | undefined => { const place = placeInJson(TEXT, pointer); return place === undefined ? undefined : TEXT.slice(place.start, place.end); };

describe('a place in JSON text', () => {
  it.each([['/name', '"a \\"quoted\\" {name}"'], ['/mappings/1/template', '"z"'], ['/mappings/0/template', '"x,y"'], ['/mappings/1/rows/1/1', 'true'], ['/mappings/1/rows/0/1', 'null'], ['/a~1b', '-1.5']])('%s is found', (pointer, text) => {
    expect(found(pointer)).toBe(text);
  });
  it('is the nearest around it where it is missing', () => {
    expect(JSON.parse(found('/mappings/0/targetAttribute') ?? '')).toEqual({ template: 'x,y' });
    expect(found('/mappings/9/template')).toMatch(/^\[/);
    expect(found('')).toBe(TEXT);
  });
});
