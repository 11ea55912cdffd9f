import type { ShownRequest } from './request-text';

/** A request as a text to take along: its line, its headers, its body. */
export const requestLines = ({ method, url, headers, body }: ShownRequest): string =>
  [`${method ?? ''} ${url ?? ''}`.trim(), ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`), ...(body ? ['', body] : [])].join('\n');
