import { defineFormatter } from './formatter.js';

export const stripQuotedReply = defineFormatter({
  type: 'StripQuotedReply',
  meaning: 'Keeps of a mail what its sender wrote: cuts quoted earlier mails and the signature',
  keys: {},
  compile: () => stripReply,
});

/** Lines after which only an earlier mail or a signature follows. */
const CUTS: readonly RegExp[] = [
  /^-- ?$/,
  /^-{2,}\s*(?:original message|original appointment|ursprüngliche nachricht|message d'origine|mensaje original|alkuperäinen viesti|ursprungligt meddelande)\s*-{2,}$/i,
  /^-{2,}\s*(?:forwarded message|weitergeleitete nachricht|message transféré)\s*-{2,}$/i,
  /^_{20,}$/,
  /^(?:>\s?)?(?:on|am|le|el|il|den|op|em)\s.{4,200}(?:wrote|schrieb|a écrit|escribió|ha scritto|skrev|kirjoitti|schreef|escreveu)\s?:?$/i,
];
/** The header block that Outlook puts over a quoted mail: a sender line followed by a date line. */
const FROM_LINE = /^\*?(?:from|von|de|da|från|lähettäjä|van)\s?:\*?\s/i;
const SENT_LINE = /^\*?(?:sent|date|gesendet|datum|envoyé|enviado|inviato|skickat|lähetetty|verzonden)\s?:\*?\s/i;

/** What somebody wrote above an earlier mail is never longer; each line costs a microsecond or two. */
const MOST_LINES = 10_000;

function stripReply(mail: string): string {
  const lines = mail.replaceAll('\r\n', '\n').split('\n');
  const cut = lines.findIndex((line, at) => at < MOST_LINES && startsEarlierMail(line.trimEnd(), lines, at));
  const kept = cut < 0 ? lines : lines.slice(0, cut);
  while (kept.length > 0 && /^\s*(?:>.*)?$/.test(kept.at(-1) ?? '')) kept.pop();
  return kept.join('\n');
}

function startsEarlierMail(line: string, lines: readonly string[], at: number): boolean {
  if (line.length > 400) return false;
  if (CUTS.some((cut) => cut.test(line))) return true;
  // Mail programs break a long "On … wrote:" line in two.
  const next = (lines[at + 1] ?? '').trim();
  if (/^(?:on|am|le)\s/i.test(line) && next.length < 200 && CUTS.some((cut) => cut.test(`${line} ${next}`))) return true;
  return FROM_LINE.test(line) && lines.slice(at + 1, at + 3).some((follower) => SENT_LINE.test(follower));
}
