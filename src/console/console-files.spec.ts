import { describe, expect, it } from '@jest/globals';
import { FILE, HASHED, forVisit } from './console-files.js';
import { consolePolicy } from './content-security.js';

describe('the page of the console', () => {
  it('hands Angular the nonce of its policy', () => {
    expect(forVisit('<head><style>a{}</style></head><body><app-root></app-root></body>', 'n0nce', false))
      .toBe('<head><style nonce="n0nce">a{}</style></head><body><app-root ngCspNonce="n0nce"></app-root></body>');
    expect(consolePolicy('n0nce')).toContain("style-src 'self' 'nonce-n0nce'");
  });

  it('says when the browser brought no session, so that nobody need ask', () => {
    expect(forVisit('<app-root></app-root>', 'n', true)).toBe('<app-root ngCspNonce="n" data-visitor></app-root>');
  });

  it('runs no inline script and loads nothing from elsewhere', () => {
    expect(consolePolicy('n')).not.toMatch(/unsafe|https?:|\*/);
    expect(consolePolicy('n')).toContain("script-src 'self';");
  });
});

describe('a file of the console', () => {
  it.each(['/theme.js', '/media/inter-QWERTZ12.woff2'])('%s is one', (path) => {
    expect(path).toMatch(FILE);
  });

  it.each(['/endpoints/acme.prod', '/messages', '/rules/a.b/versions'])('%s is a page, whatever dots its ids have', (path) => {
    expect(path).not.toMatch(FILE);
  });

  it.each(['/main-ZW74CTCU.js', '/chunk-D-5WCRpA.js', '/chunk-C0ioJtr-.js', '/styles-GNPUBCZI.css', '/media/inter-QWERTZ12.woff2'])('%s changes its name with its content and may be kept', (path) => {
    expect(path).toMatch(HASHED);
  });

  it.each(['/favicon.svg', '/theme.js', '/index.html', '/dark-theme-1.js'])('%s is asked for again', (path) => {
    expect(path).not.toMatch(HASHED);
  });
});
