import type { Attachment, EntityRef, Message, Operation } from '../core/message/message.js';
import type { Attributes } from '../core/message/value.js';
import type { Failure } from '../core/message/failure.js';
import type { Result } from '../core/message/result.js';
import type { Consent, TokenKeeper, TokenSeed } from './token-contract.js';
import type { AddressKeeper, AddressNews } from './address-contract.js';

export type { Consent, KeptTokens, TokenKeeper, TokenSeed } from './token-contract.js';
export type { AddressKeeper, AddressNews, DeadAddress, KnownAddress } from './address-contract.js';
import type { DescriptionSource, ProposedOperations } from './proposed-operations.js';

/** A JSON Schema (2020-12) object. `x-secret: true` marks a value that is written, encrypted and never read back; `x-label` and `x-help` make the form. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** What an adapter kind can do; the conformance suite tests exactly what is declared here. */
export interface Manifest {
  readonly kind: string;
  readonly label: string;
  readonly version: string;
  readonly description: string;
  readonly receives: boolean;
  readonly sends: boolean;
}

/** An endpoint as an adapter sees it: one organization's connected system, secrets in clear, immutable. */
export interface ConnectedEndpoint {
  readonly organization: string;
  readonly id: string;
  readonly name: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly entityTypes: readonly EntityType[];
  /** What a person's consent gave, or a refresh token of its settings became. */
  readonly tokens?: TokenKeeper;
  /** What is known of the addresses that it sends to, for kinds with `usesAddresses`. */
  readonly addresses?: AddressKeeper;
}

export interface EntityType {
  readonly name: string;
  readonly references: readonly Reference[];
  /** The kind's own part (operations, response, lookup), checked by its schema. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** The attribute that carries another endpoint's ticket id. */
export interface Reference extends EntityRef {
  readonly attribute: string;
}

/** A request to an inbound address after authentication, bytes as received. Header names are lower case. */
export interface InboundRequest {
  readonly entityType: string;
  readonly body: Uint8Array;
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: string;
  /** How, and at which path and full address it was called; absent of what is read later. */
  readonly method?: string;
  readonly path?: string;
  readonly url?: string;
  /** When it was accepted, in milliseconds by the database's clock; only told to `complete`. */
  readonly acceptedMs?: number;
  /** What `complete` fetched for it, in the kind's own form; absent or null where nothing was. */
  readonly completion?: Uint8Array | null;
}

/** A file that came with a message, or goes out with one. */
export interface CarriedAttachment extends Attachment {
  readonly content: Uint8Array;
}

/** A canonical message as normalize makes it: not yet correlated, no id yet. */
export interface NormalizedMessage extends Pick<Message, 'entityType' | 'messageType' | 'attributes' | 'sender'> {
  readonly ticketId: string;
  readonly occurredAt: string | null;
  readonly references: readonly (EntityRef & { readonly ticketId: string })[];
  readonly attachments: readonly CarriedAttachment[];
  /** The source's own id of this event: a repeat that comes after acceptance ends as DUPLICATE. Null where there is none. */
  readonly eventId: string | null;
  /** Further ids under which later requests may mean the same ticket (a mail's Message-ID, a number beside an id); those that nobody has yet become its own. */
  readonly aliases?: readonly string[];
  /** Why it ends here, visibly and unrouted: a sentence for an operator. */
  readonly filtered?: string;
  /** It is filtered since too many like it come, not for what it is: somebody is told. */
  readonly isHeldBack?: true;
  /** What the kind wants to know of this ticket when it sends to it: plain JSON below 16 kB; replaces what it knew. */
  readonly note?: Readonly<Record<string, unknown>>;
  /** A delivery of this endpoint that had worked and of which this message says that it failed after all (a mail that bounced). */
  readonly failedDelivery?: { readonly id: string; readonly reason: string };
  /** A delivery of this endpoint that its system had accepted and of which it says now that it was not done: sent again while it has at most so many attempts behind it, dead else. */
  readonly undoneDelivery?: { readonly id: string; readonly reason: string; readonly again: { readonly tries: number; readonly pauseMs: number } };
  /** What this message says of addresses that its endpoint sends to. */
  readonly addressNews?: AddressNews;
}

/** One delivery as an adapter sees it. */
export interface OutboundDelivery {
  /** Also the idempotency key and the correlation key: the same on every attempt. */
  readonly id: string;
  readonly entityType: string;
  readonly messageType: string;
  readonly operation: Operation;
  /** The target's ticket id; null on a create, unless a look-up found what an earlier attempt made: then what comes after it is left to do. */
  readonly ticketId: string | null;
  readonly attributes: Attributes;
  readonly attachments: readonly CarriedAttachment[];
  readonly attempt: number;
  /** Absent where nothing of it can be kept: then a kind does not begin what it could not end. */
  readonly steps?: StepMemory;
  /** What `normalize` noted of this ticket last, for kinds with `usesNotes`; null where it noted nothing. */
  readonly note?: Readonly<Record<string, unknown>> | null;
}

/**
 * What was done of a delivery of several steps, kept over attempts and crashes: what would be doubled is not done again. Values are
 * plain JSON below 64 kB; names are the kind's own.
 */
export interface StepMemory {
  read(): Readonly<Record<string, unknown>>;
  /** Resolves once it is committed. */
  keep(name: string, done: unknown): Promise<void>;
}

/** A request as it would be sent; secrets already in place, so it is shown only redacted. */
export interface RenderedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | null;
}

/** How a call ended, before anyone judged it. */
export type CallOutcome =
  | { readonly kind: 'answered'; readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: Uint8Array }
  | { readonly kind: 'failed'; readonly reason: string; readonly message: string; /** Whether any byte of the request may have reached the target. */ readonly written: boolean };

/** The one way out, as adapters may use it: guarded, limited, aborted by `signal`. */
export interface OutboundHttp {
  call(request: RenderedRequest, limits: CallLimits, signal: AbortSignal): Promise<CallOutcome>;
  /**
   * The address to dial for protocols other than HTTP (IMAP, POP3, SMTP): the name resolved once, every answer judged by the
   * egress policy. Dial this address, never the name, and check the certificate against the name.
   */
  address(host: string, port: number): Promise<Result<string, Failure>>;
  /** Whether the process may still act, where that can end: to be asked right before what counts is written in another protocol; `call` asks by itself. */
  mayCall?(): boolean;
}

export interface CallLimits {
  readonly connectMs: number;
  readonly headersMs: number;
  readonly totalMs: number;
  readonly maxAnswerBytes: number;
}

/**
 * What one attempt came to. `answer` is the target's body as attributes, `ticketId` the id it named.
 * `unknown`: the target may have done it; `retryable`: it certainly did not and may later;
 * `credentials`: refused for who we are; `rejected`: refused for what we sent.
 */
export interface SendResult {
  readonly outcome: 'success' | 'retryable' | 'rejected' | 'unknown' | 'credentials';
  readonly httpStatus: number | null;
  readonly ticketId: string | null;
  readonly answer: Attributes;
  /** One sentence for an operator; null on success. Never a secret. */
  readonly error: string | null;
  /** One sentence on what a success lacks: the ticket was written, but not all of its files. */
  readonly warning?: string;
  /** Least time until the next try, as the target asked. */
  readonly retryAfterMs: number | null;
  /** Whether that wish is about this ticket alone: the endpoint's others go on. */
  readonly isOfTicket?: true;
  /** Whether the outcome speaks against the endpoint as a whole (feeds its circuit). */
  readonly endpointFault: boolean;
  /** The answer's body as received, cut to 64 kB; null where there was none. */
  readonly body: Uint8Array | null;
}

/** What a look-up by correlation key found: the ticket, its certain absence, or no usable answer. */
export type LookupResult = { readonly found: string } | { readonly found: null } | { readonly failed: SendResult };

/** One request of a delivery as it would be sent, or why it would not; `note` says what it depends on. */
export interface PreviewedRequest {
  readonly step: string;
  readonly request: RenderedRequest | null;
  readonly note: string | null;
}

export interface Outbound {
  /** Whether deliveries are given the note of their ticket. */
  readonly usesNotes?: true;
  /** Whether its endpoints are given what is known of the addresses that they send to. */
  readonly usesAddresses?: true;
  /** The request of a delivery, secrets included, without sending it. Pure. */
  render(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): Result<RenderedRequest, Failure>;
  /** All requests of a delivery in order, for kinds that may need several. Pure. */
  preview?(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): readonly PreviewedRequest[];
  send(delivery: OutboundDelivery, endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Promise<SendResult>;
  /** How long a delivery waits for its turn, in milliseconds; 0: it goes now. Asked before an attempt: who waits has made none. */
  turn?(delivery: OutboundDelivery, endpoint: ConnectedEndpoint): Promise<number>;
  /** How an answer would be judged and read, without any call: for trying settings with a recorded answer. Pure. */
  readAnswer?(outcome: CallOutcome, delivery: Pick<OutboundDelivery, 'operation' | 'entityType'> & { readonly step?: string }, endpoint: ConnectedEndpoint): SendResult;
  /** Whether what was done of a delivery is kept (`steps`): for those that take several requests. Pure. */
  keepsSteps?(operation: Operation, entityType: string, endpoint: ConnectedEndpoint): boolean;
  /** Whether this operation of this entity type may be sent again with the same key after an unknown outcome. */
  isIdempotent(operation: Operation, entityType: string, endpoint: ConnectedEndpoint): boolean;
  /** Whether creates of this entity type can be looked up by their correlation key. */
  canLookUp(entityType: string, endpoint: ConnectedEndpoint): boolean;
  /** Looks a create up by its correlation key; absent where this entity type cannot be searched. */
  lookup?(deliveryId: string, entityType: string, endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Promise<LookupResult | null>;
}

/** What the settings of an endpoint choose to know repeats by, before any key that the sender gave. */
export interface RepeatKey {
  /** At most 255 characters. */
  readonly key: string;
  /** Another body under it is a repeat, too. */
  readonly isEnough: true;
  /** After so many milliseconds the same key is no repeat any more; at most a week. */
  readonly forMs: number;
}

/** What a sender is told that wanted to see who is there, and brought no message. */
export interface InboundAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  /** Besides the content type; lower-case names. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What became of fetching what a request leaves out. `isFinal`: it will not work later either, the request ends as failed. */
export type Completed =
  | { readonly kind: 'completed'; readonly completion: Uint8Array }
  | { readonly kind: 'failed'; readonly error: string; readonly isFinal: boolean; readonly retryAfterMs?: number | null };

/** What became of a request: of all of its deliveries, in the order in which they were routed. `none`: no rule sent anything. */
export interface SettledRequest {
  readonly outcome: 'done' | 'failed' | 'held' | 'none';
  readonly deliveries: readonly { readonly endpoint: string; readonly entityType: string; readonly operation: string; readonly state: string; readonly ticketId: string | null; readonly error: string | null }[];
}

/** What becomes of a message that somebody brought. `detail`: a sentence that may be shown to the sender. */
export type InboundTold =
  | { readonly kind: 'accepted'; readonly messageId: string; readonly replayed: boolean; /** Where the sender waited for it and it was known in time. */ readonly settled?: SettledRequest }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly detail: string };

export interface Inbound {
  /** Canonical bodies are checked and correlated before they are acknowledged; mapped ones are verified, kept raw and normalized after. */
  form(endpoint: ConnectedEndpoint, entityType: string): 'canonical' | 'mapped';
  /** Signature over the raw bytes, where the kind has one. */
  verify(request: InboundRequest, endpoint: ConnectedEndpoint): Result<void, Failure>;
  /** Answers a request that is a handshake and no message, before its signature is asked for; null where it is an ordinary one. Pure. */
  handshake?(request: InboundRequest, endpoint: ConnectedEndpoint): InboundAnswer | null;
  /** Whether a mapped request can be read, asked before it is accepted, where senders expect to be told at once; its failure is told as 400. Pure. */
  examine?(request: InboundRequest, endpoint: ConnectedEndpoint): Result<void, Failure>;
  /** For how many milliseconds a sender waits for what becomes of its request, before it is told that it is kept; not at all where absent. Pure. */
  waitsMs?(request: InboundRequest, endpoint: ConnectedEndpoint): number;
  /** What a sender of messages is told; null where that is the usual JSON. Pure. */
  answer?(told: InboundTold, request: InboundRequest, endpoint: ConnectedEndpoint): InboundAnswer | null;
  /** Whether any request of this endpoint may have to be completed. Pure. */
  completes?(endpoint: ConnectedEndpoint): boolean;
  /** Whether something must be fetched before this request can be read (a thin webhook): it then waits aside, and blocks nobody. Pure. */
  lacks?(request: InboundRequest, endpoint: ConnectedEndpoint): boolean;
  /** Fetches what a request lacks; its answer is kept with the request and comes back as `completion`. Tried again until the endpoint's retries are over. */
  complete?(request: InboundRequest, endpoint: ConnectedEndpoint, context: PollContext): Promise<Completed>;
  /** Takes apart a body that can only be read by waiting (MIME); `normalize` gets what it answers. Bounded; what it throws fails the request alone. `arrivedMs`: when the request was accepted. */
  open?(request: InboundRequest, endpoint: ConnectedEndpoint, arrivedMs: number): Promise<unknown>;
  /** Bytes and headers to canonical messages. Pure, total, no clock. */
  normalize(request: InboundRequest, endpoint: ConnectedEndpoint, opened?: unknown): Result<readonly NormalizedMessage[], Failure>;
  /** The source's own id of a request, for de-duplication before acceptance (a webhook id header), or what the settings choose; null where it has none. */
  repeatKey(request: InboundRequest, endpoint: ConnectedEndpoint): RepeatKey | string | null;
}

/** One thing that a source fetches from: an entity type's list, a mailbox. Each has a cursor, a schedule and an owner of its own. */
export interface SourceChannel {
  /** Unique within the endpoint, at most 100 characters, stable: the cursor is kept under it. */
  readonly name: string;
  /** Pause between two polls, in milliseconds, at least 1,000. Jitter and back-off are the stage's. */
  readonly everyMs: number;
  /** Of a schedule that is no mere interval: when it is polled next after an instant, both in milliseconds. `random`, 0 up to but not including 1, is for its jitter. Pure. */
  readonly nextAtMs?: (nowMs: number, random: number) => number;
}

/** An item that was fetched: stored as it is, in the order given, and read by `inbound.normalize` afterwards. It is not verified. */
export interface FetchedItem extends Pick<InboundRequest, 'entityType' | 'body' | 'contentType'> {
  /** Tells one state of one item from all others: fetched again (overlap, restart, re-read), it is accepted once. At most 255 characters. */
  readonly repeatKey: string;
  /** What normalize should know besides the bytes; never a credential. Lower-case names. */
  readonly headers?: InboundRequest['headers'];
  readonly query?: string;
}

/** What one poll came to. */
export type PollResult =
  | {
    readonly kind: 'fetched';
    readonly items: readonly FetchedItem[];
    /** Where the next poll goes on: plain JSON below 1 MB. Committed together with the items, or not at all. */
    readonly cursor: unknown;
    /** Poll again at once: there is a next page. */
    readonly more: boolean;
    /** One sentence for an operator on what could not be fetched although the poll as a whole worked. */
    readonly warning?: string;
  }
  /** Nothing is committed, the cursor stays. `credentials` pauses the endpoint; `failed` is tried again later. `error`: a sentence without secrets. */
  | { readonly kind: 'failed' | 'credentials'; readonly error: string; readonly retryAfterMs?: number | null };

/** What a source may use. */
export interface PollContext {
  readonly http: OutboundHttp;
  /** Aborts when the time for one poll is over, the endpoint has changed or was suspended, or another instance takes over. */
  readonly signal: AbortSignal;
  /** The database's clock, in milliseconds. */
  readonly nowMs: number;
}

/**
 * How a kind fetches by itself. The stage sees to one owner per channel among all instances, schedule, jitter, back-off, health and
 * the cursor; it may be killed at any place: then the same is fetched again from the last committed cursor.
 */
export interface Source {
  /** What is polled at this endpoint; empty where nothing is. Pure. */
  channels(endpoint: ConnectedEndpoint): readonly SourceChannel[];
  /** Fetches from where `cursor` stands: what the last poll left there, null at the first. A cursor that cannot be read any more (other settings) is to be taken as null. Never throws on an answer. */
  poll(endpoint: ConnectedEndpoint, channel: string, cursor: unknown, context: PollContext): Promise<PollResult>;
  /** Called after the commit of what was fetched (flag, move or delete mails). May never be called (a crash): what it would have done must be harmless undone. Its failure is shown and repeats nothing. */
  settled?(endpoint: ConnectedEndpoint, channel: string, cursor: unknown, context: PollContext): Promise<void>;
  /** Waits for news over a connection of its own (IMAP IDLE) and calls `wake`. Runs in the owner alone, between polls, until its signal aborts; polls by schedule go on beside it. One that fails is begun again after the next poll that works. */
  watch?(endpoint: ConnectedEndpoint, channel: string, wake: () => void, context: PollContext): Promise<void>;
}

/** One step of "test connection". */
export interface CheckStep {
  readonly step: 'network' | 'authentication' | 'rights';
  readonly ok: boolean;
  readonly message: string;
}

/** A field of an entity type, as the system describes it. */
export interface DiscoveredAttribute {
  readonly entityType: string;
  readonly name: string;
  readonly label: string | null;
  readonly type: string | null;
  /** The values that it may have; absent where any may stand, or where nothing is said. */
  readonly choices?: readonly string[];
}

/** What a system says that it has. */
export interface Discovered {
  readonly entityTypes: readonly string[];
  readonly attributes: readonly DiscoveredAttribute[];
  /** Whether the system said it, or only the endpoint's settings do, since they do not name where it could be asked. */
  readonly from: 'system' | 'settings';
}

/** A kind of connected system. One folder under `kinds/`, one line in the registry. */
export interface Adapter {
  readonly manifest: Manifest;
  /** Schema of an endpoint's `settings`: validates the API, makes the console's form and the documentation. */
  readonly settings: JsonSchema;
  /** Schema of the kind's own part of an entity type. */
  readonly entityTypeSettings: JsonSchema;
  readonly inbound: Inbound;
  readonly outbound: Outbound;
  /** How it fetches by itself; absent where it is only sent to and called. */
  readonly source?: Source;
  /** How somebody signs in at the target for this endpoint; null where its settings do not ask for that. Pure. */
  consent?(endpoint: Pick<ConnectedEndpoint, 'settings'>): Consent | null;
  /** The refresh token that the settings hold; null where they hold none. Pure. */
  tokenSeed?(endpoint: Pick<ConnectedEndpoint, 'settings'>): TokenSeed | null;
  /** Asks the system for its entity types and the attributes of one; absent where the kind cannot. A failure is a sentence for whoever asks. */
  discover?(endpoint: ConnectedEndpoint, entityType: string | null, context: PollContext): Promise<Result<Discovered, Failure>>;
  /** Reads the service's own description (a WSDL) and proposes settings of its calls; absent where the kind has none. */
  propose?(endpoint: ConnectedEndpoint, source: DescriptionSource, context: PollContext): Promise<Result<ProposedOperations, Failure>>;
  /** The same of a description that is given while nothing is connected yet: nobody is asked for anything. */
  proposeOf?(document: string): Promise<Result<ProposedOperations, Failure>>;
  check(endpoint: ConnectedEndpoint, http: OutboundHttp, signal: AbortSignal): Promise<readonly CheckStep[]>;
}
