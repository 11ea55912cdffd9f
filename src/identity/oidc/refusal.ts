/** Why somebody is not let in by a sign-in provider, in the words that they read. */
export const REFUSALS = {
  'provider-unknown': 'This way of signing in does not exist any more. Choose another one.',
  'provider-unreachable': 'The sign-in provider does not answer. Try again in a moment; if it stays so, tell your administrator.',
  'provider-broken': 'The sign-in provider answers in a way that cannot be trusted. Tell your administrator: the log of Parley says what is wrong.',
  'provider-refused': 'The sign-in provider did not let you in, or you cancelled.',
  'sign-in-expired': 'This sign-in was begun too long ago, or in another browser. Begin again.',
  'email-missing': 'The sign-in provider does not say your e-mail address. Tell your administrator.',
  'email-unverified': 'The sign-in provider has not verified your e-mail address. Verify it there, then try again.',
  'email-domain': 'E-mail addresses of your domain are not let in this way. Ask your administrator.',
  'linked-elsewhere': 'Your e-mail address belongs here to another account of the sign-in provider. Ask your administrator.',
  'not-a-member': 'Nobody with your e-mail address is a member of this organization. Ask its administrator.',
  'no-role': 'The sign-in provider gives you nothing to do in this organization. Ask its administrator.',
} as const;

export type RefusalCode = keyof typeof REFUSALS;

/** Somebody is not let in; `message` is for the log, the code names what they read. */
export class SignInRefused extends Error {
  constructor(readonly code: RefusalCode, message: string = REFUSALS[code], options?: ErrorOptions) {
    super(message, options);
    this.name = 'SignInRefused';
  }
}

/** The sentence of a code that came back in an address; null for what is none. */
export const refusalText = (code: string | undefined): string | null => (code !== undefined && Object.hasOwn(REFUSALS, code) ? REFUSALS[code as RefusalCode] : null);
