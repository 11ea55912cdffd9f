import { asText } from '../../message/as-text.js';
import { isBlank } from '../../message/is-blank.js';
import { optional, text } from '../../shape/shape.js';
import { Refusal } from '../formatter/formatter.js';
import { defineMapping } from './mapping.js';
import { compileTextSource, TEXT_SOURCE_KEYS } from './text-source.js';

export const append = defineMapping({
  type: 'Append',
  meaning: 'Adds text to what the attribute already has; what is blank adds nothing',
  keys: { ...TEXT_SOURCE_KEYS, separator: optional(text('Stands between the old and the new text'), '\n') },
  compile: (args, context, place) => {
    const target = context.target(args.targetAttribute, place.at('targetAttribute'));
    const read = compileTextSource(args, place);
    if (target === null || read === null) return null;
    return (scope, sink) => {
      const value = read(scope);
      if (value instanceof Refusal) return value;
      if (isBlank(value)) return undefined;
      const earlier = sink.read(target);
      sink.write(target, isBlank(earlier) ? asText(value) : asText(earlier) + args.separator + asText(value));
      return undefined;
    };
  },
});
