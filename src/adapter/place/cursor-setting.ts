import type { JsonSchema } from '../contract.js';
import { oneOf, place, text, variant, variants, whole } from '../setting/setting-schema.js';
import type { PlaceSetting } from './place.js';

/** What tells new items from those that were fetched before. */
export type CursorSetting =
  | { readonly type: 'none' }
  | { readonly type: 'timestamp'; readonly field: PlaceSetting; readonly format?: string; readonly zone?: string; readonly overlapSeconds?: number; readonly initial?: string; readonly advanceBy?: 'item' | 'request' }
  | { readonly type: 'id'; readonly field: PlaceSetting; readonly initial?: string }
  | { readonly type: 'token'; readonly next: PlaceSetting; readonly initial?: string };

/** The form of it, as kinds spread it into theirs. */
export const CURSOR_SCHEMA: JsonSchema = variants('Cursor', [
  variant('none', 'None: the whole list, items that changed', {}),
  variant('timestamp', 'Time of the last change', {
    field: place('Field', 'Of an item: when it last changed.'), format: text('Format', 'In which the target reads and writes it: Luxon tokens, EpochTime, EpochTime_s; ISO 8601 without it. Answers in ISO 8601 are read as well.'), zone: text('Zone', 'Of times that name none; UTC without it.'),
    overlapSeconds: whole('Overlap', 'Seconds that each poll looks back; what was fetched before is recognised.', [0, 86_400], 60), initial: text('First', 'ISO 8601, or now; now without it.'),
    advanceBy: oneOf('Advances by', 'The newest item, or the time of the request by the target\'s clock.', ['item', 'request'], 'item'),
  }, ['field']),
  variant('id', 'Id of the last item', { field: place('Field', 'Of an item: a number or text that grows.'), initial: text('First', 'Where to begin; at the beginning without it.') }, ['field']),
  variant('token', 'Token of the answer', { next: place('Next', 'Where the answer gives the token of the next poll: deltaLink, next_cursor.'), initial: text('First', 'Where to begin.') }, ['next']),
]);
