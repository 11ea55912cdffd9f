import { Injectable, computed, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import { firstValueFrom } from 'rxjs';
import { sessionCurrent, sessionSignIn, sessionSignOut, sessionSwitchOrganization } from '../api/functions';
import type { CurrentSessionView } from '../api/models';
import { injectApi } from '../http/api-resource';

/** Who uses this console, for which organization. */
@Injectable({ providedIn: 'root' })
export class Session {
  private readonly api = injectApi();
  private readonly router = inject(Router);
  private readonly current = signal<CurrentSessionView | undefined>(undefined);

  readonly view = this.current.asReadonly();
  readonly permissions = computed(() => new Set<string>(this.current()?.permissions ?? []));

  /** Whether the server saw no session when it sent the page: there is no need to ask. */
  private isVisitor = document.querySelector('app-root[data-visitor]') !== null;

  /** Finds out whether the browser holds a session that is still good; undefined for nobody. Fails where Parley does not answer or refuses. */
  async find(): Promise<CurrentSessionView | undefined> {
    if (this.current() === undefined && this.isVisitor) return undefined;
    if (this.current() === undefined) this.current.set(await firstValueFrom(this.api(sessionCurrent, {})));
    return this.current();
  }

  async signIn(email: string, password: string): Promise<void> {
    this.current.set(await firstValueFrom(this.api(sessionSignIn, { body: { email, password } })));
    this.isVisitor = false;
  }

  /** Ends the session; who came by a sign-in provider signs out there, too. */
  async signOut(): Promise<void> {
    const elsewhere = this.current()?.signOutUrl;
    await firstValueFrom(this.api(sessionSignOut, {}), { defaultValue: undefined });
    this.current.set(undefined);
    this.isVisitor = true;
    if (elsewhere == null) await this.router.navigateByUrl('/sign-in');
    else location.assign(elsewhere);
  }

  /** Goes on in another organization: everything on screen belongs to the one before, so the page starts anew. */
  async switchTo(slug: string): Promise<void> {
    await firstValueFrom(this.api(sessionSwitchOrganization, { body: { organization: slug } }), { defaultValue: undefined });
    location.assign('/');
  }

  /** The server no longer knows the session: back to the door, and from there to where one was. */
  async expire(): Promise<void> {
    if (this.current() === undefined) return;
    this.current.set(undefined);
    this.isVisitor = true;
    await this.router.navigate(['/sign-in'], { queryParams: { next: this.router.url } });
  }

  may(permission: string): boolean {
    return this.permissions().has(permission);
  }
}
