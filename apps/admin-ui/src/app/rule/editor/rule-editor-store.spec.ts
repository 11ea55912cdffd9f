import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { RuleEditorStore } from './rule-editor-store';

const STORED = { ruleId: 'r1', name: 'Acme → Vendor', version: 3, current: true, enabled: true, createdBy: 'vera', changeDescription: 'x', mappings: [{ type: 'Single', template: '${a}', targetAttribute: 'b' }] };
const turn = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve); });

async function setup({ ruleId = 'r1' as string | null, version = undefined as number | undefined } = {}) {
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), provideHttpClient(), provideHttpClientTesting(), RuleEditorStore] });
  const [store, http] = [TestBed.inject(RuleEditorStore), TestBed.inject(HttpTestingController)];
  store.open(ruleId ?? undefined, version, ruleId === null ? { name: 'from a file', vendorKey: 1, version: 7 } : undefined);
  TestBed.tick();
  http.expectOne('/api/v1/rules/definitions').flush({ operators: [], mappings: [], formatters: [], delays: [], matchers: [], names: [], rule: {} });
  if (ruleId !== null) http.expectOne('/api/v1/rules/r1').flush(STORED, { headers: { etag: '"3"' } });
  await turn();
  if (version !== undefined) http.expectOne(`/api/v1/rules/r1/versions/${String(version)}`).flush({ ...STORED, version, enabled: false, name: 'as it was' });
  await turn();
  return { store, http };
}

const refusal = (code: string): object => ({ detail: 'no', code, errors: [{ pointer: '/mappings/0/template', detail: 'is wrong' }] });
const save = { description: 'says why', makeCurrent: false };

describe('a rule that is being written', () => {
  it('holds what it does, nothing of its version', async () => {
    const { store } = await setup();
    expect([store.status(), store.hasUnsaved(), store.draft()]).toEqual(['ready', false, { name: STORED.name, enabled: true, mappings: STORED.mappings }]);
  });

  it('is saved as the next version of what was read', async () => {
    const { store, http } = await setup();
    store.write('/mappings/0/template', '${c}');
    expect(store.hasUnsaved()).toBe(true);
    const saved = store.save(save);
    const { request, flush } = (() => { const call = http.expectOne({ method: 'POST', url: '/api/v1/rules/r1/versions' }); return { request: call.request, flush: () => { call.flush({ ...STORED, version: 4 }); } }; })();
    expect([request.headers.get('if-match'), request.body]).toMatchObject(['"3"', { current: false, changeDescription: 'says why', mappings: [{ template: '${c}' }] }]);
    flush();
    expect([await saved, store.hasUnsaved()]).toEqual([{ kind: 'saved', ruleId: 'r1', version: 4 }, false]);
  });

  it('begins as an older version where that is asked for, switched on or off as the rule is now', async () => {
    const { store } = await setup({ version: 2 });
    expect([store.draft()['name'], store.draft()['enabled'], store.hasUnsaved()]).toEqual(['as it was', true, true]);
  });

  it('begins as a file, with keys that nobody knows, and is not saved by that', async () => {
    const { store, http } = await setup({ ruleId: null });
    expect([store.isNew(), store.hasUnsaved(), store.draft()]).toMatchObject([true, true, { name: 'from a file', vendorKey: 1, mappings: [] }]);
    expect(store.draft()).not.toHaveProperty('version');
    void store.save(save);
    expect(http.expectOne({ method: 'POST', url: '/api/v1/rules' }).request.body).toMatchObject({ name: 'from a file' });
  });

  it('tells failing tests, and sends the reason to use it all the same', async () => {
    const { store, http } = await setup();
    const saved = store.save({ ...save, makeCurrent: true });
    http.expectOne('/api/v1/rules/r1/versions').flush(refusal('rule-tests-failed'), { status: 422, statusText: 'no' });
    expect(await saved).toEqual({ kind: 'tests-failed', failing: ['is wrong'] });
    void store.save({ ...save, makeCurrent: true, overrideTests: 'urgent' });
    http.expectOne('/api/v1/rules/r1/versions?overrideTests=urgent');
  });

  it('keeps what a save was refused for at its place, until something changes', async () => {
    const { store, http } = await setup();
    const saved = store.save(save);
    http.expectOne('/api/v1/rules/r1/versions').flush(refusal('invalid-request'), { status: 422, statusText: 'no' });
    expect((await saved).kind).toBe('refused');
    expect(store.refused()).toEqual([{ pointer: '/mappings/0/template', detail: 'is wrong' }]);
    store.write('/name', 'b');
    expect(store.refused()).toEqual([]);
  });

  it('tells what someone else saved meanwhile, and goes on from there with what was written', async () => {
    const { store, http } = await setup();
    store.write('/name', 'mine');
    const saved = store.save(save);
    http.expectOne('/api/v1/rules/r1/versions').flush({ detail: 'changed', code: 'changed' }, { status: 412, statusText: 'no' });
    await turn();
    http.expectOne('/api/v1/rules/r1').flush({ ...STORED, version: 4, name: 'theirs', enabled: false }, { headers: { etag: '"4"' } });
    expect([(await saved).kind, store.conflict()?.['name']]).toEqual(['conflict', 'theirs']);
    store.keepMine();
    expect([store.draft()['name'], store.draft()['enabled'], store.hasUnsaved(), store.conflict()]).toEqual(['mine', false, true, undefined]);
    void store.save(save);
    expect(http.expectOne('/api/v1/rules/r1/versions').request.headers.get('if-match')).toBe('"4"');
  });

  it('can give way to what someone else saved', async () => {
    const { store, http } = await setup();
    store.write('/name', 'mine');
    const saved = store.save(save);
    http.expectOne('/api/v1/rules/r1/versions').flush({ detail: 'changed', code: 'changed' }, { status: 412, statusText: 'no' });
    await turn();
    http.expectOne('/api/v1/rules/r1').flush({ ...STORED, name: 'theirs' }, { headers: { etag: '"4"' } });
    await saved;
    store.takeTheirs();
    expect([store.draft()['name'], store.hasUnsaved()]).toEqual(['theirs', false]);
  });
});
