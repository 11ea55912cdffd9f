import { HttpClient, type HttpContext } from '@angular/common/http';
import { type ResourceRef, inject } from '@angular/core';
import { rxResource } from '@angular/core/rxjs-interop';
import { type Observable, map } from 'rxjs';
import type { StrictHttpResponse } from '../api/strict-http-response';

/** A function of the generated client. */
export type ApiFunction<P, T> = (http: HttpClient, rootUrl: string, params: P, context?: HttpContext) => Observable<StrictHttpResponse<T>>;

/** Calls functions of the generated client on the server that sent this page; for use where injection is possible. */
export function injectApi(): <P, T>(operation: ApiFunction<P, T>, params: P) => Observable<T> {
  const http = inject(HttpClient);
  return (operation, params) => operation(http, '', params).pipe(map((answer) => answer.body));
}

/** What the API answers to `params`, as a resource: read again when they change, idle while they are undefined. */
export function apiResource<P, T>(operation: ApiFunction<P, T>, params: () => P | undefined): ResourceRef<T | undefined> {
  const call = injectApi();
  return rxResource({ params, stream: ({ params: wanted }) => call(operation, wanted as P) });
}
