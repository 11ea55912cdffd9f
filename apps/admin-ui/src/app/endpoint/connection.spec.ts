import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { DOCUMENT } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConnectionDto } from '../api/models';
import { Connection } from './connection';

const NONE: ConnectionDto = { isNeeded: true, state: 'none', redirectUri: 'https://parley.example/callback', connectedAt: null, connectedBy: null, renewedAt: null, refusedAt: null, reason: null };
const CONNECTED: ConnectionDto = { ...NONE, state: 'connected', connectedAt: '2026-11-21T08:00:00Z', connectedBy: 'mika@acme.example' };

async function setup(connection: ConnectionDto, inputs: Readonly<Record<string, unknown>> = {}) {
  const assign = vi.fn();
  const real = document;
  TestBed.configureTestingModule({ providers: [
    provideHttpClient(), provideHttpClientTesting(),
    { provide: DOCUMENT, useValue: new Proxy(real, { get: (target, name) => { const value: unknown = name === 'location' ? { assign } : Reflect.get(target, name); return typeof value === 'function' && name !== 'location' ? (value as (...given: unknown[]) => unknown).bind(target) : value; } }) },
  ] });
  const fixture = TestBed.createComponent(Connection);
  for (const [name, value] of Object.entries({ endpointId: 'desk', mayWrite: true, ...inputs })) fixture.componentRef.setInput(name, value);
  fixture.detectChanges();
  const http = TestBed.inject(HttpTestingController);
  await new Promise((done) => setTimeout(done));
  const asked = http.expectOne(({ method }) => method === 'GET');
  asked.flush(connection);
  await fixture.whenStable();
  const element = fixture.nativeElement as HTMLElement;
  const button = (label: string): HTMLButtonElement | undefined => [...element.querySelectorAll('button')].find((one) => one.textContent.trim() === label);
  return { element, http, assign, button, fixture, asked: asked.request.urlWithParams };
}

describe('the connection of an endpoint', () => {
  beforeEach(() => { TestBed.resetTestingModule(); });

  it('is not shown where no person has to consent', async () => {
    expect((await setup({ ...NONE, isNeeded: false })).element.textContent.trim()).toBe('');
  });

  it('sends the browser away, once', async () => {
    const { button, http, assign, fixture } = await setup(NONE);
    button('Connect')!.click();
    button('Connect')!.click();
    http.expectOne(({ method }) => method === 'POST').flush({ url: 'https://target.example/authorize?state=x' });
    await fixture.whenStable();
    expect(assign.mock.calls).toEqual([['https://target.example/authorize?state=x']]);
  });

  it('says who connected it, and offers to do it again', async () => {
    const { element, button } = await setup(CONNECTED);
    expect(element.textContent).toContain('mika@acme.example');
    expect(button('Connect again')).toBeDefined();
    expect(button('Disconnect')).toBeDefined();
  });

  it('says why somebody came back without success', async () => {
    const { element, asked } = await setup({ ...NONE, reason: 'The system did not give its consent, or you cancelled.' }, { arrived: 'target-refused' });
    expect(asked).toContain('refused=target-refused');
    expect(element.querySelector('[role=alert]')?.textContent).toContain('did not give its consent');
  });

  it('says why it could not be begun', async () => {
    const { element, button, http, fixture } = await setup(NONE);
    button('Connect')!.click();
    http.expectOne(({ method }) => method === 'POST').flush({ type: 'about:blank', title: 'Conflict', status: 409, code: 'x', detail: 'It cannot be used.' }, { status: 409, statusText: 'Conflict' });
    await fixture.whenStable();
    expect(element.querySelector('[role=alert]')?.textContent).toContain('It cannot be used.');
    expect(button('Connect')?.disabled).toBe(false);
  });

  it('is only looked at by who may not change endpoints', async () => {
    const { element } = await setup(CONNECTED, { mayWrite: false });
    expect(element.querySelectorAll('button')).toHaveLength(0);
  });
});
