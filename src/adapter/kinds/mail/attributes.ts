import type { Value } from '../../../core/message/value.js';
import type { Pattern } from '../../../core/rule/pattern.js';
import type { AuthenticationResults } from './judge/sender.js';
import type { ClassifiedMail } from './judge/mail-class.js';
import { headerOf, type MailAddress, type OpenedMail } from './mime/opened-mail.js';
import { cutBelow, stripHtmlReply, stripReply, type ReplyText } from './reply-text.js';
import { safeHtml } from './safe-html.js';
import type { MailSettings } from './settings.js';
import type { MailPlace } from './thread/correlation.js';
import { bareSubject } from './thread/subject.js';
import { openArmor, wrapperOf } from './wrapper.js';

/** What is known of a mail besides its parts. */
export interface MailFacts {
  readonly settings: MailSettings;
  /** Of lines from which on a later mail is left out. */
  readonly cutFrom: readonly Pattern[];
  readonly place: MailPlace;
  readonly classified: ClassifiedMail;
  readonly authentication: AuthenticationResults | null;
}

const addresses = (list: readonly MailAddress[]): readonly string[] => list.map((one) => one.address);

/**
 * The attributes of a mail. `body` is what its sender wrote, `text` everything; the first mail of a thread is never cut, and tells
 * its text as `description`, later ones as `comment`.
 */
export function attributesOf(mail: OpenedMail, facts: MailFacts): Readonly<Record<string, Value>> {
  const { settings, place, classified } = facts;
  const isLater = place.candidates.length > 0;
  const written = isLater && settings.strip !== false && classified.class !== 'bounce' ? cutBelow(writtenIn(mail, settings.replyMarker ?? null), facts.cutFrom, settings.cutDisclaimers !== false) : { text: openArmor(mail.text).text.trim(), isCut: false };
  const [from] = mail.from;
  const optional = (name: string, value: string | null | undefined): Record<string, Value> => (value === null || value === undefined || value === '' ? {} : { [name]: value });
  return {
    subject: mail.subject, title: bareSubject(mail.subject) || mail.subject, body: written.text, [isLater ? 'comment' : 'description']: written.text, text: mail.text,
    ...(mail.html === null ? {} : { html: safeHtml(mail.html) }),
    from: from?.address ?? '', ...optional('from_name', from?.name), to: addresses(mail.to), cc: addresses(mail.cc), ...optional('reply_to', mail.replyTo[0]?.address),
    ...optional('message_id', mail.messageId), ...optional('in_reply_to', mail.inReplyTo[0]), ...(mail.references.length === 0 ? {} : { references: mail.references }), ...optional('date', mail.date),
    visibility: settings.visibility ?? 'internal',
    ...(isLater ? { comment_author: from?.name || from?.address || '', comment_visibility: settings.visibility ?? 'internal' } : {}),
    'mail.class': classified.class, 'mail.automatic': classified.class !== 'human', 'mail.found_by': place.candidates[0]?.by ?? 'none', 'mail.stripped': written.isCut,
    ...optional('mail.number', place.number), ...optional('mail.list', headerOf(mail, 'list-id').replace(/^.*<|>.*$/g, '')), ...optional('mail.importance', importanceOf(mail)), ...optional('mail.wrapper', wrapperOf(mail)),
    ...(facts.authentication === null ? {} : { 'mail.dmarc': facts.authentication.dmarc || 'none', 'mail.spf': facts.authentication.spf || 'none', 'mail.dkim': facts.authentication.dkim || 'none' }),
    ...(mail.omitted.length === 0 ? {} : { 'mail.omitted': mail.omitted }),
  };
}

/** What the sender wrote: of the plain text, unless that was made of the HTML. */
function writtenIn(mail: OpenedMail, marker: string | null): ReplyText {
  const plain = stripReply(openArmor(mail.text).text, marker);
  return mail.html === null || plain.isCut ? plain : stripHtmlReply(mail.html, marker);
}

function importanceOf(mail: OpenedMail): string {
  const said = `${headerOf(mail, 'importance')} ${headerOf(mail, 'x-priority')} ${headerOf(mail, 'priority')} ${headerOf(mail, 'x-msmail-priority')}`.toLowerCase();
  if (/\bhigh\b|\burgent\b|(?:^|\s)[12]\b/.test(said)) return 'high';
  return /\blow\b|non-urgent|(?:^|\s)[45]\b/.test(said) ? 'low' : '';
}
