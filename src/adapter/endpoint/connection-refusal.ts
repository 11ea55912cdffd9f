/** Why an endpoint was not connected, in the words that whoever tried reads. */
export const CONNECTION_REFUSALS = {
  'not-begun': 'This was begun too long ago, in another session or by somebody else, or it is done already. Begin again with Connect.',
  'not-allowed': 'You are not signed in here, or may not change endpoints. Sign in, then begin again with Connect.',
  'settings-changed': 'The settings of the endpoint were changed meanwhile. Begin again with Connect.',
  'target-refused': 'The system did not give its consent, or you cancelled.',
  'target-unreachable': 'The token address does not answer. Try again in a moment; if it stays so, check the address in the settings.',
  'client-refused': 'The system refuses the client: check client id, secret and client authentication in the settings, and the redirect address there.',
  'target-broken': 'The token address answers in a way that cannot be used: check it in the settings. The log of Parley says what is wrong.',
} as const;

export type ConnectionRefusalCode = keyof typeof CONNECTION_REFUSALS;

/** An endpoint is not connected; `message` is for the log and never holds a token, the code names what is read. */
export class ConnectionRefused extends Error {
  constructor(readonly code: ConnectionRefusalCode, message: string = CONNECTION_REFUSALS[code]) {
    super(message);
    this.name = 'ConnectionRefused';
  }
}

/** The sentence of a code that came back in an address; null for what is none. */
export const connectionRefusalText = (code: string | undefined): string | null => (code !== undefined && Object.hasOwn(CONNECTION_REFUSALS, code) ? CONNECTION_REFUSALS[code as ConnectionRefusalCode] : null);
