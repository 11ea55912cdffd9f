import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { provideRouter } from '@angular/router';
import { beforeEach, describe, expect, it } from 'vitest';
import type { SuppressedAddressDto } from '../api/models';
import { SuppressedAddresses } from './suppressed-addresses';

const ANNA: SuppressedAddressDto = { address: 'anna@partner.example', reason: '5.1.1 unknown', bounces: 3, firstAt: '2026-11-19T08:00:00Z', lastAt: '2026-11-21T08:00:00Z', suppressedAt: '2026-11-21T08:00:00Z', deliveryId: 'd1', messageId: 'm1' };

async function setup(items: readonly SuppressedAddressDto[], { mayOperate = true, next = null }: { mayOperate?: boolean; next?: string | null } = {}) {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])] });
  const fixture = TestBed.createComponent(SuppressedAddresses);
  fixture.componentRef.setInput('endpointId', 'desk');
  fixture.componentRef.setInput('mayOperate', mayOperate);
  fixture.detectChanges();
  const http = TestBed.inject(HttpTestingController);
  await new Promise((done) => setTimeout(done));
  http.expectOne(({ method }) => method === 'GET').flush({ items, next });
  await fixture.whenStable();
  return { element: fixture.nativeElement as HTMLElement, http, fixture };
}

describe('addresses that are given up', () => {
  beforeEach(() => { TestBed.resetTestingModule(); });

  it('are not spoken of where there are none', async () => {
    expect((await setup([])).element.textContent.trim()).toBe('');
  });

  it('are shown with why, and lead to the message that came back last', async () => {
    const { element } = await setup([ANNA, { ...ANNA, address: 'bob@partner.example', messageId: null }], { next: 'bob@partner.example' });
    expect(element.textContent).toContain('5.1.1 unknown');
    expect([...element.querySelectorAll('a')].map((one) => one.getAttribute('href'))).toEqual(['/messages/m1']);
    expect(element.textContent).toContain('The first 2 of them');
  });

  it('are sent to again by whoever may operate, and by nobody else', async () => {
    const { element, http, fixture } = await setup([ANNA]);
    element.querySelector<HTMLButtonElement>('button[aria-label="Send again anna@partner.example"]')!.click();
    const lifted = http.expectOne(({ method }) => method === 'DELETE');
    expect(lifted.request.url).toContain('/endpoints/desk/suppressed-addresses/anna%40partner.example');
    lifted.flush(null, { status: 204, statusText: 'No Content' });
    await new Promise((done) => setTimeout(done));
    http.expectOne(({ method }) => method === 'GET').flush({ items: [], next: null });
    await fixture.whenStable();
    expect(element.textContent.trim()).toBe('');
    TestBed.resetTestingModule();
    expect((await setup([ANNA], { mayOperate: false })).element.querySelectorAll('button')).toHaveLength(0);
  });
});
