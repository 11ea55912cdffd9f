import { failure, type Failure } from '../../../core/message/failure.js';
import { err, ok, type Result } from '../../../core/message/result.js';
import { compilePattern } from '../../../core/rule/pattern.js';
import type { ConnectedEndpoint, InboundRequest, JsonSchema } from '../../contract.js';
import { isMultipartForm } from '../../place/multipart-form.js';
import { object, text } from '../../setting/setting-schema.js';
import { mappingOf, viewOf } from './inbound-view.js';

/** What is replaced in a body before it is read. */
export interface RestMending {
  readonly pattern: string;
  readonly by: string;
}

export const MENDING_SCHEMA: JsonSchema = {
  type: 'array', minItems: 1, maxItems: 20, 'x-label': 'Mending', 'x-help': 'For senders whose JSON or XML is broken: what is replaced in the text of the body before it is read, in this order. What is kept, and what a signature covers, is the body as it came. Forms with files are left alone.',
  items: object('Replace', { pattern: text('Pattern', 'RE2; case counts.', { format: 're2', maxLength: 1_024 }), by: { type: 'string', maxLength: 1_024, 'x-label': 'By', 'x-help': '$1 is the first group, $$ a dollar sign; empty takes it away.' } }, ['pattern', 'by']),
};

/** Says that the bytes are UTF-8, whatever the content type or an XML declaration says of those that came. */
const MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** The request with its body as it is read; a failure where the patterns are too much work for it. */
export function mended(request: InboundRequest, endpoint: ConnectedEndpoint): Result<InboundRequest, Failure> {
  const mending = mappingOf(endpoint, request.entityType)?.mending;
  if (mending === undefined || isMultipartForm(request.contentType)) return ok(request);
  let body = viewOf(request).text;
  for (const { pattern, by } of mending) {
    const compiled = compilePattern(pattern, { ignoreCase: false });
    const replaced = compiled.ok ? compiled.value.replaceAll(body, by) : null;
    if (replaced === null) return err(failure('invalid', 'body-not-mended', `The body is too long for the pattern ${pattern} of its mending.`));
    body = replaced;
  }
  return ok({ ...request, body: Buffer.concat([MARK, Buffer.from(body)]) });
}
