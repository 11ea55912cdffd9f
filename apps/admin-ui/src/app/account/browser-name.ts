import { ACCOUNT } from './account.text';

const BROWSERS: readonly (readonly [RegExp, string])[] = [[/Edg\//, 'Edge'], [/OPR\//, 'Opera'], [/Firefox\//, 'Firefox'], [/Chrom(?:e|ium)\//, 'Chrome'], [/Version\/.*Safari\//, 'Safari'], [/^curl\//, 'curl']];
const SYSTEMS: readonly (readonly [RegExp, string])[] = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/Linux/, 'Linux']];

/** `Chrome on Linux`, from how a browser calls itself; the beginning of that where it is not known. */
export function browserName(userAgent: string): string {
  const browser = BROWSERS.find(([mark]) => mark.test(userAgent))?.[1] ?? userAgent.slice(0, 60);
  const system = SYSTEMS.find(([mark]) => mark.test(userAgent))?.[1];
  if (browser === '') return ACCOUNT.unknownBrowser;
  return system === undefined ? browser : `${browser} on ${system}`;
}
