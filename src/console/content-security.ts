/**
 * What the console may load and run: its own files. Styles that Angular writes at run time carry the nonce of the page.
 * No inline script, no inline style without nonce, no eval.
 */
export const consolePolicy = (nonce: string): string => [
  "default-src 'none'",
  "script-src 'self'",
  `style-src 'self' 'nonce-${nonce}'`,
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "base-uri 'self'",
  "object-src 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types angular angular#bundler angular#components',
].join('; ');
