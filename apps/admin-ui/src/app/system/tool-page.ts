import type { EndpointDto } from '../api/models';

/** Where the pages of a built-in ticket tool are, for people: an address on this very server. Undefined for systems that are elsewhere. */
export function toolPage({ adapter, settings }: Pick<EndpointDto, 'adapter' | 'settings'>): string | undefined {
  const baseUrl: unknown = settings['baseUrl'];
  if (adapter !== 'sandbox' || typeof baseUrl !== 'string') return undefined;
  const path = URL.canParse(baseUrl) ? new URL(baseUrl).pathname : baseUrl;
  return /^\/sandbox\/[a-z0-9-]+$/.test(path) ? path : undefined;
}
