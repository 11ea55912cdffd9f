import type { ProblemError } from '../../web/index.js';

/** Where a rule document uses the formatter `Translate`; pointers start at the rule. */
export function translatingPlaces(document: unknown, pointer = ''): ProblemError[] {
  if (Array.isArray(document)) return document.flatMap((member, at) => translatingPlaces(member, `${pointer}/${at}`));
  if (typeof document !== 'object' || document === null) return [];
  const here = /\/sourceFormatters\/\d+$/.test(pointer) && (document as { type?: unknown }).type === 'Translate';
  const below = Object.entries(document).flatMap(([key, member]) => translatingPlaces(member, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`));
  return here ? [{ pointer, detail: 'translates, and no translation service is configured' }, ...below] : below;
}
