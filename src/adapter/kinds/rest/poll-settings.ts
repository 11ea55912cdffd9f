import type { JsonSchema } from '../../contract.js';
import { CURSOR_SCHEMA, type CursorSetting } from '../../place/cursor-setting.js';
import type { PlaceSetting } from '../../place/place.js';
import { jmespath, map, object, place, text, variant, variants, whole } from '../../setting/setting-schema.js';
import { POLL_TIMES, POLL_TIMES_RULE, type PollTimes } from '../../setting/poll-times.js';
import { askedForm, method, REQUEST_PROPERTIES, requestPath } from './schema-parts.js';

/** How the next page of a list is asked for. */
export type RestPaging =
  | { readonly type: 'none' }
  | { readonly type: 'offset'; readonly parameter: string; readonly limitParameter?: string; readonly size: number; readonly total?: PlaceSetting; readonly shortIsLast?: boolean }
  | { readonly type: 'page'; readonly parameter: string; readonly first?: number; readonly limitParameter?: string; readonly size?: number; readonly last?: PlaceSetting; readonly shortIsLast?: boolean }
  | { readonly type: 'cursor'; readonly parameter: string; readonly next: PlaceSetting }
  | { readonly type: 'nextUrl'; readonly next: PlaceSetting }
  | { readonly type: 'linkHeader' }
  | { readonly type: 'range'; readonly parameter: string; readonly size: number }
  | { readonly type: 'keyset'; readonly parameter: string; readonly key: PlaceSetting; readonly size?: number };

/** What belongs to an item of a list and stands elsewhere: comments, journals, files. Times are written as those of the cursor. */
export interface RestParts {
  readonly method?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly form?: 'json' | 'form';
  readonly body?: unknown;
  readonly list: PlaceSetting;
  readonly item?: PlaceSetting;
  readonly time?: PlaceSetting;
  readonly made?: PlaceSetting;
}

/** A list that is fetched regularly; each of its items becomes a request to the entity type's inbound mapping. */
export interface RestPoll extends PollTimes {
  readonly method?: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: 'json' | 'form';
  readonly body?: unknown;
  readonly list?: PlaceSetting;
  readonly parts?: RestParts;
  readonly cursor?: CursorSetting;
  readonly paging?: RestPaging;
  /** What tells one state of an item from another; the whole item without it. */
  readonly version?: readonly PlaceSetting[];
  /** JMESPath over the item: items for which it does not hold are left out. */
  readonly when?: string;
  readonly maxPages?: number;
}

const size = whole('Size', 'Items on a page.', [1, 10_000]);
const shortIsLast: JsonSchema = { type: 'boolean', default: true, 'x-label': 'A short page is the last', 'x-help': 'False for targets that leave out what the user may not see: only an empty page is the last.' };

const PAGING_SCHEMA = variants('Pages', [
  variant('none', 'One page', {}),
  variant('offset', 'Offset', { parameter: text('Parameter', 'That takes the number of items to skip.'), limitParameter: text('Size parameter', 'That takes the size.'), size, total: place('Total', 'Where the answer says how many there are.'), shortIsLast }, ['parameter', 'size']),
  variant('page', 'Page number', { parameter: text('Parameter', 'That takes the number.'), first: whole('First', 'Number of the first page.', [0, 1], 1), limitParameter: text('Size parameter', 'That takes the size.'), size, last: place('Last', 'Where the answer says the number of the last page.'), shortIsLast }, ['parameter']),
  variant('cursor', 'Cursor', { parameter: text('Parameter', 'That takes the cursor.'), next: place('Next', 'Where the answer gives the next one; absent or blank: the last page.') }),
  variant('nextUrl', 'Address of the next page', { next: place('Next', 'Where the answer gives it.') }),
  variant('linkHeader', 'Link header', {}),
  variant('range', 'Range', { parameter: text('Parameter', 'That takes from-to: range=0-49.'), size }),
  variant('keyset', 'After the last item', { parameter: text('Parameter', 'That takes the key of the last item.'), key: place('Key', 'Of an item.'), size }, ['parameter', 'key']),
]);

const PARTS_SCHEMA = object('Parts', {
  method: method('GET', 'POST'), path: text('Path', 'Of the request for each item, below the base address; {{item.id}} is filled in.', { pattern: '^/[^\\s#]*$' }), query: map('Query', 'Parameters; {{item.x}} is filled in.', {}), form: askedForm, body: { 'x-template': true, 'x-label': 'Body', 'x-help': 'JSON; {{item.x}} is filled in.' },
  list: place('List', 'Where the answer lists the parts.'), item: place('Item', 'Where the answer has the item as it is by now; the listed one without it. Where the listed one has no time, that of the cursor is looked for here.'), time: place('Time', 'Of a part: when it was made. Those before the time from which the list is asked for are left out.'),
  made: place('Made', 'Of the item: when it was made. With it the item itself comes once, when it is new; without it in each of its states.'),
}, ['path', 'list'], 'Comments, journals or files of each item, asked for one item after the other. The inbound mapping, the version and the condition then read { item } and, of each part, { item, part }.');

export const POLL_SCHEMA: JsonSchema = { ...object('Polling', {
  ...POLL_TIMES,
  method: method('GET', 'POST'), path: requestPath, query: map('Query', 'Parameters; {{cursor}} is where the last poll ended, {{page}} the next page of this one, {{now}} the time.', {}), headers: REQUEST_PROPERTIES['headers']!, form: askedForm, body: REQUEST_PROPERTIES['body']!,
  list: place('List', 'Where the items are; the whole answer without it.'), parts: PARTS_SCHEMA, cursor: CURSOR_SCHEMA, paging: PAGING_SCHEMA,
  version: { type: 'array', minItems: 1, maxItems: 10, 'x-label': 'Version', 'x-help': 'What tells one state of an item from another: its id and its time of change. The whole item without it.', items: place('Place', 'Of an item.') },
  when: jmespath('Only when', 'JMESPath over the item; others are left out: our own changes.'),
  maxPages: whole('Most pages', 'Of one poll; the next goes on behind them.', [1, 1_000], 100),
}, ['path'], 'A list that is fetched regularly; each item is read by the inbound mapping.'), ...POLL_TIMES_RULE };
