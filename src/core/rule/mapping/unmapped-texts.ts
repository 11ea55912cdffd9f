import { asText, elementAsText } from '../../message/as-text.js';
import { elementsOf } from '../../message/elements-of.js';
import { isBlank } from '../../message/is-blank.js';
import type { Value } from '../../message/value.js';

/** Characters of a value that is told of as unmapped. */
const LENGTH = 200;

/**
 * What is told of where no row fits: a text per source. Of a multi-value each element stands alone, as rows are looked for in it;
 * so several lists come of it, `most` at most.
 */
export function unmappedTexts(values: readonly (Value | undefined)[], most: number): readonly (readonly string[])[] {
  return values.reduce<readonly (readonly string[])[]>((lists, value) => {
    const texts = textsOf(value, most);
    return lists.flatMap((list) => texts.map((text) => [...list, text])).slice(0, most);
  }, [[]]);
}

function textsOf(value: Value | undefined, most: number): readonly string[] {
  const filled = elementsOf(value).filter((element) => !isBlank(element));
  if (filled.length <= 1) return [shortened(filled.length === 1 && filled[0] !== undefined ? elementAsText(filled[0]) : asText(value))];
  const texts = new Set<string>();
  for (const element of filled) {
    texts.add(shortened(elementAsText(element)));
    if (texts.size === most) break;
  }
  return [...texts];
}

const shortened = (text: string): string => (text.length > LENGTH ? `${text.slice(0, LENGTH)}…` : text);
