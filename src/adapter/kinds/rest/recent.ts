import type { InboundRequest } from '../../contract.js';
import type { MessageView } from '../../place/message-view.js';
import { asWord, compilePlace, type PlaceSetting } from '../../place/place.js';
import type { Completion } from './completion.js';

/** Which elements of a list are new enough to be messages: comments that were there long before are no news. */
export interface RestRecent {
  /** Of an element. One without is kept. */
  readonly time: PlaceSetting;
  /** Of the whole: when it was last changed. Without it all elements are kept. */
  readonly reference: PlaceSetting;
  readonly seconds?: number;
}

/** Shorter than the week for which keys of events are remembered, so that what is old never comes again. */
const DEFAULT_SECONDS = 86_400;

/** Header of a fetched item: when the fetch before it began. What was made since then nobody has seen. */
export const NEWS_SINCE = 'x-parley-news-since';

/** From when on everything may be news, whatever else was said: the poll before, or for a request that had to wait, some time before it came. In milliseconds; NaN: nobody knows. */
export const newsSince = ({ headers }: Pick<InboundRequest, 'headers'>, completion: Pick<Completion, 'since'> | null): number => completion?.since ?? Date.parse(headers[NEWS_SINCE] ?? '');

/** The time before which what a setting reads is no news of a request that came at `atMs`. */
export const lookedBack = (setting: RestRecent, atMs: number): number => atMs - (setting.seconds ?? DEFAULT_SECONDS) * 1_000;

/** Leaves out the elements that are older than the whole by more than the setting says, unless nothing was fetched since they were made. */
export function recentOf(elements: readonly unknown[], setting: RestRecent | undefined, { view, document, sinceMs }: { readonly view: MessageView; readonly document: unknown; readonly sinceMs: number }): readonly unknown[] {
  if (setting === undefined) return elements;
  const instant = (place: PlaceSetting, of: unknown): number => Date.parse(asWord(compilePlace(place)(view, of)) ?? '');
  const reference = lookedBack(setting, instant(setting.reference, document));
  const oldest = sinceMs < reference ? sinceMs : reference;
  return elements.filter((element) => !(instant(setting.time, element) < oldest));
}
