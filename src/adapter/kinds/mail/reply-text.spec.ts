import { describe, expect, it } from '@jest/globals';
import { stripHtmlReply, stripReply } from './reply-text.js';

const QUOTED = '\n> Which floor?\n> Is it still burning?\n';

describe('a reply in plain text', () => {
  it.each([
    ['Gmail', `The third.\n\nOn Fri, 20 Nov 2026 at 10:00, Support <support@example.com> wrote:\n${QUOTED}`],
    ['Gmail, broken in two', `The third.\n\nOn Fri, 20 Nov 2026 at 10:00, Support Desk of Example\n<support@example.com> wrote:\n${QUOTED}`],
    ['Gmail, broken in three', `The third.\n\nOn Fri, 20 Nov 2026 at 10:00, Support Desk of\nExample Corporation International\n<support@example.com> wrote:\n${QUOTED}`],
    ['Apple Mail, German', `The third.\n\nAm 20.11.2026 um 10:00 schrieb Support <support@example.com>:\n${QUOTED}`],
    ['Thunderbird, French', `The third.\n\nLe 20/11/2026 à 10:00, Support a écrit :\n${QUOTED}`],
    ['Thunderbird, Spanish', `The third.\n\nEl 20/11/26 a las 10:00, Support escribió:\n${QUOTED}`],
    ['Gmail, Italian', `The third.\n\nIl giorno ven 20 nov 2026 alle ore 10:00 Support <s@example.com> ha scritto:\n${QUOTED}`],
    ['Gmail, Portuguese', `The third.\n\nEm sex., 20 de nov. de 2026 às 10:00, Support <s@example.com> escreveu:\n${QUOTED}`],
    ['Thunderbird, Dutch', `The third.\n\nOp 20-11-2026 om 10:00 schreef Support:\n${QUOTED}`],
    ['Gmail, Finnish', `The third.\n\npe 20. marrask. 2026 klo 10.00 Support (s@example.com) kirjoitti:\n${QUOTED}`],
    ['Gmail, Swedish', `The third.\n\nDen fre 20 nov. 2026 kl 10:00 skrev Support <s@example.com>:\n${QUOTED}`],
    ['Gmail, Polish', `The third.\n\npt., 20 lis 2026 o 10:00 Support <s@example.com> napisał(a):\n${QUOTED}`.replace('pt., 20', 'W dniu pt., 20')],
    ['Gmail, Russian', `The third.\n\nпт, 20 нояб. 2026 г. в 10:00, Support <s@example.com> пишет:\n${QUOTED}`],
    ['Outlook', 'The third.\n\nFrom: Support <support@example.com>\nSent: Friday, 20 November 2026 10:00\nTo: Anna\nSubject: Printer\n\nWhich floor?'],
    ['Outlook, German', 'The third.\n\nVon: Support\nGesendet: Freitag, 20. November 2026 10:00\nAn: Anna\nBetreff: Drucker\n\nWelcher Stock?'],
    ['Outlook, Finnish', 'The third.\n\nLähettäjä: Support\nLähetetty: perjantai 20. marraskuuta 2026 10.00\nVastaanottaja: Anna\nAihe: Tulostin\n\nMikä kerros?'],
    ['Outlook, Swedish', 'The third.\n\nFrån: Support\nSkickat: den 20 november 2026 10:00\nTill: Anna\nÄmne: Skrivare\n\nVilken våning?'],
    ['Outlook, bold words', 'The third.\n\n*From:* Support\n*Sent:* Friday\n*To:* Anna\n*Subject:* Printer\n\nWhich floor?'],
    ['old Outlook', 'The third.\n\n-----Original Message-----\nFrom: Support\n\nWhich floor?'],
    ['old Outlook, German', 'The third.\n\n-----Ursprüngliche Nachricht-----\nVon: Support\n\nWelcher Stock?'],
    ['a phone', `The third.\n\nSent from my iPhone\n\n> On 20 Nov 2026, at 10:00, Support wrote:\n${QUOTED}`],
    ['a signature', 'The third.\n\n-- \nAnna Müller\nPartner Inc.'],
    ['quotes alone', `The third.\n${QUOTED}`],
    ['windows line ends', 'The third.\r\n\r\nOn Friday, Support wrote:\r\n> Which floor?\r\n'],
    ['a line over our mails', 'The third.\n\nDesk:\n## write above this line ##\nWhich floor?'],
  ])('of %s keeps what its sender wrote', (_client, text) => {
    expect(stripReply(text, '## write above this line ##')).toEqual({ text: expect.stringMatching(/^The third\.(?:\n\nDesk:)?$/), isCut: true });
  });

  it('keeps answers between quoted lines, and what only looks like an earlier mail', () => {
    const between = '> Which floor?\nThe third.\n> Is it burning?\nYes.';
    expect(stripReply(between)).toEqual({ text: between, isCut: false });
    for (const text of ['From: the printer comes smoke.\nPlease look.', 'On Monday I wrote to you.', 'Le support est lent', 'I ran:\n- one\n- two', 'See below:\n\nDate: today']) expect(stripReply(text)).toEqual({ text, isCut: false });
  });

  it('keeps everything where nothing would be left', () => {
    expect(stripReply('> only a quote')).toEqual({ text: '> only a quote', isCut: false });
    expect(stripReply('')).toEqual({ text: '', isCut: false });
  });

  it('is read in bounded time, whatever it is', () => {
    for (const text of ['On '.repeat(300_000), `${'On a '.repeat(100)}\n`.repeat(4_000), 'a skrev '.repeat(100_000), `${'Am x schrieb '.repeat(45)}\n`.repeat(4_000), '\n'.repeat(900_000), `${'_ -='.repeat(150)}x\n`.repeat(2_000), `-${' '.repeat(596)}-x\n`.repeat(20_000)]) stripReply(text);
  });
});

describe('a reply in HTML', () => {
  it.each([
    ['Gmail', '<div dir="ltr">The third.</div><br><div class="gmail_quote"><div class="gmail_attr">On Friday Support wrote:</div><blockquote class="gmail_quote">Which floor?</blockquote></div>'],
    ['Outlook on the web', '<div>The third.</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Support</div><div>Which floor?</div>'],
    ['Apple Mail', '<html><body>The third.<br><blockquote type="cite">Which floor?</blockquote></body></html>'],
    ['Thunderbird', '<p>The third.</p><div class="moz-cite-prefix">On Friday Support wrote:<br></div><blockquote type="cite" cite="mid:x">Which floor?</blockquote><div class="moz-signature">-- <br>Anna</div>'],
    ['Yahoo', '<div>The third.</div><div class="yahoo_quoted">Which floor?</div>'],
    ['a broken program', '<div>The third.<div class="gmail_quote">Which <b>floor?'],
  ])('of %s keeps what its sender wrote', (_client, html) => {
    expect(stripHtmlReply(html)).toEqual({ text: 'The third.', isCut: true });
  });

  it('keeps everything where nothing would be left', () => {
    expect(stripHtmlReply('<blockquote type="cite">only a quote</blockquote>').text).toBe('only a quote');
  });

  it('has one line where a line ends, however that is written', () => {
    expect(stripHtmlReply('<p>one<br>two<br/>three</p><div class="gmail_quote">old</div>')).toEqual({ text: 'one\ntwo\nthree', isCut: true });
  });
});
