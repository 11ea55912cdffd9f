import type { Pattern } from '../../../../core/rule/pattern.js';
import { headerOf, type OpenedMail } from '../mime/opened-mail.js';
import { outlookThread } from './outlook.js';
import { handleOf, ticketOfAddress, ticketOfForeignId, ticketOfId, ticketOfOwnId, ticketsInSubject, type ThreadKeys } from './token.js';

/** The header by which machines name a thread of ours to us. */
export const THREAD_HEADER = 'x-parley-thread';

/** Newest ids of a chain that are looked up; the first one is always among them. */
const MOST_REFERENCES = 20;

export interface CorrelationSettings {
  readonly keys: ThreadKeys;
  /** Patterns whose first group is the partner's own number, tried in order over the subject, then the text. */
  readonly numbers: readonly Pattern[];
  readonly numbersInText: boolean;
}

export type FoundBy = 'address' | 'in-reply-to' | 'references' | 'header' | 'subject' | 'number' | 'thread-index';

/** Where a mail belongs, as far as the mail itself tells. */
export interface MailPlace {
  /** The ticket of the most certain sign; of the mail itself where it has none. */
  readonly ticketId: string;
  /** What the signs are, most certain first; empty for a mail that begins a thread. */
  readonly candidates: readonly { readonly by: FoundBy; readonly ticketId: string }[];
  /** Other names under which later mails may mean the same thread. */
  readonly aliases: readonly string[];
  /** The partner's own number. */
  readonly number: string | null;
}

/** Finds the threads that a mail may belong to: by address, headers, subject, partner's number, Outlook's index, in this order. `recipients`: of the envelope, where known. */
export function placeOf(mail: OpenedMail, recipients: readonly string[], settings: CorrelationSettings, fallback: string): MailPlace {
  const { keys } = settings;
  const number = numberOf(mail, settings);
  const outlook = outlookThread(mail);
  const chain = mail.references.length > MOST_REFERENCES ? [mail.references[0]!, ...mail.references.slice(1 - MOST_REFERENCES)] : mail.references;
  const signs: readonly (readonly [FoundBy, readonly (string | null)[]])[] = [
    ['address', [...recipients, ...addressed(mail)].map((address) => ticketOfAddress(address, keys))],
    ['in-reply-to', mail.inReplyTo.map((id) => ticketOfId(id, keys))],
    ['references', chain.toReversed().map((id) => ticketOfId(id, keys))],
    ['header', [ticketOfOwnId(headerOf(mail, THREAD_HEADER).replace(/^<|>$/g, ''), keys)]],
    ['subject', ticketsInSubject(mail.subject, keys)],
    ['number', [number]],
    ['thread-index', [outlook?.isAnswer === true ? outlook.ticketId : null]],
  ];
  const candidates: { by: FoundBy; ticketId: string }[] = [];
  for (const [by, found] of signs) {
    for (const ticketId of found) if (ticketId !== null && !candidates.some((one) => one.ticketId === ticketId)) candidates.push({ by, ticketId });
  }
  const own = ticketOfForeignId(mail.messageId ?? fallback);
  const ticketId = candidates[0]?.ticketId ?? own;
  const names = [own, ...chain.map((id) => ticketOfId(id, keys)), ...mail.inReplyTo.map((id) => ticketOfId(id, keys)), ...(number === null ? [] : [number, handleOf(number)]), ...(outlook === null ? [] : [outlook.ticketId])];
  return { ticketId, candidates, number, aliases: [...new Set(names)].filter((one) => one !== ticketId) };
}

/** Addresses at which a mail may have reached us besides the envelope's. */
export function addressed(mail: OpenedMail): string[] {
  const traces = ['delivered-to', 'x-original-to', 'x-envelope-to', 'envelope-to'].flatMap((name) => mail.headers.get(name) ?? []);
  return [...traces.map((one) => one.replace(/[<>\s]/g, '')), ...[...mail.to, ...mail.cc].map((one) => one.address)].slice(0, 100);
}

function numberOf(mail: OpenedMail, { numbers, numbersInText }: CorrelationSettings): string | null {
  for (const pattern of numbers) {
    for (const text of numbersInText ? [mail.subject, mail.text] : [mail.subject]) {
      const found = pattern.find(text.slice(0, pattern.maxLength));
      const number = (found?.[1] ?? found?.[0])?.trim();
      if (number !== undefined && number !== '' && number.length <= 200) return number;
    }
  }
  return null;
}
