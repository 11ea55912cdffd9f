/** Where to go after signing in: an address inside the console, never another site that a link may have named. */
export function safeNext(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in') ? next : '/overview';
}
