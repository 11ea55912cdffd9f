import { HttpErrorResponse, type HttpInterceptorFn } from '@angular/common/http';
import { Injector, inject } from '@angular/core';
import { catchError, throwError } from 'rxjs';
import { Session } from './session';

/** Notices on any call that the session is over. */
export const expiredSession: HttpInterceptorFn = (request, next) => {
  const injector = inject(Injector); // Session itself makes requests, so it is asked for only when needed.
  return next(request).pipe(
    catchError((failure: unknown) => {
      if (failure instanceof HttpErrorResponse && failure.status === 401) void injector.get(Session).expire();
      return throwError(() => failure);
    }),
  );
};
