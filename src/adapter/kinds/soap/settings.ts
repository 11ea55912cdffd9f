import type { AnswerSetting } from '../../answer/answer-rules.js';
import type { ConnectedEndpoint, EntityType } from '../../contract.js';
import type { CursorSetting } from '../../place/cursor-setting.js';
import type { InboundPlaces } from '../../place/inbound-places.js';
import type { PlaceSetting } from '../../place/place.js';
import type { PredicateSetting } from '../../answer/predicate.js';
import type { PollTimes } from '../../setting/poll-times.js';
import type { OAuthSetting } from '../../token/oauth-setting.js';
import type { AddressingVersion, SoapVersion } from './names.js';

export type SoapAuth =
  | { readonly type: 'none' }
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }
  | { readonly type: 'header'; readonly name: string; readonly value: string }
  | OAuthSetting
  | SoapSession;

/** A session that a call begins; what it is given is read by templates as `{{token}}`. */
export interface SoapSession {
  readonly type: 'session';
  readonly login: SoapRequest;
  readonly username?: string;
  readonly password?: string;
  /** Where the answer to the login has the token. */
  readonly token: PlaceSetting;
  /** `element`: what its XPath finds is taken as it stands, not its text. */
  readonly tokenForm?: 'text' | 'element';
  /** HTTP headers of every call; `{{token}}` is the token. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly ttlSeconds?: number;
  readonly logout?: SoapRequest;
  /** What besides 401 and a fault of the caller says that the session is over. */
  readonly invalidWhen?: readonly PredicateSetting[];
}

/** WS-Security of what is sent. */
export interface SoapSecurity {
  readonly usernameToken?: { readonly username: string; readonly password: string; readonly type?: 'digest' | 'text' };
  /** Seconds for which a request is valid; a Timestamp says so. */
  readonly timestampSeconds?: number;
  /** Signs Body and Timestamp. */
  readonly signature?: { readonly key: string; readonly certificate: string };
  /** Encrypts the content of the Body, and the UsernameToken, for the target. */
  readonly encryption?: { readonly certificate: string; readonly algorithm?: 'aes256-gcm' | 'aes128-gcm' | 'aes256-cbc' | 'aes128-cbc' };
  /** A SAML assertion as it stands; `{{token}}` is the one that a session was given. */
  readonly assertion?: string;
  readonly mustUnderstand?: boolean;
}

/** How answers are judged and read; `embedded` is where an answer carries a document as a text, which is then the one that is read. */
export interface SoapAnswer extends AnswerSetting {
  readonly embedded?: PlaceSetting;
}

/** One call. Body and header are XML templates. */
export interface SoapRequest {
  readonly path?: string;
  readonly action?: string;
  readonly style?: 'document' | 'rpc';
  readonly use?: 'literal' | 'encoded';
  /** Of style rpc: the element that wraps the body. */
  readonly rpc?: { readonly name: string; readonly namespace?: string };
  readonly body: string;
  readonly header?: string;
  readonly mtom?: boolean;
  /** Files are attachments of the envelope; the template refers to them. */
  readonly swa?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly idempotent?: boolean;
  readonly answer?: SoapAnswer;
}

export interface SoapLookup extends SoapRequest {
  readonly ticketId: PlaceSetting;
  readonly absentWhen: readonly PredicateSetting[];
}

/** A list that is fetched regularly by a call; each of its elements becomes an envelope for the entity type's inbound mapping. */
export interface SoapPoll extends SoapRequest, PollTimes {
  /** XPath of the elements. */
  readonly list: string;
  readonly cursor?: CursorSetting;
  /** Elements on a page; a page with fewer is the last. */
  readonly pageSize?: number;
  /** Where the answer has the token of the next page. */
  readonly next?: PlaceSetting;
  /** What tells one state of an element from another; the whole element without it. */
  readonly version?: readonly PlaceSetting[];
  readonly maxPages?: number;
}

/** An endpoint's `settings`; the part that every kind has is read by `deliverySettings`. */
export interface SoapSettings {
  readonly address: string;
  readonly version?: SoapVersion;
  readonly auth?: SoapAuth;
  readonly namespaces?: Readonly<Record<string, string>>;
  readonly header?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly addressing?: { readonly version?: AddressingVersion; readonly to?: string; readonly replyTo?: string };
  readonly security?: SoapSecurity;
  readonly signedAnswers?: { readonly certificates: readonly string[]; readonly maxAgeSeconds?: number };
  /** What answers carry encrypted for this key is decrypted. */
  readonly encryptedAnswers?: { readonly key: string };
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly answers?: SoapAnswer;
  readonly inboundSecurity?: { readonly username: string; readonly password: string; readonly maxAgeSeconds?: number };
  /** Senders sign Body and Timestamp; no other signer is believed. */
  readonly signedRequests?: { readonly certificates: readonly string[]; readonly maxAgeSeconds?: number };
  /** Header blocks that count as understood besides those that are, by the endpoint's prefixes. */
  readonly understoodHeaders?: readonly string[];
  /** Whether envelopes for our own service must fit its WSDL to the letter. */
  readonly validateService?: boolean;
  readonly check?: SoapRequest;
  /** Under which our own WSDL names the inbound address, where the request does not tell it rightly. */
  readonly serviceAddress?: string;
}

/** Where any envelope carries the parts of a message, and what its sender is told. */
export interface SoapInbound extends InboundPlaces {
  readonly answer?: { readonly body: string; readonly namespaces?: Readonly<Record<string, string>> };
  readonly when?: PredicateSetting;
  /** Where the envelope carries a document (XML or JSON) as a text, which is then the one that is read. */
  readonly embedded?: PlaceSetting;
}

export interface SoapEntityType {
  readonly operations?: { readonly create?: SoapRequest; readonly update?: SoapRequest; readonly attach?: SoapRequest };
  readonly response?: SoapAnswer;
  readonly lookup?: SoapLookup;
  readonly inbound?: SoapInbound;
  readonly poll?: SoapPoll;
}

export const soapSettings = (endpoint: Pick<ConnectedEndpoint, 'settings'>): SoapSettings => endpoint.settings as unknown as SoapSettings;
export const soapEntityType = (entityType: EntityType): SoapEntityType => entityType.settings;
