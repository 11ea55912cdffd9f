import jmespath from 'jmespath';

/** Characters of an expression as it is written in settings. */
export const MOST_QUERY_LENGTH = 2_048;

/** Whether a text is a JMESPath expression that can be asked. */
export function isQuery(text: string): boolean {
  if (text.length > MOST_QUERY_LENGTH || text.trim() === '') return false;
  try {
    compiler.compile(text);
    return true;
  } catch {
    return false;
  }
}

/** What a JMESPath expression finds in a JSON document; undefined where that is nothing, or the document does not fit a function it calls. */
export function query(document: unknown, expression: string): unknown {
  try {
    const found: unknown = jmespath.search(document ?? null, expression);
    // The library sees inherited members, too: `constructor` is nobody's field.
    return found === null || typeof found === 'function' || found === Object.prototype ? undefined : found;
  } catch {
    return undefined;
  }
}

/** Whether a query's answer counts as true, as JMESPath has it: not false, null, or empty text, list or object. */
export function holds(document: unknown, expression: string): boolean {
  const found = query(document, expression);
  if (found === undefined || found === false || found === '') return false;
  return typeof found !== 'object' || found === null || (Array.isArray(found) ? found.length : Object.keys(found).length) > 0;
}

const compiler = jmespath as unknown as { compile(expression: string): unknown };
