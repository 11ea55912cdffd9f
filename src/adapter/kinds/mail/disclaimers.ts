/** A mail, or what hangs on it, as the law departments of several countries call it. */
const MAIL_EN = '(?:(?:the |any )?(?:information|content|contents)(?: contained| transmitted)? (?:in|by|of) )?this (?:e-?mail|message|communication|transmission)(?:,? (?:message )?(?:and|including|together with) (?:any|all|its) (?:files|attachments?|attached files)(?: transmitted with it)?)?,?';

/**
 * Lines with which disclaimers begin. Each names the mail itself and says what only disclaimers say of it; a person who writes that something is
 * confidential does not write so.
 */
const BEGINNINGS = [
  `^${MAIL_EN} (?:may contain|contains?|is|are)\\b.{0,80}\\b(?:confidential|privileged|legally protected|intended (?:solely|only|exclusively)|proprietary)\\b`,
  '^(?:confidentiality (?:notice|note|statement)|e-?mail disclaimer|vertraulichkeitshinweis)\\s*(?:[:：.*_=–-]|$)', '^(?:legal (?:notice|disclaimer)|disclaimer|haftungsausschluss|rechtlicher hinweis)\\s*[:*_=]*\\s*$',
  '^if you (?:are not the intended (?:recipient|addressee)|have received this (?:e-?mail|message|communication) in error)\\b',
  '^(?:please )?consider the environment before printing\\b', '^(?:please )?think (?:of|about) the environment before printing\\b',
  '^diese (?:e-?mail|nachricht)\\b.{0,80}\\b(?:enthält|kann|könnte|ist|sind)\\b.{0,60}\\b(?:vertraulich\\w*|ausschließlich für|rechtlich geschützt\\w*)\\b', '^(?:wenn|sollten|falls) sie (?:nicht der (?:richtige|beabsichtigte|vorgesehene) (?:adressat|empfänger)|diese (?:e-?mail|nachricht) irrtümlich)\\b',
  '^ce (?:message|courriel|mail|courrier électronique)\\b.{0,80}\\b(?:confidentiel\\w*|exclusi(?:f|ve|vement)\\b|réservé)', '^avis de confidentialité',
  '^este (?:mensaje|correo|correo electrónico|e-?mail)\\b.{0,80}\\b(?:confidencial\\w*|exclusivamente|privilegiad\\w*)\\b', '^aviso (?:legal|de confidencialidad)\\b', '^(?:esta mensagem|este e-?mail)\\b.{0,80}\\bconfidencia\\w*\\b',
  '^(?:questo messaggio|questa e-?mail|le informazioni contenute (?:in|nella) (?:questo|questa|presente))\\b.{0,80}\\b(?:riservat\\w*|confidenzial\\w*)\\b',
  '^(?:dit|deze) (?:bericht|e-?mail|e-?mailbericht)\\b.{0,80}\\b(?:vertrouwelijk\\w*|uitsluitend bestemd)\\b',
  '^(?:detta|denne|dette) (?:e-?post\\w*|meddelande\\w*|meddelelse\\w*|e-?mail|melding\\w*|mejl|mail)\\b.{0,80}\\b(?:konfidentiel\\w*|fortrolig\\w*|konfidensiel\\w*)\\b',
  '^tämä (?:sähköposti\\w*|viesti)\\b.{0,80}\\b(?:luottamuksellis\\w*|luottamuksellinen|tarkoitettu ainoastaan|tarkoitettu vain)\\b', '^(?:ta|niniejsza) (?:wiadomość|korespondencja).{0,80}\\bpoufn\\w*\\b',
].map((source) => new RegExp(source, 'iu'));

const LONGEST_LINE = 2_000;

/** Whether a disclaimer begins with this line. */
export const beginsDisclaimer = (line: string): boolean => {
  const bare = line.slice(0, LONGEST_LINE).replace(/^[\s*_>|=-]+/, '');
  return bare !== '' && BEGINNINGS.some((beginning) => beginning.test(bare));
};
