import { describe, expect, it } from '@jest/globals';
import { beginsDisclaimer } from './disclaimers.js';
import { cutBelow } from './reply-text.js';

describe('a disclaimer', () => {
  it.each([
    'This e-mail and any attachments are confidential.', 'The information contained in this message is intended solely for the addressee', 'This message may contain privileged information.', 'CONFIDENTIALITY NOTICE: the contents of', '*** Disclaimer ***', '> This communication, including any attachments, contains proprietary information',
    'If you are not the intended recipient, please delete it.', 'Please consider the environment before printing this e-mail', 'Diese E-Mail enthält vertrauliche und/oder rechtlich geschützte Informationen.', 'Sollten Sie diese Nachricht irrtümlich erhalten haben', 'Ce message et toutes les pièces jointes sont confidentiels', 'Este mensaje puede contener información confidencial',
    'Questo messaggio contiene informazioni riservate', 'Dit bericht is vertrouwelijk', 'Detta e-postmeddelande kan innehålla konfidentiell information', 'Denne e-post er fortrolig', 'Tämä viesti on luottamuksellinen', 'Esta mensagem pode conter informação confidencial', 'Ta wiadomość może zawierać informacje poufne',
  ])('begins with "%s"', (line) => {
    expect(beginsDisclaimer(line)).toBe(true);
  });

  it.each(['This is confidential: the server room is open.', 'This e-mail came back.', 'Disclaimers are missing on the new page', 'The message is confidential, so please call me', 'If you are not at home I come tomorrow', 'Diese Nachricht kam dreimal', 'I put a legal notice on the page', 'Vertraulich bitte!', 'Disclaimer: I have not tried it', ''])('does not begin with "%s"', (line) => {
    expect(beginsDisclaimer(line)).toBe(false);
  });

  it('is left out with all that follows it, unless nothing would be left', () => {
    const whole = (text: string) => ({ text, isCut: false });
    expect(cutBelow(whole('Done.\n\nVera\nThis e-mail is confidential.\nDelete it.'), [], true)).toEqual({ text: 'Done.\n\nVera', isCut: true });
    expect(cutBelow(whole('This e-mail is confidential.\nDelete it.'), [], true)).toEqual(whole('This e-mail is confidential.\nDelete it.'));
    expect(cutBelow(whole('Done.\nThis e-mail is confidential.'), [], false)).toEqual(whole('Done.\nThis e-mail is confidential.'));
  });

  it('is looked for in a time that follows the length of the line', () => {
    expect(beginsDisclaimer(`This e-mail ${'and any '.repeat(100_000)}`)).toBe(false);
    expect(beginsDisclaimer(`diese nachricht ${'ist '.repeat(100_000)}`)).toBe(false);
  });
});
