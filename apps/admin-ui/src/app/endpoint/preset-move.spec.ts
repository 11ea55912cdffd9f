import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { TestBed } from '@angular/core/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EndpointDto } from '../api/models';
import { PresetMove } from './preset-move';

const PLAN = { preset: 'redmine', from: 1, to: 2, isBaseKnown: true, taken: ['/settings/check/path'], conflicts: [{ pointer: '/settings/slots', mine: 3, theirs: 5 }], endpoint: {} };

async function setup(newerPreset: number | null, mayWrite = true) {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting()] });
  const fixture = TestBed.createComponent(PresetMove);
  fixture.componentRef.setInput('endpoint', { id: 'desk', version: 7, newerPreset } as EndpointDto);
  fixture.componentRef.setInput('mayWrite', mayWrite);
  fixture.detectChanges();
  const http = TestBed.inject(HttpTestingController);
  await new Promise((done) => setTimeout(done));
  if (newerPreset !== null) http.expectOne(({ method, url }) => method === 'GET' && url.endsWith('/endpoints/desk/preset')).flush(PLAN);
  await fixture.whenStable();
  return { element: fixture.nativeElement as HTMLElement, http, fixture };
}

describe('a newer preset', () => {
  beforeEach(() => { TestBed.resetTestingModule(); });

  it('is not spoken of where there is none, and nothing is asked', async () => {
    const { element, http } = await setup(null);
    expect(element.textContent.trim()).toBe('');
    http.verify();
  });

  it('says what it changes, and is taken where somebody says that it is right', async () => {
    const { element, http, fixture } = await setup(2);
    expect(element.textContent).toContain('version 1');
    expect(element.textContent).toContain('/settings/check/path');
    expect(element.textContent).toContain('here: 3');
    let changes = 0;
    fixture.componentInstance.changed.subscribe(() => { changes += 1; });
    element.querySelector<HTMLInputElement>('input[type=checkbox]')!.click();
    await fixture.whenStable();
    element.querySelector<HTMLButtonElement>('button')!.click();
    const moved = http.expectOne(({ method }) => method === 'POST');
    expect([moved.request.url, moved.request.headers.get('if-match'), moved.request.body]).toEqual([expect.stringContaining('/endpoints/desk/preset/move'), '"7"', { take: ['/settings/slots'] }]);
    moved.flush(PLAN);
    await new Promise((done) => setTimeout(done));
    expect(changes).toBe(1);
  });

  it('is only told to those who may not write', async () => {
    const { element } = await setup(2, false);
    expect(element.querySelector('button')).toBeNull();
    expect(element.querySelector('input')?.disabled).toBe(true);
  });
});
