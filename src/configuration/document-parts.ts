import { isJsonObject } from '../adapter/index.js';
import { Problem, type ProblemError } from '../web/index.js';

/** The lists of a document; null where it says nothing of a kind. */
export interface Parts {
  readonly endpoints: readonly unknown[] | null;
  readonly rules: readonly unknown[] | null;
}

/** Takes a configuration document apart; a wrong shape is a 422 problem. */
export function partsOf(raw: unknown): Parts {
  if (!isJsonObject(raw)) throw Problem.invalid([{ pointer: '', detail: 'must be an object with `endpoints` and `rules`' }]);
  const errors: ProblemError[] = Object.keys(raw).filter((key) => key !== 'endpoints' && key !== 'rules').map((key) => ({ pointer: `/${key}`, detail: 'is not known here' }));
  const list = (key: string): readonly unknown[] | null => {
    const given = raw[key];
    if (given === undefined || given === null) return null;
    if (Array.isArray(given)) return given;
    errors.push({ pointer: `/${key}`, detail: 'must be a list' });
    return null;
  };
  const parts = { endpoints: list('endpoints'), rules: list('rules') };
  if (errors.length > 0) throw Problem.invalid(errors);
  return parts;
}
