import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { ServiceLevelView } from '../api/models';
import { Live } from '../live/live';
import { ServiceLevelStore } from './service-level-store';

const report = (countedUntil: string, ...targets: string[]): ServiceLevelView =>
  ({ zone: 'UTC', withinSeconds: 60, countedUntil, months: [{ month: '2030-01', isRunning: true, accepted: [], pairs: targets.map((target) => ({ source: 'a', target })) }] }) as unknown as ServiceLevelView;

/** A store that has read one report, on a server that tells when something happens. */
async function setup() {
  vi.useFakeTimers();
  const tick = signal(0);
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting(), ServiceLevelStore, { provide: Live, useValue: { tick } }] });
  const store = TestBed.inject(ServiceLevelStore);
  const http = TestBed.inject(HttpTestingController);
  const answer = async (body: ServiceLevelView): Promise<void> => { http.expectOne(({ url }) => url === '/api/v1/reports/service-levels').flush(body); await vi.advanceTimersByTimeAsync(0); };
  const moved = async (): Promise<void> => { tick.update((count) => count + 1); TestBed.tick(); await vi.advanceTimersByTimeAsync(20_000); };
  store.show({ zone: 'UTC' });
  TestBed.tick();
  await answer(report('2030-01-01T00:00:00Z', 'b'));
  return { store, http, answer, moved };
}

const targetsOf = (store: ServiceLevelStore): readonly string[] | undefined => store.report()?.months[0]?.pairs.map(({ target }) => target);

describe('service levels of a month that is not over', () => {
  afterEach(() => { vi.useRealTimers(); });

  it('are read again once something happened, and change in their places', async () => {
    const { store, http, answer, moved } = await setup();
    await vi.advanceTimersByTimeAsync(600_000);
    http.expectNone('/api/v1/reports/service-levels');
    await moved();
    await answer(report('2030-01-01T00:01:00Z', 'b'));
    expect([store.report()?.countedUntil, store.hasNews()]).toEqual(['2030-01-01T00:01:00Z', false]);
  });

  it('wait behind a button where rows would move', async () => {
    const { store, answer, moved } = await setup();
    await moved();
    await answer(report('2030-01-01T00:01:00Z', 'c', 'b'));
    expect([targetsOf(store), store.hasNews()]).toEqual([['b'], true]);
    store.showNews();
    expect([targetsOf(store), store.hasNews()]).toEqual([['c', 'b'], false]);
  });

  it('of another question are not shown', async () => {
    const { store, answer, moved, http } = await setup();
    await moved();
    const late = http.expectOne(({ url }) => url === '/api/v1/reports/service-levels');
    store.show({ zone: 'Asia/Tokyo' });
    TestBed.tick();
    late.flush(report('2030-01-01T00:01:00Z', 'b'));
    await answer(report('2030-01-01T00:02:00Z', 'd'));
    expect([targetsOf(store), store.hasNews()]).toEqual([['d'], false]);
  });
});
