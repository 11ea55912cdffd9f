import { TestBed } from '@angular/core/testing';
import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { provideRouter } from '@angular/router';
import type { DeliveryDetail, MessageSummary } from '../api/models';
import { Session } from '../session/session';
import type { Timeline } from './timeline';
import { TimelineView } from './timeline-view';

const MESSAGE: MessageSummary = {
  id: 'm1', endpoint: 'acme', entityType: 'incident', ticketId: 'INC1', kind: 'normal', conflicts: [], state: 'ROUTED', reason: null, conversationId: 'c', receivedAt: '2026-11-21T12:00:00.000Z', finishedAt: null,
  rules: [{ ruleId: 'r', rule: 'Acme to Vendor', ruleVersion: 1 }], deliveries: [],
};
const DEAD: DeliveryDetail = {
  id: 'd1', messageId: 'm1', conversationId: 'c', endpoint: 'vendor', entityType: 'Issue', operation: 'UPDATE', ruleId: 'r', rule: 'Acme to Vendor', ruleVersion: 1, state: 'DEAD', attempts: 1, httpStatus: 400,
  error: 'The target answered 400.', rest: null, ticketId: 'VX-1', createdAt: '2026-11-21T12:00:00.000Z', nextAt: null, finishedAt: null, messageType: '', attributes: {}, attachments: [],
  attemptList: [{ number: 1, startedAt: '2026-11-21T12:00:00.000Z', finishedAt: null, durationMs: 93, outcome: 'rejected', httpStatus: 400, error: null, answer: null, request: null }],
};
const TIMELINE: Timeline = {
  columns: [{ key: 'a', endpoint: 'acme', entityType: 'incident', ticketId: 'INC1' }, { key: 'v', endpoint: 'vendor', entityType: 'Issue', ticketId: null }],
  events: [{ key: 'm1', at: MESSAGE.receivedAt, message: MESSAGE, column: 0, deliveries: [{ delivery: DEAD, column: 1, direction: 'right' }], delayed: [], memory: [], startsDay: true }],
};

const view = (permissions: string[]) => ({ person: { id: 'p', email: 'a@b.c', name: '' }, organization: { id: 'o', slug: 'o', name: 'O', role: 'operator' as const }, organizations: [], permissions });

async function setup(mayAct: boolean) {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([])] });
  void TestBed.inject(Session).find();
  TestBed.inject(HttpTestingController).expectOne('/api/v1/session').flush(view(mayAct ? ['deliveries:write'] : []));
  await new Promise((done) => setTimeout(done));
  const fixture = TestBed.createComponent(TimelineView);
  fixture.componentRef.setInput('timeline', TIMELINE);
  await fixture.whenStable();
  return { fixture, element: fixture.nativeElement as HTMLElement };
}

describe('the timeline as it is drawn', () => {
  it('leads from a message to its own page', async () => {
    const { element } = await setup(true);
    expect(element.querySelector('.message a')?.getAttribute('href')).toBe('/messages/m1');
  });

  it('says for a target without a ticket that there is none yet', async () => {
    const { element } = await setup(true);
    expect(element.querySelectorAll('.system')[1]?.textContent).toContain('no ticket yet');
  });

  it('tells every attempt to those who cannot see the ticks', async () => {
    const { element } = await setup(true);
    expect(element.querySelector('[role=img]')?.getAttribute('aria-label')).toBe('#1 · 400 · rejected · 93 ms');
  });

  it('offers to retry and to skip what is dead', async () => {
    const { fixture, element } = await setup(true);
    const asked: string[] = [];
    fixture.componentInstance.retry.subscribe(({ id }) => asked.push(`retry ${id}`));
    fixture.componentInstance.skip.subscribe(({ id }) => asked.push(`skip ${id}`));
    for (const button of element.querySelectorAll('button')) button.click();
    expect(asked).toEqual(['retry d1', 'skip d1']);
  });

  it('offers nothing to those who may not', async () => {
    const { element } = await setup(false);
    expect(element.querySelectorAll('button')).toHaveLength(0);
  });
});
