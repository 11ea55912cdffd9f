import { Parser } from 'htmlparser2';
import { htmlToText } from '../../../core/rule/formatter/remove-html.js';
import type { Pattern } from '../../../core/rule/pattern.js';
import { beginsDisclaimer } from './disclaimers.js';

/** What a sender wrote, without earlier mails and signature; and whether something was cut. */
export interface ReplyText {
  readonly text: string;
  readonly isCut: boolean;
}

/** "Original message" and "forwarded message" between dashes or underscores. */
const DIVIDERS = new RegExp(`^[-_=*\\s]{2,}(?:${[
  'original message', 'original appointment', 'forwarded message', 'reply message', 'ursprüngliche nachricht', 'originalnachricht', 'weitergeleitete nachricht', 'message d[\'’]origine', 'message original', 'message transféré',
  'mensaje original', 'mensaje reenviado', 'messaggio originale', 'messaggio inoltrato', 'mensagem original', 'alkuperäinen viesti', 'alkuperäisen viestin', 'välitetty viesti', 'ursprungligt meddelande', 'vidarebefordrat meddelande',
  'opprinnelig melding', 'oprindelig meddelelse', 'oorspronkelijk bericht', 'doorgestuurd bericht', 'oryginalna wiadomość', 'wiadomość oryginalna', 'původní zpráva', 'исходное сообщение', '原始邮件', '元のメッセージ',
].join('|')})[-_=*\\s]{2,}$`, 'i');

/** "On Monday … wrote:", in the languages of the mail programs that are met. The line ends in a colon or the verb. */
const WROTE = new RegExp(`^(?:>\\s?)?(?:${[
  'on\\b.{4,300}\\bwrote', 'am\\b.{4,300}\\bschrieb(?:\\b.{0,200})?', '.{4,200}\\bschrieb am\\b.{4,100}', 'le\\b.{4,300}\\ba écrit', 'el\\b.{4,300}\\bescribió', 'il\\b.{4,300}\\bha scritto', 'em\\b.{4,300}\\bescreveu', 'op\\b.{4,300}\\bschreef(?:\\b.{0,200})?',
  'den\\b.{4,300}\\bskrev(?:\\b.{0,200})?', '.{4,200}\\bskrev\\b.{0,200}', '.{4,300}\\bkirjoitti(?:\\b.{0,100})?', 'dnia\\b.{4,300}\\bnapisał(?:\\(a\\)|a)?', 'w dniu\\b.{4,300}(?:napisał|pisze).{0,20}', 'dne\\b.{4,300}\\bnapsal(?:\\(a\\)|a)?', '.{4,300}\\sпишет', '.{4,300}写道', '.{4,300}のメール',
].join('|')})\\s?[:：]$`, 'i');
const WROTE_START = /^(?:>\s?)?(?:on|am|le|el|il|em|op|den|dnia|w dniu|dne|ma|ti|ke|to|pe|la|su|maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)\b/i;

/** The block that Outlook puts over a quoted mail: sender, date, recipient, subject, each with its word. */
const FROM_LINE = /^[>*\s]*(?:from|von|de|da|från|fra|lähettäjä|van|od|от|发件人|差出人)\s?[:：]\*?\s*\S/i;
const SENT_LINE = /^[>*\s]*(?:sent|date|gesendet|datum|envoyé|fecha|enviado(?: el)?|inviato|data|skickat|sendt|lähetetty|päivämäärä|verzonden|wysłano|odesláno|отправлено|发送时间|送信日時)\s?[:：]/i;
const SUBJECT_LINE = /^[>*\s]*(?:subject|betreff|objet|asunto|oggetto|assunto|ämne|emne|aihe|onderwerp|temat|předmět|тема|主题|件名)\s?[:：]/i;

/** What programs and phones put under a mail. */
const SIGNATURES = [
  /^-- ?$/, /^—\s*$/,
  /^(?:sent from (?:my|outlook|mail for|yahoo|samsung)|get outlook for|von meinem .{2,40} gesendet|gesendet (?:mit|von) |envoyé (?:de(?:puis)?) mon|enviado (?:desde|de) (?:mi|meu)|inviato da(?:l mio)? |skickat från min|lähetetty (?:iphonesta|androidista|outlookista|puhelimesta)|verzonden vanaf mijn|wysłane z )/i,
];

const LONGEST_LINE = 600;
const MOST_LINES = 20_000;

/**
 * Cuts earlier mails and the signature from a mail's plain text. `marker`: the line that we put over our own mails, which wins.
 * Where nothing would be left, everything stays.
 */
export function stripReply(text: string, marker: string | null = null): ReplyText {
  const lines = text.replaceAll('\r\n', '\n').split('\n').slice(0, MOST_LINES);
  const marked = marker === null || marker === '' ? -1 : lines.findIndex((line) => line.includes(marker));
  // Over the marker stands the "wrote:" line of the answering program: the other signs are looked for all the same.
  const upper = marked === -1 ? lines : lines.slice(0, marked);
  const cut = upper.findIndex((line, at) => beginsEarlierMail(line.trim(), upper, at));
  const kept = cut === -1 ? [...upper] : upper.slice(0, cut);
  const last = dropSignature(dropQuotedEnd(kept));
  const stripped = last.join('\n').trim();
  if (stripped === '') return { text: text.trim(), isCut: false };
  return { text: stripped, isCut: stripped !== text.replaceAll('\r\n', '\n').trim() };
}

function beginsEarlierMail(line: string, lines: readonly string[], at: number): boolean {
  if (line === '' || line.length > LONGEST_LINE) return false;
  if (DIVIDERS.test(line) || /^_{20,}$/.test(line) || WROTE.test(line)) return true;
  if (WROTE_START.test(line) && !/[:：]$/.test(line)) {
    // Mail programs break a long "On … wrote:" line into up to three.
    const next = (lines[at + 1] ?? '').trim();
    const afterNext = (lines[at + 2] ?? '').trim();
    for (const joined of [`${line} ${next}`, `${line} ${next} ${afterNext}`]) if (joined.length <= LONGEST_LINE && WROTE.test(joined)) return true;
  }
  if (!FROM_LINE.test(line)) return false;
  const below = lines.slice(at + 1, at + 6);
  return below.some((one) => SENT_LINE.test(one)) && below.some((one) => SUBJECT_LINE.test(one));
}

/** Leaves out what stands from the first line on that one of the patterns finds, or that a disclaimer begins with. Where nothing would be left, everything stays. */
export function cutBelow(reply: ReplyText, patterns: readonly Pattern[], withDisclaimers: boolean): ReplyText {
  const lines = reply.text.split('\n');
  const at = lines.findIndex((line) => (withDisclaimers && beginsDisclaimer(line)) || patterns.some((pattern) => pattern.find(line.slice(0, pattern.maxLength)) !== null));
  const text = at === -1 ? '' : lines.slice(0, at).join('\n').trim();
  return text === '' ? reply : { text, isCut: true };
}

/** Quoted lines at the end are the earlier mail; between answers they stay, since the answers refer to them. */
function dropQuotedEnd(lines: readonly string[]): readonly string[] {
  let end = lines.length;
  while (end > 0 && /^\s*(?:>.*)?$/.test(lines[end - 1]!)) end -= 1;
  return lines.slice(0, end);
}

function dropSignature(lines: readonly string[]): readonly string[] {
  const at = lines.findIndex((line) => line.length < 120 && SIGNATURES.some((sign) => sign.test(line)));
  return at <= 0 ? lines : lines.slice(0, at);
}

/** Containers in which mail programs put the earlier mail. */
const QUOTES = /(?:^|\s)(?:gmail_quote|gmail_quote_container|yahoo_quoted|protonmail_quote|moz-cite-prefix|zmail_extra|tutanota_quote|OutlookMessageHeader|quote)(?:\s|$)/;
const QUOTE_IDS = /^(?:divRplyFwdMsg|appendonsend|stopSpelling|mail-editor-reference-message-container|reply-intro|OLK_SRC_BODY_SECTION|replySplit)$|^(?:x_)+divRplyFwdMsg$/;
const SIGNATURE_CLASSES = /(?:^|\s)(?:gmail_signature|moz-signature)(?:\s|$)/;

/** Everything after these belongs to the earlier mail; the others end where they end. */
const BEGINS_REST = /^(?:divRplyFwdMsg|appendonsend|stopSpelling)$/;

/** What a sender wrote in an HTML mail, as text: containers of earlier mails left out, then as `stripReply`. */
export function stripHtmlReply(html: string, marker: string | null = null): ReplyText {
  let kept = '';
  let depth = 0;
  let skippedFrom = -1;
  let isOver = false;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      depth += 1;
      if (isOver || skippedFrom !== -1) return;
      const id = attributes['id'] ?? '';
      if (QUOTE_IDS.test(id) && (BEGINS_REST.test(id.replace(/^(?:x_)+/, '')) || name === 'hr')) isOver = true;
      else if (QUOTE_IDS.test(id) || QUOTES.test(attributes['class'] ?? '') || SIGNATURE_CLASSES.test(attributes['class'] ?? '') || (name === 'blockquote' && attributes['type'] === 'cite')) skippedFrom = depth;
      else kept += `<${name}>`;
    },
    ontext: (text) => { if (!isOver && skippedFrom === -1) kept += text.replaceAll('&', '&amp;').replaceAll('<', '&lt;'); },
    onclosetag: (name) => {
      if (skippedFrom === depth) skippedFrom = -1;
      // An end of a line has no end of its own: two would be two lines.
      else if (!isOver && skippedFrom === -1 && name !== 'br') kept += `</${name}>`;
      depth -= 1;
    },
  }, { decodeEntities: true });
  parser.end(html);
  const text = htmlToText(kept).replace(/[ \t]+$/gm, '').replace(/\n{3,}/g, '\n\n').trim();
  if (text === '') return stripReply(htmlToText(html), marker);
  const whole = htmlToText(html).replace(/\s+/g, '');
  const stripped = stripReply(text, marker);
  return { text: stripped.text, isCut: stripped.isCut || text.replace(/\s+/g, '').length < whole.length };
}
