import { HttpErrorResponse } from '@angular/common/http';
import { inject } from '@angular/core';
import { type CanActivateFn, Router } from '@angular/router';
import { Session } from './session';

/** Lets people with a session in; others sign in first and come back. */
export const signedInGuard: CanActivateFn = async (_route, state) => {
  const session = inject(Session);
  const router = inject(Router);
  const door = (isAway: boolean) => router.createUrlTree(['/sign-in'], { queryParams: { next: state.url === '/' ? null : state.url, away: isAway ? true : null } });
  try {
    return (await session.find()) === undefined ? door(false) : true;
  } catch (failure) {
    return door(!(failure instanceof HttpErrorResponse) || failure.status !== 401);
  }
};
