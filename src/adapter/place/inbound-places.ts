import { failure, type Failure } from '../../core/message/failure.js';
import { err, ok, type Result } from '../../core/message/result.js';
import type { Attributes, Value } from '../../core/message/value.js';
import type { CarriedAttachment, JsonSchema, NormalizedMessage } from '../contract.js';
import { flatten } from './flatten.js';
import { JSON_PATH_PATTERN, parseJsonPath, readJsonPath } from './json-path.js';
import type { MessageView } from './message-view.js';
import { asWord, compilePlace, type PlaceReader, type PlaceSetting } from './place.js';
import { object, place, text } from '../setting/setting-schema.js';
import { ACKNOWLEDGEMENT_SCHEMA, acknowledgementOf, type AcknowledgementSetting } from './acknowledgement.js';

/** Files that one message may carry. */
const MOST_FILES = 100;

export interface InboundFiles {
  readonly list: PlaceSetting;
  readonly name: PlaceSetting;
  readonly contentType?: PlaceSetting;
  readonly id?: PlaceSetting;
  /** The content itself, in base64. */
  readonly content?: PlaceSetting;
  /** Where it is fetched from. */
  readonly url?: PlaceSetting;
}

/** Where a request from outside carries the parts of a message. */
export interface InboundPlaces {
  readonly ticketId: PlaceSetting;
  readonly attributes?: string | Readonly<Record<string, PlaceSetting>>;
  readonly messageType?: PlaceSetting;
  readonly sender?: PlaceSetting;
  readonly senderName?: PlaceSetting;
  readonly occurredAt?: PlaceSetting;
  /** Of several places: what they find together. */
  readonly eventId?: PlaceSetting | readonly PlaceSetting[];
  readonly references?: readonly { readonly path: PlaceSetting; readonly endpoint: string; readonly entityType: string }[];
  readonly attachments?: InboundFiles;
  readonly acknowledgement?: AcknowledgementSetting;
}

/** Properties of a mapping from outside; a kind spreads them into its own schema. `ticketId` is required. */
export const INBOUND_PLACES: Readonly<Record<string, JsonSchema>> = {
  ticketId: place('Ticket id', 'Where the request names the ticket.'),
  attributes: {
    'x-label': 'Attributes', 'x-help': 'Where the attributes are, or a place for each. Without it the whole body.',
    anyOf: [text('Place', 'Object whose members become attributes.', { pattern: JSON_PATH_PATTERN }), { type: 'object', additionalProperties: place('Place', 'Where the value is.') }],
  },
  messageType: place('Message type', 'Where the request names it.'),
  sender: place('Sender', 'Where the id of the acting person is.'),
  senderName: place('Sender name', 'Where the name of the acting person is.'),
  occurredAt: place('Time', 'Where the time of the event is.'),
  eventId: {
    'x-label': 'Event id', 'x-help': 'Where the source\'s own id of the event is; or several places that tell it together.',
    anyOf: [place('Place', 'Where it is.'), { type: 'array', minItems: 1, maxItems: 10, items: place('Place', 'Of a part of it.') }],
  },
  references: {
    type: 'array', maxItems: 20, 'x-label': 'References',
    items: object('Reference', { path: place('Path', 'Where the other ticket\'s id is.'), endpoint: text('Endpoint', 'Whose ticket it is.'), entityType: text('Entity type', 'Kind of that ticket.') }, ['path', 'endpoint', 'entityType']),
  },
  attachments: object('Files', {
    list: place('List', 'Where the files are listed.'), name: place('Name', 'Of a file.'), contentType: place('Content type', 'Of a file.'), id: place('Id', 'Of a file, at the source.'),
    content: place('Content', 'Of a file, in base64.'), url: place('Address', 'Where a file is fetched from; our credentials go there only below the base address.'),
  }, ['list', 'name'], 'By their content, or fetched from an address. A form of several parts brings its files without this; to choose among them, their list is ["@files"] with field, name, contentType and contentBase64.'),
  acknowledgement: ACKNOWLEDGEMENT_SCHEMA,
};

/** Places of a mapping, taken apart once. */
export interface CompiledPlaces {
  readonly setting: InboundPlaces;
  readonly at: (place: PlaceSetting | undefined) => PlaceReader;
}

export function compilePlaces(setting: InboundPlaces): CompiledPlaces {
  const readers = new Map<PlaceSetting, PlaceReader>();
  return {
    setting,
    at: (place) => {
      if (place === undefined) return () => undefined;
      const found = readers.get(place) ?? compilePlace(place);
      readers.set(place, found);
      return found;
    },
  };
}

/** What a message is read from. `document`: the part of the body that paths start at. */
export interface MappedSource {
  readonly view: MessageView;
  readonly document: unknown;
  readonly entityType: string;
  /** A file that was fetched from an address before. */
  readonly fetched?: (url: string) => { readonly contentType: string; readonly contentBase64: string } | undefined;
}

/** Reads one message; a sentence for an operator where it cannot be read. */
export function mapMessage(places: CompiledPlaces, { view, document, entityType, fetched }: MappedSource): Result<NormalizedMessage, Failure> {
  const { setting } = places;
  const at = (place: PlaceSetting | undefined): string | null => asWord(places.at(place)(view, document));
  const told = acknowledgementOf(setting.acknowledgement, places.at, { view, document });
  const ticketId = at(setting.ticketId);
  if (ticketId === null && told === null) return err(failure('invalid', 'ticket-id-missing', `The body names no ticket at ${shown(setting.ticketId)}.`));
  const sender = at(setting.sender);
  const senderName = at(setting.senderName);
  const references = (setting.references ?? []).flatMap(({ path, endpoint, entityType: theirType }) => {
    const id = at(path);
    return id === null ? [] : [{ endpoint, entityType: theirType, ticketId: id }];
  });
  const files = setting.attachments === undefined ? ok([]) : filesOf(setting.attachments, places, { view, document, entityType, ...(fetched === undefined ? {} : { fetched }) });
  if (!files.ok) return files;
  return ok({
    entityType, messageType: at(setting.messageType) ?? '', ticketId: ticketId ?? '', ...endOf(told, ticketId), attributes: attributesOf(view, document, places), references, attachments: files.value,
    sender: sender === null ? null : { id: sender, ...(senderName === null ? {} : { name: senderName }) },
    occurredAt: instantOf(at(setting.occurredAt)), eventId: idOf(setting.eventId, at),
  });
}

/** An acknowledgement that names no ticket ends where it was read: what it says is done by then. */
function endOf(told: ReturnType<typeof acknowledgementOf>, ticketId: string | null): Pick<NormalizedMessage, 'undoneDelivery' | 'filtered'> {
  if (told === null) return {};
  const { sentence, undoneDelivery } = told;
  return { ...(undoneDelivery === undefined ? {} : { undoneDelivery }), ...(ticketId === null ? { filtered: sentence } : {}) };
}

/** What several places find, together; null where the first of them finds nothing. */
function idOf(setting: InboundPlaces['eventId'], at: (place: PlaceSetting | undefined) => string | null): string | null {
  const [first, ...others] = (Array.isArray(setting) ? (setting as readonly PlaceSetting[]) : [setting as PlaceSetting | undefined]).map(at);
  return first === undefined || first === null ? null : [first, ...others.map((one) => one ?? '')].join(':');
}

function attributesOf(view: MessageView, document: unknown, { setting, at }: CompiledPlaces): Attributes {
  const place = setting.attributes;
  if (place === undefined) return flatten(document);
  if (typeof place === 'string') return flatten(readJsonPath(document, parseJsonPath(place)));
  const attributes: Record<string, Value> = {};
  for (const [name, path] of Object.entries(place)) {
    const value = at(path)(view, document);
    if (value !== undefined) Object.assign(attributes, flatten({ [name]: value }));
  }
  return attributes;
}

/** Files by their content in the body, or as they were fetched before. */
function filesOf(setting: InboundFiles, places: CompiledPlaces, { view, document, fetched }: MappedSource): Result<readonly CarriedAttachment[], Failure> {
  const listed = places.at(setting.list)(view, document);
  const elements: readonly unknown[] = Array.isArray(listed) ? listed : listed === undefined || listed === null || listed === '' ? [] : [listed]; // of XML, one is no list
  if (elements.length > MOST_FILES) return err(failure('invalid', 'too-many-files', `The message carries more than ${MOST_FILES} files.`));
  const files: CarriedAttachment[] = [];
  for (const element of elements) {
    const read = (place: PlaceSetting | undefined): string | null => asWord(places.at(place)(view, element));
    const name = read(setting.name) ?? 'file';
    const text = read(setting.content);
    const url = read(setting.url);
    const file = url === null ? undefined : fetched?.(url);
    const encoded = text ?? file?.contentBase64 ?? null;
    if (encoded === null) continue;
    if (!/^[A-Za-z0-9+/_=\s-]*$/.test(encoded)) return err(failure('invalid', 'file-unreadable', `The content of the file ${name} is not base64.`));
    const content = Buffer.from(encoded, 'base64');
    files.push({ id: '', name, contentType: read(setting.contentType) ?? file?.contentType ?? 'application/octet-stream', size: content.length, content });
  }
  return ok(files);
}

const shown = (place: PlaceSetting | undefined): string => (typeof place === 'string' ? place : JSON.stringify(place ?? ''));

function instantOf(text: string | null): string | null {
  const at = text === null ? Number.NaN : Date.parse(text);
  return Number.isNaN(at) ? null : new Date(at).toISOString();
}
