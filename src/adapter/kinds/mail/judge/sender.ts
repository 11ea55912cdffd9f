import type { OpenedMail } from '../mime/opened-mail.js';

/** Who may write to an endpoint. */
export interface SenderSettings {
  /** Addresses, `@domain` or `@*.domain`; empty: everybody. */
  readonly allow: readonly string[];
  /** Name of the mail server whose Authentication-Results are believed; others may be forged. */
  readonly authServId: string | null;
  /** What it must say: nothing, `dmarc=pass`, or one of DKIM and SPF in line with the sender's domain. */
  readonly require: 'nothing' | 'dmarc' | 'aligned';
}

/** What a trusted server found out about the sender. */
export interface AuthenticationResults {
  readonly dmarc: string;
  readonly spf: string;
  readonly dkim: string;
  readonly spfDomain: string;
  readonly dkimDomains: readonly string[];
}

/** Why a mail's sender is not let in, in words; null where it is. */
export function refusalOf(mail: OpenedMail, settings: SenderSettings): string | null {
  if (mail.from.length !== 1) return mail.from.length === 0 ? 'the mail names no sender' : 'the mail names several senders';
  const { address } = mail.from[0]!;
  if (settings.allow.length > 0 && !settings.allow.some((entry) => isAllowed(address, entry.toLowerCase().trim()))) return `the sender ${address} is not on the list of those who may write here`;
  if (settings.require === 'nothing') return null;
  const results = resultsOf(mail, settings.authServId);
  if (results === null) return `the mail has no Authentication-Results of ${settings.authServId ?? 'a trusted server'}`;
  if (results.dmarc === 'pass') return null;
  if (settings.require === 'dmarc') return `DMARC of ${address} says "${results.dmarc || 'nothing'}"`;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  const inLine = (other: string): boolean => other === domain || other.endsWith(`.${domain}`) || domain.endsWith(`.${other}`);
  if (results.spf === 'pass' && results.spfDomain.includes('.') && inLine(results.spfDomain)) return null;
  if (results.dkim === 'pass' && results.dkimDomains.some((one) => one.includes('.') && inLine(one))) return null;
  return `neither DKIM nor SPF passes for ${domain}`;
}

function isAllowed(address: string, entry: string): boolean {
  if (entry.startsWith('@*.')) return address.endsWith(entry.slice(2)) && address.includes('@');
  return entry.startsWith('@') ? address.endsWith(entry) : address === entry;
}

/**
 * The results of one server's check, read from the topmost header of its name: a mail that brings such a header along has it
 * further down. Null where there is none. Comments are left out, since they may hold anything.
 */
export function resultsOf(mail: Pick<OpenedMail, 'headers'>, authServId: string | null): AuthenticationResults | null {
  if (authServId === null) return null;
  const header = (mail.headers.get('authentication-results') ?? []).map(withoutComments).find((value) => (value.split(';', 1)[0] ?? '').trim().split(/\s/, 1)[0]?.toLowerCase() === authServId.toLowerCase());
  if (header === undefined) return null;
  const found = { dmarc: '', spf: '', dkim: '', spfDomain: '', dkimDomains: [] as string[] };
  for (const part of header.split(';').slice(1, 50)) {
    const [, method, result] = /^\s*(dmarc|spf|dkim)\s*=\s*([a-z]+)/i.exec(part) ?? [];
    if (method === undefined || result === undefined) continue;
    const property = (name: string): string => new RegExp(`${name.replace('.', '\\.')}\\s*=\\s*"?([^\\s";]+)`, 'i').exec(part)?.[1]?.toLowerCase().replace(/^.*@/, '') ?? '';
    const said = result.toLowerCase();
    if (method.toLowerCase() === 'dmarc') found.dmarc = said;
    else if (method.toLowerCase() === 'spf') Object.assign(found, { spf: said, spfDomain: property('smtp.mailfrom') });
    else if (said === 'pass') {
      found.dkim = said;
      found.dkimDomains.push(property('header.d') || property('header.i'));
    } else found.dkim ||= said;
  }
  return found;
}

function withoutComments(value: string): string {
  let depth = 0;
  let kept = '';
  for (const character of value) {
    if (character === '(') depth += 1;
    else if (character === ')') depth = Math.max(0, depth - 1);
    else if (depth === 0) kept += character;
  }
  return kept;
}
