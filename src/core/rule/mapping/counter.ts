import { fold } from '../../message/fold.js';
import type { Place } from '../../shape/place.js';
import { filledText, optional, wholeNumber } from '../../shape/shape.js';
import { COUNTER_PREFIX } from '../expression.js';
import { Refusal } from '../formatter/formatter.js';
import { defineMapping, type MappingContext, type Target } from './mapping.js';

const counterName = filledText('The counter, with or without its prefix sf:conversation:counter:');

export const counterIncrement = defineMapping({
  type: 'CounterIncrement',
  meaning: 'Adds to a counter of the conversation',
  keys: { counterName, by: optional(wholeNumber('What is added'), 1) },
  compile: (args, context, place) => {
    const counter = counterAt(args.counterName, context, place);
    if (counter === null) return null;
    return (_scope, { memory }) => {
      const next = (memory?.counter(counter.folded) ?? 0) + args.by;
      if (!Number.isSafeInteger(next)) return new Refusal(`counter ${counter.name} would become ${next}`);
      memory?.setCounter(counter.name, counter.folded, next);
      return undefined;
    };
  },
});

export const counterReset = defineMapping({
  type: 'CounterReset',
  meaning: 'Sets a counter of the conversation to 0',
  keys: { counterName },
  compile: (args, context, place) => {
    const counter = counterAt(args.counterName, context, place);
    if (counter === null) return null;
    return (_scope, { memory }) => {
      memory?.setCounter(counter.name, counter.folded, 0);
      return undefined;
    };
  },
});

function counterAt(written: string, context: MappingContext, place: Place): Target | null {
  if (context.list !== 'conversation') {
    place.at('type').refuse('a mapping that may stand outside conversationAttributeMappings', 'a counter mapping');
    return null;
  }
  const trimmed = written.trim();
  const name = fold(trimmed).startsWith(COUNTER_PREFIX) ? trimmed.slice(COUNTER_PREFIX.length) : trimmed;
  if (name === '' || fold(name).startsWith('sf:')) {
    place.at('counterName').refuse('the name of a counter', JSON.stringify(written));
    return null;
  }
  return { name, folded: fold(name) };
}
