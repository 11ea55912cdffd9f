import { asText } from '../../../core/message/as-text.js';
import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import type { Lookup } from '../../template/body-template.js';
import type { Value } from '../../../core/message/value.js';

/** A path with placeholders, taken apart once. */
export interface PathTemplate {
  /** Literals and placeholder names in turn; the first is a literal. */
  readonly parts: readonly string[];
  /** Index of the first part that stands in the query. */
  readonly queryFrom: number;
}

export function parsePathTemplate(template: string): PathTemplate {
  const parts = template.split(/\{\{\s*([^{}]+?)\s*\}\}/);
  const queryFrom = parts.findIndex((part, index) => index % 2 === 0 && part.includes('?'));
  return { parts, queryFrom: queryFrom === -1 ? parts.length : queryFrom };
}

/**
 * Fills a path; every value is percent-encoded. Before the query a value may be neither blank nor a dot segment:
 * the request would go to another resource than the one that was meant.
 */
export function fillPath(template: PathTemplate, lookup: Lookup): Result<string, Failure> {
  let filled = '';
  for (const [index, part] of template.parts.entries()) {
    if (index % 2 === 0) {
      filled += part;
      continue;
    }
    const value = asText(lookup(part) as Value | undefined);
    if (index < template.queryFrom && (value.trim() === '' || /^\.{1,2}$/.test(value))) {
      return err(failure('invalid', 'path-value-missing', `The path needs a value for {{${part}}}, and there is none that can stand there.`));
    }
    filled += encode(value);
  }
  return ok(filled);
}

/** Percent-encodes; halves of a surrogate pair, which have no UTF-8 form, become the replacement character. */
const encode = (value: string): string => encodeURIComponent(Buffer.from(value).toString()).replace(/['()*!]/g, (found) => `%${found.charCodeAt(0).toString(16).toUpperCase()}`);
