/** What the page may do: nothing but lead on. */
export const ARRIVED_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Where to go after signing in: an address of the console, never another site that a link may have named. */
export const safeNext = (next: unknown): string => (typeof next === 'string' && /^\/(?![/\\])[\x20-\x7e]*$/.test(next) && !next.startsWith('/sign-in') && next.length <= 2_000 ? next : '/overview');

/**
 * A page that leads on by itself. A redirect would not do: the browser came here from another site, and would not send the
 * session's strict cookie along to where it is redirected.
 */
export function arrivedPage(next: string, { title, text }: { readonly title: string; readonly text: string } = { title: 'Signed in', text: 'You are signed in.' }): string {
  const address = next.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${address}"><title>${title}</title></head><body><p>${text} <a href="${address}">Go on</a></p></body></html>\n`;
}
