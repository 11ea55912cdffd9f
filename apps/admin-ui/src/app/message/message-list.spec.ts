import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, type TestRequest, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { MessageSummary } from '../api/models';
import { MessageList } from './message-list';

const message = (id: string, ticketId: string): MessageSummary =>
  ({ id, endpoint: 'acme', entityType: 'incident', ticketId, kind: 'normal', conflicts: [], state: 'NO_ROUTE', reason: null, conversationId: 'c', receivedAt: '2026-11-21T12:00:00.000Z', finishedAt: null, rules: [], deliveries: [] });

async function setup(address: string) {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([{ path: 'messages', component: MessageList }], withComponentInputBinding())] });
  const harness = await RouterTestingHarness.create(address);
  const http = TestBed.inject(HttpTestingController);
  const settle = async (): Promise<void> => { await new Promise((done) => setTimeout(done)); harness.detectChanges(); };
  const asked = (): TestRequest => http.expectOne((request) => request.url === '/api/v1/messages');
  await settle();
  return { harness, element: harness.routeNativeElement as HTMLElement, router: TestBed.inject(Router), settle, asked };
}

describe('the message feed', () => {
  it('asks for what the address says', async () => {
    const { asked } = await setup('/messages?ticketId=INC1&state=FAILED&since=1h');
    const { params } = asked().request;
    expect([params.get('ticketId'), params.get('state'), params.has('endpoint')]).toEqual(['INC1', 'FAILED', false]);
    expect(Date.now() - Date.parse(params.get('from') ?? '')).toBeGreaterThanOrEqual(3_600_000);
  });

  it('makes every row a link', async () => {
    const { element, settle, asked } = await setup('/messages');
    asked().flush({ items: [message('m2', 'INC2'), message('m1', 'INC1')], nextCursor: null });
    await settle();
    expect([...element.querySelectorAll('.row-link')].map((link) => link.getAttribute('href'))).toEqual(['/messages/m2', '/messages/m1']);
  });

  it('writes a search into the address, and clears it from there', async () => {
    const { element, router, settle, asked } = await setup('/messages');
    asked().flush({ items: [], nextCursor: null });
    const box = element.querySelector<HTMLInputElement>('input[type=search]') as HTMLInputElement;
    box.value = ' INC7 ';
    box.dispatchEvent(new Event('change'));
    await settle();
    expect(router.url).toBe('/messages?ticketId=INC7');
    await settle();
    asked().flush({ items: [], nextCursor: null });
    await settle();
    expect(element.textContent).toContain('Nothing matches these filters');
    [...element.querySelectorAll('button')].find((button) => button.textContent.includes('Clear filters'))?.click();
    await settle();
    expect(router.url).toBe('/messages');
  });

  it('says what to do first where no message has arrived', async () => {
    const { element, settle, asked } = await setup('/messages');
    asked().flush({ items: [], nextCursor: null });
    await settle();
    expect(element.textContent).toContain('No message has arrived yet');
    expect(element.textContent).toContain('Open a ticket');
  });
});
