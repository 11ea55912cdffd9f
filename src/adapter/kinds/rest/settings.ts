import type { ConnectedEndpoint, EntityType } from '../../contract.js';
import type { AnswerSetting } from '../../answer/answer-rules.js';
import type { InboundPlaces } from '../../place/inbound-places.js';
import type { PlaceSetting } from '../../place/place.js';
import type { PredicateSetting } from '../../answer/predicate.js';
import type { RestAuth, RestSigning } from './auth-settings.js';
import type { RestHandshake, RestSignature, RestVerification } from './verification-settings.js';
import type { RestPoll } from './poll-settings.js';
import type { RestInboundAnswer } from './inbound-answer.js';
import type { RestMending } from './inbound-mending.js';
import type { RestSorting } from './inbound-view.js';
import type { RestRecent } from './recent.js';
import type { RestRepeats } from './repeat-key.js';
import type { RestUnchanged } from './unchanged.js';

/** An endpoint's `settings`; the part that every kind has is read by `deliverySettings`. */
export interface RestSettings {
  readonly baseUrl: string;
  readonly auth?: RestAuth;
  readonly signing?: RestSigning;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  /** Values that templates read as `variables.name` and `secrets.name`. */
  readonly variables?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  readonly answers?: AnswerSetting;
  readonly signature?: RestSignature;
  readonly verification?: RestVerification;
  readonly handshake?: RestHandshake;
  readonly repeats?: RestRepeats;
  readonly sorting?: readonly RestSorting[];
  readonly check?: { readonly method?: string; readonly path: string } & Searched;
  readonly discovery?: RestDiscovery;
}

/** The body of a request that only asks. */
export interface Searched {
  readonly form?: 'json' | 'form';
  readonly body?: unknown;
}

export type BodyForm = 'json' | 'form' | 'multipart' | 'xml' | 'text' | 'binary' | 'none';

/** One request, filled from the delivery and from what earlier steps brought. */
export interface RestRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly idempotent?: boolean;
  readonly form?: BodyForm;
  readonly body?: unknown;
  /** Of a multipart form: the field that takes the files, and the name of a part that takes the body as JSON. */
  readonly field?: string;
  readonly jsonPart?: string;
  readonly contentType?: string;
  readonly answer?: AnswerSetting;
  readonly extract?: Readonly<Record<string, PlaceSetting>>;
  readonly repeatUntil?: RestRepeat;
  readonly unchanged?: RestUnchanged;
}

/** Asks again until something holds: targets that answer 202 and tell later what became of it. */
export interface RestRepeat {
  readonly when: readonly PredicateSetting[];
  readonly everyMs?: number;
  readonly tries?: number;
}

export interface RestStep extends RestRequest {
  readonly id: string;
  /** JMESPath: the step is left out where it does not hold. */
  readonly when?: string;
  /** JMESPath: the step is done for each element. */
  readonly each?: string;
  /** JMESPath over what is known after the step: where it holds, the delivery is rejected. */
  readonly failWhen?: string;
  readonly failMessage?: string;
  /** Whose answer is the delivery's; the last one by default. */
  readonly main?: boolean;
}

/** A create or an update: one request, or several steps in order. */
export interface RestOperation extends Partial<RestRequest> {
  readonly steps?: readonly RestStep[];
}

/** What is done for each file, before (`upload`) or after (`attach`) the ticket is written. */
export interface RestFileRequest extends RestRequest {
  readonly form?: BodyForm;
}

export interface RestInbound extends InboundPlaces {
  readonly when?: PredicateSetting;
  readonly each?: PlaceSetting;
  readonly recent?: RestRecent;
  readonly answer?: RestInboundAnswer;
  readonly mending?: readonly RestMending[];
  /** Requests that complete a thin one before it is mapped; the mapping then reads `event` and each step's answer by its id. */
  readonly complete?: readonly RestStep[];
}

/** Where the target tells what entity types and attributes it has. */
export interface RestDiscovery {
  readonly entityTypes?: { readonly path: string; readonly list: PlaceSetting; readonly name: PlaceSetting };
  readonly attributes?: { readonly path: string; readonly list: PlaceSetting; readonly name: PlaceSetting; readonly label?: PlaceSetting; readonly type?: PlaceSetting };
}

/** The kind's own part of an entity type. */
export interface RestEntityType {
  readonly operations?: { readonly create?: RestOperation; readonly update?: RestOperation; readonly attach?: RestFileRequest; readonly upload?: RestFileRequest };
  readonly response?: AnswerSetting;
  readonly lookup?: { readonly method: string; readonly path: string; readonly ticketId: PlaceSetting; readonly headers?: Readonly<Record<string, string>>; readonly absentWhen?: readonly PredicateSetting[] } & Searched;
  readonly adoptIdOnUpdate?: boolean;
  /** Attribute that carries files as a list of `{ name, contentType, contentBase64 }`. */
  readonly attachments?: { readonly attribute: string };
  readonly inbound?: RestInbound;
  readonly poll?: RestPoll;
}

export const restSettings = (endpoint: Pick<ConnectedEndpoint, 'settings'>): RestSettings => endpoint.settings as unknown as RestSettings;
export const restEntityType = (entityType: EntityType): RestEntityType => entityType.settings;
