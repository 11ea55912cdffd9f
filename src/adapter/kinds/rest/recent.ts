import type { MessageView } from '../../place/message-view.js';
import { asWord, compilePlace, type PlaceSetting } from '../../place/place.js';

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

/** Leaves out the elements that are older than the whole by more than the setting says. */
export function recentOf(elements: readonly unknown[], setting: RestRecent | undefined, view: MessageView, document: unknown): readonly unknown[] {
  if (setting === undefined) return elements;
  const instant = (place: PlaceSetting, of: unknown): number => Date.parse(asWord(compilePlace(place)(view, of)) ?? '');
  const oldest = instant(setting.reference, document) - (setting.seconds ?? DEFAULT_SECONDS) * 1_000;
  return elements.filter((element) => !(instant(setting.time, element) < oldest));
}
