import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { provideZonelessChangeDetection } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { describe, expect, it } from 'vitest';
import { EndpointEditorStore } from './endpoint-editor-store';

const ADAPTERS = { items: [{ kind: 'rest', label: 'REST', settings: { type: 'object', properties: { slots: { type: 'integer', default: 8 }, baseUrl: { type: 'string' } } }, entityTypeSettings: { type: 'object', properties: { name: { type: 'string' } } } }] };
const stored = (name: string): object => ({ id: 'acme', name, adapter: 'rest', settings: {}, entityTypes: [], updatedBy: 'vera', updatedAt: '2030-01-01T00:00:00Z', version: 1 });
const turn = (): Promise<void> => new Promise((resolve) => { setTimeout(resolve); });

async function setup(id?: string): Promise<{ store: EndpointEditorStore; http: HttpTestingController }> {
  TestBed.configureTestingModule({ providers: [provideZonelessChangeDetection(), provideHttpClient(), provideHttpClientTesting(), EndpointEditorStore] });
  const [store, http] = [TestBed.inject(EndpointEditorStore), TestBed.inject(HttpTestingController)];
  store.open(id, { adapter: id === undefined ? 'rest' : undefined, preset: undefined });
  TestBed.tick();
  if (id !== undefined) http.expectOne('/api/v1/endpoints/acme').flush(stored('Acme'), { headers: { etag: '"1"' } });
  http.expectOne('/api/v1/adapters').flush(ADAPTERS);
  await turn();
  return { store, http };
}

describe('an endpoint that is being written', () => {
  it('shows what must be set before what has a default', async () => {
    const { store } = await setup();
    expect([store.status(), store.mainFields().map((field) => field.name), store.tuningFields().map((field) => field.name)]).toEqual(['ready', ['baseUrl'], ['slots']]);
  });

  it('names the version it was read as when it is saved', async () => {
    const { store, http } = await setup('acme');
    store.change({ name: 'Acme 2' });
    expect(store.hasUnsaved()).toBe(true);
    const saved = store.save();
    const request = http.expectOne({ method: 'PUT', url: '/api/v1/endpoints/acme' }).request;
    expect([request.headers.get('if-match'), (request.body as { name: string }).name]).toEqual(['"1"', 'Acme 2']);
    http.match(() => true);
    void saved;
  });

  it('tells who changed it meanwhile, and replaces that only when asked to', async () => {
    const { store, http } = await setup('acme');
    store.change({ name: 'Mine' });
    const saved = store.save();
    http.expectOne({ method: 'PUT', url: '/api/v1/endpoints/acme' }).flush({ detail: 'changed' }, { status: 412, statusText: 'Precondition Failed' });
    await turn();
    http.expectOne({ method: 'GET', url: '/api/v1/endpoints/acme' }).flush(stored('Theirs'), { headers: { etag: '"2"' } });
    expect(await saved).toBeUndefined();
    expect(store.conflict()?.name).toBe('Theirs');
    store.keepMine();
    const again = store.save();
    const request = http.expectOne({ method: 'PUT', url: '/api/v1/endpoints/acme' });
    expect(request.request.headers.get('if-match')).toBe('"2"');
    request.flush(stored('Mine'));
    expect(await again).toBe('acme');
    expect(store.hasUnsaved()).toBe(false);
  });

  it('sends nothing while a field cannot be read', async () => {
    const { store, http } = await setup();
    const { Unreadable } = await import('../schema-form/form-value');
    store.change({ settings: { slots: new Unreadable('many', 'must be a number') } });
    expect(await store.save()).toBeUndefined();
    http.expectNone({ method: 'POST', url: '/api/v1/endpoints' });
    expect(store.problems()).toEqual([{ pointer: '/settings/slots', detail: 'must be a number' }]);
  });
});
