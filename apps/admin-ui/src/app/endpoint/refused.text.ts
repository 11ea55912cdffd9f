/** What a refusal means and what to do about it. */
export interface RefusalWords {
  readonly title: string;
  readonly advice: string;
}

const SIGNATURE = 'Compare the secret at the sender with the one in this endpoint’s settings, under verification; while it is being changed, enter the old one beside it.';
const CERTIFICATE = 'Compare the certificate with those that the endpoint allows, under who may call. PARLEY_TRUST_PROXY must name the reverse proxy that hands it on.';
const FORM = 'Open the request below and compare it with what the endpoint’s settings expect. When they are right, the sender has to send it again.';

/** By the code of the refusal. */
const BY_CODE: Readonly<Record<string, RefusalWords>> = {
  'address-not-allowed': { title: 'Comes from an address that is not allowed', advice: 'If it is the sender’s own, add it in the endpoint’s settings, under who may call. If it is your reverse proxy’s, PARLEY_TRUST_PROXY must name that proxy.' },
  'certificate-missing': { title: 'No client certificate', advice: CERTIFICATE },
  'certificate-unreadable': { title: 'A client certificate that cannot be read', advice: CERTIFICATE },
  'certificate-not-allowed': { title: 'A client certificate that is not allowed', advice: CERTIFICATE },
  'signature-missing': { title: 'Not signed', advice: 'Turn signing on at the sender, with the secret of this endpoint’s settings, or take the verification out of the settings.' },
  'signature-wrong': { title: 'Signed with another secret', advice: SIGNATURE },
  'signature-too-old': { title: 'Signed too long ago', advice: 'Set the clock of the sender right. If it sends late by design, allow more time in the endpoint’s settings, under verification.' },
  'failed-authentication': { title: 'User name or password in the envelope are wrong', advice: SIGNATURE },
  'broken-json': { title: 'The body is broken JSON', advice: 'The reason names the place. Correct what the sender makes, most often a value that is put into a text without being escaped.' },
  'broken-xml': { title: 'The body is broken XML', advice: 'The reason names the place. Correct what the sender makes.' },
  'not-an-envelope': { title: 'The body is no SOAP envelope', advice: 'Send a SOAP envelope to this address, or connect the sender with an endpoint of the kind rest.' },
  'unsupported-media-type': { title: 'The body is of a type that is not taken', advice: 'Let the sender send application/json, or set in the endpoint’s settings how its body is read.' },
  'invalid-request': { title: 'The body does not have the form of a message', advice: FORM },
  'ticket-id-missing': { title: 'No ticket id was found in it', advice: 'Open the request below and set in the endpoint’s settings where its ticket id stands.' },
  'idempotency-key-reused': { title: 'Its key was used for another request', advice: 'The sender gives two different requests the same idempotency key: give each its own.' },
  'invalid-idempotency-key': { title: 'Its idempotency key is blank or too long', advice: 'Let the sender give a key of 1 to 255 characters, or none.' },
  'cannot-be-stored': { title: 'It holds something that cannot be stored', advice: 'Most often it is a NUL character in a text. Correct what the sender makes.' },
};

/** By what it was answered, where the code is not known. */
const BY_STATUS: Readonly<Record<number, RefusalWords>> = {
  401: { title: 'It does not prove who sent it', advice: SIGNATURE },
  403: { title: 'Its sender is not let in', advice: 'Compare who sends with the endpoint’s settings, under who may call.' },
  413: { title: 'It is too large', advice: 'Let the sender send less, or allow more.' },
  415: { title: 'The body is of a type that is not taken', advice: BY_CODE['unsupported-media-type']?.advice ?? FORM },
};

const OTHERWISE: RefusalWords = { title: 'It cannot be read', advice: FORM };

export const refusalWords = ({ code, status }: { readonly code: string; readonly status: number }): RefusalWords => BY_CODE[code] ?? BY_STATUS[status] ?? OTHERWISE;

export const REFUSED = {
  trail: 'Endpoints',
  heading: 'Refused requests',
  about: 'What came with the right credentials and was refused all the same. Its sender was told; no message was made of it. The newest thousand of each endpoint are kept.',
  columns: { at: 'When', to: 'To', from: 'From', why: 'Why', answered: 'Answered' },
  filters: { endpoint: 'Endpoint' },
  clear: 'Clear filters',
  newRows: (count: number) => (count === 1 ? '1 new' : `${String(count)} new`),
  emptyTitle: 'Nothing was refused',
  emptyAdvice: 'Requests with wrong credentials or to an address that does not exist are answered at once and not kept. If a sender says that it cannot get through, look at what it was answered.',
  noMatch: 'This endpoint refused nothing',
  unknownAddress: 'not kept',
  whatToDo: 'What to do',
  told: 'What its sender was told',
  request: 'The request',
  noBody: 'It was refused before its body was read.',
  emptyBody: 'Its body was empty.',
  cut: (kept: string, size: string) => `The first ${kept} of ${size} are kept.`,
  noHeaders: 'Its headers were not kept.',
  hidden: 'Secrets are hidden.',
  settings: 'Open the settings',
  endpoint: 'Open the endpoint',
  loading: 'Loading…',
} as const;
