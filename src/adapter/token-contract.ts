/** How a person signs in at the target, so that calls are made in their name (OAuth 2.0 authorization code, RFC 6749 4.1). */
export interface Consent {
  readonly authorizationUrl: string;
  readonly tokenUrl: string;
  readonly clientId: string;
  /** Of the address that the browser is sent to, besides what the protocol says. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Of the request that makes tokens of the code, likewise. */
  readonly tokenParameters: Readonly<Record<string, string>>;
  /** Adds what proves who the client is to a token request. Throws where a key cannot sign. */
  authenticate(body: URLSearchParams, headers: { set(name: string, value: string): void }): void;
  /** Stands for all that tokens are bound to: they are never sent where the settings point since. */
  readonly fingerprint: string;
}

/** A refresh token of the settings that the target may replace. `fingerprint` changes with it and with where it is sent. */
export interface TokenSeed {
  readonly fingerprint: string;
  readonly refreshToken: string;
}

/** Tokens of a person's consent. Instants in milliseconds. */
export interface KeptTokens {
  readonly accessToken: string;
  /** Null where the target gave none: then the consent ends with the access token. */
  readonly refreshToken: string | null;
  /** Some time before the access token ends: a request may take a while. */
  readonly usableUntilMs: number;
}

/** The tokens of an endpoint: sealed in the store, the same for all instances, renewed by one of them at a time. */
export interface TokenKeeper {
  /** The newest; null where nobody has connected the endpoint as it is set now, or the target has ended the consent. */
  read(): Promise<(KeptTokens & { readonly version: number }) | null>;
  /** Whether the caller may renew this version; nobody else does for that long. */
  claim(version: number, leaseMs: number): Promise<boolean>;
  /** Keeps what replaces this version; committed when it resolves. */
  replace(version: number, tokens: KeptTokens): Promise<void>;
  /** Gives the right to renew back. */
  release(version: number): Promise<void>;
  /** Nobody tries this version again: somebody has to connect anew. */
  refuse(version: number, reason: string): Promise<void>;
}
