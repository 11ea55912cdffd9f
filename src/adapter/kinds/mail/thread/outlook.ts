import { headerOf, type MailAddress, type OpenedMail } from '../mime/opened-mail.js';
import { bareSubject } from './subject.js';
import { ticketOfForeignId } from './token.js';

/** What Outlook writes of a conversation of its own (MS-OXOMSG 2.2.1.3): a reserved byte, a time, an id; then five bytes for each answer. */
const HEADER_BYTES = 22;
const ANSWER_BYTES = 5;
const ID_AT = 6;
const LONGEST = 4_096;

/** The thread in which this sender has written under this index and topic; null where the mail has none. */
export interface OutlookThread {
  readonly ticketId: string;
  /** Whether the mail answers another one of it: the first mail of a thread has an index as well. */
  readonly isAnswer: boolean;
}

/**
 * A weak sign: everybody who was ever sent a mail of the conversation has the index. It therefore stands for a thread only together with its topic
 * and the address that wrote: somebody else with the same index begins a thread of their own.
 */
export function outlookThread(mail: OpenedMail): OutlookThread | null {
  const written = headerOf(mail, 'thread-index').replace(/\s/g, '');
  const topic = bareSubject(headerOf(mail, 'thread-topic')).toLowerCase();
  const [from] = mail.from as readonly (MailAddress | undefined)[];
  if (from === undefined || mail.from.length !== 1 || topic === '' || written.length > LONGEST || !/^[A-Za-z0-9+/]+={0,2}$/.test(written)) return null;
  const bytes = Buffer.from(written, 'base64');
  if (bytes.length < HEADER_BYTES || (bytes.length - HEADER_BYTES) % ANSWER_BYTES !== 0) return null;
  return { ticketId: ticketOfForeignId(`thread-index ${bytes.toString('hex', ID_AT, HEADER_BYTES)} ${topic} ${from.address}`), isAnswer: bytes.length > HEADER_BYTES };
}
