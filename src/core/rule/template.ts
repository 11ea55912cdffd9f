import { asText } from '../message/as-text.js';
import { err, ok, type Result } from '../message/result.js';
import type { Value } from '../message/value.js';
import { compileExpression, type Expression } from './expression.js';
import type { Scope } from './scope.js';

/** Text with expressions in it, read once. */
export interface Template {
  readonly source: string;
  readonly parts: readonly (string | Expression)[];
  /** The expression of a template that is exactly one `${x}`: such a template copies instead of making text. */
  readonly copied: Expression | null;
  /** The text of a template without expressions. */
  readonly fixedText: string | null;
}

/** Reads a template: `${name}` inserts an attribute, `$${` is a literal `${`; refuses an unclosed or empty `${`. */
export function parseTemplate(
  source: string,
  resolve: (name: string) => Expression = compileExpression,
): Result<Template, string> {
  const parts: (string | Expression)[] = [];
  let literal = '';
  let at = 0;
  while (at < source.length) {
    if (source.startsWith('$${', at)) {
      literal += '${';
      at += 3;
    } else if (source.startsWith('${', at)) {
      const end = source.indexOf('}', at);
      if (end < 0) return err(`"\${" at character ${at + 1} is not closed`);
      const name = source.slice(at + 2, end).trim();
      if (name === '') return err(`"\${}" at character ${at + 1} names no attribute`);
      if (literal !== '') parts.push(literal);
      literal = '';
      parts.push(resolve(name));
      at = end + 1;
    } else {
      const next = source.indexOf('$', at + 1);
      literal += source.slice(at, next < 0 ? source.length : next);
      at = next < 0 ? source.length : next;
    }
  }
  if (literal !== '') parts.push(literal);
  const only = parts.length === 1 ? parts[0] : undefined;
  const copied = only !== undefined && typeof only !== 'string' ? only : null;
  const fixedText = parts.every((part) => typeof part === 'string') ? parts.join('') : null;
  return ok({ source, parts, copied, fixedText });
}

/** The template's text; what is absent inserts nothing. */
export function renderText(template: Template, scope: Scope): string {
  if (template.fixedText !== null) return template.fixedText;
  let text = '';
  for (const part of template.parts) text += typeof part === 'string' ? part : asText(part.read(scope));
  return text;
}

/** The template's value: a copy with its type where it is exactly one `${x}` (then it may be absent), else text. */
export function renderValue(template: Template, scope: Scope): Value | undefined {
  return template.copied === null ? renderText(template, scope) : template.copied.read(scope);
}
