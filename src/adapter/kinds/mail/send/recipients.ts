import type { AddressKeeper, DeadAddress, KnownAddress, SendResult } from '../../../contract.js';
import { neverSent } from '../../../answer/send-result.js';
import { speaksOfAddress } from '../judge/bounce.js';
import type { ComposedMail } from './compose.js';

/** To whom a mail goes, and to whom not: an address that mails came back from is not tried again. */
export type Addressed = { readonly mail: ComposedMail; /** Recipients from whom something came back before. */ readonly known: readonly KnownAddress[]; readonly warning?: string } | { readonly failed: SendResult };

const inWords = ({ address, bounces, reason }: KnownAddress): string => `${address} (${bounces} ${bounces === 1 ? 'mail' : 'mails in a row'} came back from there: ${reason.slice(0, 120)})`;

/** Leaves out who is suppressed. Where nobody would be written to the mail is not sent. */
export async function withoutSuppressed(mail: ComposedMail, addresses: AddressKeeper | undefined): Promise<Addressed> {
  if (addresses === undefined) return { mail, known: [] };
  const known = await addresses.known([...mail.to, ...mail.cc].map((one) => one.toLowerCase())).catch(() => null);
  if (known === null) return { failed: { ...neverSent('It could not be looked up whether mails to these recipients came back.'), outcome: 'retryable' } };
  const suppressed = known.filter((one) => one.isSuppressed);
  if (suppressed.length === 0) return { mail, known };
  const isOpen = (address: string): boolean => !suppressed.some((one) => one.address === address.toLowerCase());
  const [to, cc] = [mail.to.filter(isOpen), mail.cc.filter(isOpen)];
  const whom = suppressed.map(inWords).join(', ');
  if (to.length === 0) return { failed: neverSent(`Nothing is sent to ${whom}. When the address works again, lift it on the page of the endpoint and retry.`.slice(0, 500)) };
  return { mail: { ...mail, to, cc }, known: known.filter((one) => !one.isSuppressed), warning: `Nothing was sent to ${whom}.`.slice(0, 500) };
}

/** A recipient that a server refused, and its words. */
export interface RefusedRecipient {
  readonly recipient?: string | undefined;
  readonly response?: string | undefined;
}

/** Those of the refused recipients who are refused for good, for what they are. */
export function deadOf(refused: readonly RefusedRecipient[], deliveryId: string, most: number): DeadAddress[] {
  if (most === 0) return [];
  return refused.flatMap(({ recipient, response = '' }) => {
    const [, status = ''] = /^5\d\d[ -](5\.\d{1,3}\.\d{1,3})\b/.exec(response.trim()) ?? [];
    return recipient === undefined || !speaksOfAddress(status) ? [] : [{ address: recipient.toLowerCase(), reason: response.replace(/\s+/g, ' ').trim().slice(0, 500), deliveryId, most }];
  });
}
