import { Refusal } from '../formatter/formatter.js';
import { defineMapping } from './mapping.js';
import { compileTextSource, TEXT_SOURCE_KEYS } from './text-source.js';

export const single = defineMapping({
  type: 'Single',
  meaning: 'Writes one attribute from a template, through formatters, with a default for what is blank',
  keys: TEXT_SOURCE_KEYS,
  compile: (args, context, place) => {
    const target = context.target(args.targetAttribute, place.at('targetAttribute'));
    const read = compileTextSource(args, place);
    if (target === null || read === null) return null;
    return (scope, sink) => {
      const value = read(scope);
      if (value instanceof Refusal) return value;
      if (value !== undefined) sink.write(target, value);
      return undefined;
    };
  },
});
