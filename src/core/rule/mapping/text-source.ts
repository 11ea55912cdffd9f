import { isBlank } from '../../message/is-blank.js';
import type { Value } from '../../message/value.js';
import type { Place } from '../../shape/place.js';
import { filledText, listOf, optional, scalar, text } from '../../shape/shape.js';
import { compileFormatters, formatterShape } from '../formatter/chain.js';
import { Refusal } from '../formatter/formatter.js';
import { templateAt } from '../rule-place.js';
import type { Scope } from '../scope.js';
import { renderValue } from '../template.js';

/** The keys that `Single` and `Append` share. */
export const TEXT_SOURCE_KEYS = {
  template: text('Exactly one ${attribute} copies with type and multi-values; anything else makes text', 'template'),
  targetAttribute: filledText('The attribute that is written'),
  defaultValue: optional(scalar('Taken literally where the result is blank'), undefined),
  sourceFormatters: optional(listOf(formatterShape, 'Formatters in order'), []),
};

interface TextSource {
  readonly template: string;
  readonly defaultValue: string | number | boolean | undefined;
  readonly sourceFormatters: readonly unknown[];
}

/** Compiles template, formatters and default to one reading: a value, absent, or a refusal. */
export function compileTextSource(
  source: TextSource,
  place: Place,
): ((scope: Scope) => Value | undefined | Refusal) | null {
  const template = templateAt(source.template, place.at('template'));
  const chain = compileFormatters(source.sourceFormatters, place.at('sourceFormatters'));
  if (template === null || chain === null) return null;
  const { defaultValue } = source;
  return (scope) => {
    const value = chain(renderValue(template, scope), scope);
    if (defaultValue === undefined || value instanceof Refusal) return value;
    return isBlank(value) ? defaultValue : value;
  };
}
