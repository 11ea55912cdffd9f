/** Digits enough to be more than a double holds, or an exponent that may be. Only then the slow reader runs. */
const MAYBE_INEXACT = /\d(?:\.?\d){15}|\d[eE]\+?\d{3}|\d[eE]-\d{3}/;

type Reviver = (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown;

/**
 * Reads JSON so that no number changes: integers beyond ±(2^53−1) and decimals that a double cannot hold become text,
 * exactly as written. Throws SyntaxError where the text is not JSON, RangeError where it is nested too deeply to read.
 */
export function readExactJson(text: string): unknown {
  return MAYBE_INEXACT.test(text) ? (JSON.parse as (text: string, reviver: Reviver) => unknown)(text, keepExact) : JSON.parse(text);
}

const keepExact: Reviver = (_key, value, context) =>
  typeof value === 'number' && context.source !== undefined && !isExact(value, context.source) ? context.source : value;

function isExact(value: number, source: string): boolean {
  if (!Number.isFinite(value)) return false;
  if (/^-?\d+$/.test(source)) return Number.isSafeInteger(value);
  const [digits, exponent] = scientific(source);
  const [kept, keptExponent] = scientific(String(value));
  return digits === kept && (exponent === keptExponent || digits === '');
}

/** Significant digits without leading and trailing zeros, and the power of ten of the first one. */
function scientific(number: string): readonly [digits: string, exponent: number] {
  const [mantissa = '', power = '0'] = number.replace('-', '').toLowerCase().split(/e(.*)/);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const all = whole + fraction;
  const leading = all.length - all.replace(/^0+/, '').length;
  return [all.replace(/^0+/, '').replace(/0+$/, ''), whole.length - leading + Number(power)];
}
