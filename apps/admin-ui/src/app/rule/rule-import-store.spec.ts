import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { RuleImportStore, rulesIn } from './rule-import-store';

function setup() {
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), provideHttpClient(), provideHttpClientTesting(), RuleImportStore] });
  return { store: TestBed.inject(RuleImportStore), http: TestBed.inject(HttpTestingController) };
}
const FILE = JSON.stringify([{ name: 'a', sourceSystemId: 'x', targetSystemId: 'y' }, { name: 'b' }]);
const TRY = '/api/v1/rules/import?dryRun=true';

describe('a file of rules', () => {
  it('is tried first, and each rule has its own problems', async () => {
    const { store, http } = setup();
    const read = store.read('f.json', FILE);
    http.expectOne(TRY).flush({ items: [{ ruleId: '', name: 'a', version: 1, problems: [] }, { ruleId: '', name: 'b', version: 1, problems: [{ pointer: '/sourceSystemId', detail: 'there is none' }] }] });
    await read;
    expect(store.rules()).toEqual([{ name: 'a', ends: 'x → y', errors: [], problems: [] }, { name: 'b', ends: '', errors: [], problems: [{ pointer: '/sourceSystemId', detail: 'there is none' }] }]);
  });

  it('shows errors at the rule and place where they are', async () => {
    const { store, http } = setup();
    const read = store.read('f.json', FILE);
    http.expectOne(TRY).flush({ detail: 'no', code: 'invalid-request', errors: [{ pointer: '/1/mappings/0/type', detail: 'unknown' }] }, { status: 422, statusText: 'no' });
    await read;
    expect([store.hasErrors(), store.rules()[0]?.errors, store.rules()[1]?.errors]).toEqual([true, [], [{ pointer: '/mappings/0/type', detail: 'unknown' }]]);
  });

  it('that is no JSON is told, without asking anybody', async () => {
    const { store, http } = setup();
    await store.read('f.json', '{');
    expect(store.failure()).toMatch(/^f\.json: /);
    http.expectNone(TRY);
  });

  it.each([[[{ name: 'a' }], 1], [{ name: 'a', mappings: [] }, 1], [{ endpoints: [], rules: [{}, {}] }, 2], ['text', 0], [null, 0]])('%j holds %i', (content, count) => { expect(rulesIn(content)).toHaveLength(count); });
});
