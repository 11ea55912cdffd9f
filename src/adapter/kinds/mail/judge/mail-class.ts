import { headerOf, type OpenedMail } from '../mime/opened-mail.js';
import { plainReport } from './plain-report.js';
import { ticketOfOwnId, type ThreadKeys } from '../thread/token.js';

/** What kind of sender a mail has (RFC 3834). `own`: one that we wrote ourselves and that came back. */
export const MAIL_CLASSES = ['human', 'auto-reply', 'auto-generated', 'list', 'bounce', 'delay', 'delivery-notice', 'receipt', 'feedback', 'own'] as const;
export type MailClass = (typeof MAIL_CLASSES)[number];

/** A class and the sign that told it. */
export interface ClassifiedMail {
  readonly class: MailClass;
  readonly because: string;
}

/** Relays between two systems; a mail that has passed more runs in a circle. */
const MOST_RELAYS = 30;

const ABSENCES = /^(?:automatic reply|auto(?:matic)?[ -]?(?:reply|response|responder)|out of (?:the )?office|abwesenheits?notiz|automatische antwort|abwesend|réponse automatique|absence du bureau|respuesta automática|fuera de (?:la )?oficina|risposta automatica|fuori sede|automaattinen vastaus|poissa|automatiskt svar|frånvaro|automatisk svar|automatisch antwoord|afwezig|autosvar|odpowiedź automatyczna|resposta automática)\b/i;

/** Tells who wrote a mail: a person, a machine, or the mail system. The most certain sign counts. `isReturned`: it came to an address that only mails come back to. */
export function classify(mail: OpenedMail, keys: ThreadKeys, { ownAddresses = [keys.address], isReturned = false }: { readonly ownAddresses?: readonly string[]; readonly isReturned?: boolean } = {}): ClassifiedMail {
  const own = ownMail(mail, keys, ownAddresses);
  if (own !== null) return { class: 'own', because: own };
  const report = reportClass(mail) ?? plainReportClass(mail, isReturned);
  if (report !== null) return report;
  const relays = mail.headers.get('received')?.length ?? 0;
  if (relays > MOST_RELAYS) return { class: 'own', because: `it has passed ${relays} relays` };
  return automatic(mail) ?? { class: 'human', because: 'nothing says otherwise' };
}

function ownMail(mail: OpenedMail, keys: ThreadKeys, ownAddresses: readonly string[]): string | null {
  if (mail.messageId !== null && ticketOfOwnId(mail.messageId, keys) !== null) return 'its Message-ID is one of ours';
  const from = mail.from[0]?.address;
  return from !== undefined && ownAddresses.includes(from) ? 'it is from our own address' : null;
}

function reportClass(mail: OpenedMail): ClassifiedMail | null {
  if (mail.contentType === 'multipart/report') {
    if (mail.reportType === 'disposition-notification') return { class: 'receipt', because: 'it is a disposition notification' };
    if (mail.reportType === 'feedback-report') return { class: 'feedback', because: 'it is a feedback report' };
    const status = mail.files.find((file) => /^message\/(?:global-)?delivery-status$/.test(file.contentType))?.content.toString('latin1') ?? '';
    const actions = [...status.matchAll(/^Action:\s*([a-z]+)/gim)].map(([, action]) => action!.toLowerCase());
    if (actions.includes('failed')) return { class: 'bounce', because: 'its report says that delivery failed' };
    if (actions.includes('delayed')) return { class: 'delay', because: 'its report says that delivery is delayed' };
    if (actions.length > 0) return { class: 'delivery-notice', because: `its report says ${actions[0]}` };
  }
  return headerOf(mail, 'x-failed-recipients') === '' ? null : { class: 'bounce', because: 'it names failed recipients' };
}

/** Mail systems that write for people alone are known by who they are, by their words, or by where they write to. */
function plainReportClass(mail: OpenedMail, isReturned: boolean): ClassifiedMail | null {
  const isSystem = /^(?:mailer-daemon|postmaster|mdaemon)@/.test(mail.from[0]?.address ?? '');
  const isNull = isNullReturn(mail);
  const speaks = isSystem && (isNull || /undeliver|returned mail|delivery (?:status|failure|has failed)|failure notice|unzustellbar|non remis|no entregado/i.test(mail.subject));
  if (!speaks && !isNull) return null;
  const plain = plainReport(mail.text);
  const because = speaks ? 'the mail system wrote it' : plain !== null ? 'it is worded as mail systems do' : isReturned && automatic(mail)?.class !== 'auto-reply' ? 'it came to where mails come back to' : null;
  if (because === null) return null;
  return plain?.action === 'delayed' ? { class: 'delay', because: `${because}, and says that delivery is delayed` } : { class: 'bounce', because };
}

/** Whether a mail says that nobody is to be told of its fate: machines of the mail system write so. */
export const isNullReturn = (mail: OpenedMail): boolean => (mail.headers.get('return-path') ?? []).some((path) => path.replace(/\s/g, '') === '<>');

function automatic(mail: OpenedMail): ClassifiedMail | null {
  const submitted = headerOf(mail, 'auto-submitted').toLowerCase();
  if (submitted.startsWith('auto-replied')) return { class: 'auto-reply', because: `Auto-Submitted: ${submitted.slice(0, 60)}` };
  const precedence = headerOf(mail, 'precedence').toLowerCase();
  if (precedence === 'auto_reply') return { class: 'auto-reply', because: 'Precedence: auto_reply' };
  for (const name of ['x-autoreply', 'x-autorespond', 'x-auto-reply', 'x-autoresponder']) {
    const value = headerOf(mail, name).toLowerCase();
    if (value !== '' && value !== 'no' && value !== 'false') return { class: 'auto-reply', because: `it has the header ${name}` };
  }
  if (ABSENCES.test(mail.subject)) return { class: 'auto-reply', because: 'its subject is that of an absence' };
  for (const name of ['list-id', 'list-unsubscribe', 'list-post']) if (headerOf(mail, name) !== '') return { class: 'list', because: `it has the header ${name}` };
  if (precedence === 'list') return { class: 'list', because: 'Precedence: list' };
  if (submitted !== '' && submitted !== 'no') return { class: 'auto-generated', because: `Auto-Submitted: ${submitted.slice(0, 60)}` };
  if (precedence === 'bulk' || precedence === 'junk') return { class: 'auto-generated', because: `Precedence: ${precedence}` };
  if (headerOf(mail, 'x-fc-machinegenerated').toLowerCase() === 'true') return { class: 'auto-generated', because: 'X-FC-MachineGenerated' };
  // Exchange and what imitates it: who wants no automatic answer is a machine that knows what loops are.
  if (/\b(?:all|oof|autoreply)\b/i.test(headerOf(mail, 'x-auto-response-suppress'))) return { class: 'auto-generated', because: 'X-Auto-Response-Suppress' };
  if (isNullReturn(mail)) return { class: 'auto-generated', because: 'its return path is empty' };
  return null;
}
