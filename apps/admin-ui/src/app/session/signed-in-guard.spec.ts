import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { HttpTestingController, provideHttpClientTesting } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { expiredSession } from './expired-session';
import { Session } from './session';
import { signedInGuard } from './signed-in-guard';

@Component({ template: '' })
class Screen {}

const VIEW = { person: { id: 'p', email: 'a@b.c', name: '' }, organization: { id: 'o', slug: 'acme', name: 'Acme', role: 'operator' }, organizations: [], permissions: ['messages:read'] };

async function setup(answer: { readonly status: number; readonly body: object | null }) {
  TestBed.configureTestingModule({
    providers: [
      provideHttpClient(withInterceptors([expiredSession])), provideHttpClientTesting(),
      provideRouter([{ path: 'sign-in', component: Screen }, { path: '**', canActivate: [signedInGuard], component: Screen }]),
    ],
  });
  const http = TestBed.inject(HttpTestingController);
  const router = TestBed.inject(Router);
  const arrived = router.navigateByUrl('/messages?state=DEAD');
  await new Promise((done) => setTimeout(done));
  http.expectOne('/api/v1/session').flush(answer.body, { status: answer.status, statusText: 'x' });
  await arrived;
  return { http, router, session: TestBed.inject(Session) };
}

describe('the door', () => {
  it('lets people with a session in and knows what they may do', async () => {
    const { router, session } = await setup({ status: 200, body: VIEW });
    expect(router.url).toBe('/messages?state=DEAD');
    expect(session.may('messages:read')).toBe(true);
    expect(session.may('deliveries:write')).toBe(false);
  });

  it('asks nobody where the server says that the browser brought no session', async () => {
    const root = document.createElement('app-root');
    root.dataset['visitor'] = '';
    document.body.append(root);
    try {
      TestBed.configureTestingModule({
        providers: [provideHttpClient(), provideHttpClientTesting(), provideRouter([{ path: 'sign-in', component: Screen }, { path: '**', canActivate: [signedInGuard], component: Screen }])],
      });
      const router = TestBed.inject(Router);
      await router.navigateByUrl('/rules');
      expect(router.parseUrl(router.url).queryParams).toEqual({ next: '/rules' });
      TestBed.inject(HttpTestingController).expectNone('/api/v1/session');
    } finally {
      root.remove();
    }
  });

  it('sends others to sign in and remembers where they wanted to go', async () => {
    const { router } = await setup({ status: 401, body: null });
    expect(router.parseUrl(router.url).queryParams).toEqual({ next: '/messages?state=DEAD' });
  });

  it('says when it is the server that is away', async () => {
    const { router } = await setup({ status: 503, body: null });
    expect(router.parseUrl(router.url).queryParams).toMatchObject({ away: 'true' });
  });

  it('is gone back to when the session ends meanwhile', async () => {
    const { http, router, session } = await setup({ status: 200, body: VIEW });
    void session.signIn('a@b.c', 'x').catch(() => undefined); // Any call would do.
    http.expectOne('/api/v1/session').flush(null, { status: 401, statusText: 'x' });
    await new Promise((done) => setTimeout(done, 20));
    expect(router.url.startsWith('/sign-in')).toBe(true);
    expect(session.view()).toBeUndefined();
  });
});
