import { provideHttpClient } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter, withComponentInputBinding } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import { SignIn } from './sign-in';

@Component({ template: 'inside' })
class Inside {}

const VIEW = { person: { id: 'p', email: 'mika@acme.example', name: 'Mika' }, organization: { id: 'o', slug: 'acme', name: 'Acme', role: 'administrator' }, organizations: [], permissions: [] };

async function setup(address: string, choices = { items: [] as object[], problem: null as string | null }) {
  TestBed.configureTestingModule({ providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([{ path: 'sign-in', component: SignIn }, { path: '**', component: Inside }], withComponentInputBinding())] });
  const harness = await RouterTestingHarness.create(address);
  const element = harness.routeNativeElement as HTMLElement;
  const fill = (name: string, value: string): void => {
    const field = element.querySelector<HTMLInputElement>(`input[name=${name}]`);
    if (field === null) throw new Error(`no field ${name}`);
    field.value = value;
    field.dispatchEvent(new Event('input'));
  };
  const send = async (): Promise<void> => {
    await harness.fixture.whenStable();
    fill('email', 'mika@acme.example');
    fill('password', 'correct horse');
    element.querySelector('form')?.dispatchEvent(new Event('submit'));
    await harness.fixture.whenStable();
  };
  const settle = async (): Promise<void> => { await new Promise((done) => setTimeout(done)); await harness.fixture.whenStable(); };
  const http = TestBed.inject(HttpTestingController);
  await new Promise((done) => setTimeout(done));
  const asked = http.expectOne(({ url }) => url === '/api/v1/sign-in/providers');
  asked.flush(choices);
  return { element, send, settle, http, router: TestBed.inject(Router), asked: asked.request.urlWithParams };
}

describe('signing in', () => {
  it('leads to where one wanted to go', async () => {
    const { send, settle, http, router } = await setup('/sign-in?next=%2Fmessages%3Fstate%3DFAILED');
    await send();
    const request = http.expectOne({ method: 'POST', url: '/api/v1/session' });
    expect(request.request.body).toEqual({ email: 'mika@acme.example', password: 'correct horse' });
    request.flush(VIEW);
    await settle();
    expect(router.url).toBe('/messages?state=FAILED');
  });

  it('says so when it is refused, and does not say which part was wrong', async () => {
    const { element, send, settle, http, router } = await setup('/sign-in');
    await send();
    http.expectOne('/api/v1/session').flush({ detail: 'no' }, { status: 401, statusText: 'Unauthorized' });
    await settle();
    expect(element.querySelector('[role=alert]')?.textContent).toContain('E-mail address or password is not right.');
    expect(router.url).toBe('/sign-in');
  });

  it('passes on what the server says of too many tries', async () => {
    const { element, send, settle, http } = await setup('/sign-in');
    await send();
    http.expectOne('/api/v1/session').flush({ detail: 'Too many tries; wait 30 seconds.' }, { status: 429, statusText: 'Too Many Requests' });
    await settle();
    expect(element.querySelector('[role=alert]')?.textContent).toContain('wait 30 seconds');
  });

  it('offers the ways in that are configured, and says why one of them did not let in', async () => {
    const choices = { items: [{ name: 'Acme SSO', startUrl: '/api/v1/o/acme/sign-in/1/start' }], problem: 'Verify your address.' };
    const { element, settle, asked } = await setup('/sign-in?next=%2Frules&organization=acme&refused=email-unverified', choices);
    await settle();
    expect(asked).toBe('/api/v1/sign-in/providers?organization=acme&refused=email-unverified');
    const link = element.querySelector('a');
    expect([link?.textContent?.trim(), link?.getAttribute('href')]).toEqual(['Sign in with Acme SSO', '/api/v1/o/acme/sign-in/1/start?next=%2Frules']);
    expect(element.querySelector('[role=alert]')?.textContent).toContain('Verify your address.');
  });

  it('says that the server does not answer where that is why one is here', async () => {
    const { element } = await setup('/sign-in?away=true');
    expect(element.querySelector('[role=alert]')?.textContent).toContain('does not answer');
  });
});
