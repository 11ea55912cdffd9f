import type { JsonSchema } from '../contract.js';
import { placeSchema } from '../place/place.js';
import { predicatesSchema } from '../answer/predicate.js';

export const HEADER_NAME = '^[!#$%&\'*+\\-.^_`|~0-9A-Za-z]+$';
export const HEADER_VALUE = '^[\\t\\x20-\\x7e\\x80-\\xff]*$';

type Properties = Readonly<Record<string, JsonSchema>>;

export const text = (label: string, help: string, extra: JsonSchema = {}): JsonSchema => ({ type: 'string', minLength: 1, maxLength: 4_096, 'x-label': label, 'x-help': help, ...extra });
export const secret = (label: string, help: string, extra: JsonSchema = {}): JsonSchema => text(label, help, { 'x-secret': true, ...extra });
export const flag = (label: string, help: string, extra: JsonSchema = {}): JsonSchema => ({ type: 'boolean', 'x-label': label, 'x-help': help, ...extra });
export const oneOf = (label: string, help: string, values: readonly string[], fallback?: string): JsonSchema =>
  ({ type: 'string', enum: values, 'x-label': label, 'x-help': help, ...(fallback === undefined ? {} : { default: fallback }) });
export const whole = (label: string, help: string, [minimum, maximum]: readonly [number, number], fallback?: number): JsonSchema =>
  ({ type: 'integer', minimum, maximum, 'x-label': label, 'x-help': help, ...(fallback === undefined ? {} : { default: fallback }) });
export const place = placeSchema;
export const object = (label: string, properties: Properties, required: readonly string[] = [], help?: string): JsonSchema =>
  ({ type: 'object', additionalProperties: false, 'x-label': label, ...(help === undefined ? {} : { 'x-help': help }), properties, ...(required.length > 0 ? { required } : {}) });
/** One of the kinds of a setting that has a `type`. */
export const variant = (type: string, label: string, properties: Properties, required: readonly string[] = Object.keys(properties)): JsonSchema =>
  object(label, { type: { const: type }, ...properties }, ['type', ...required]);
export const variants = (label: string, all: readonly JsonSchema[]): JsonSchema =>
  ({ type: 'object', required: ['type'], discriminator: { propertyName: 'type' }, 'x-label': label, oneOf: all });
/** Names and values of free choice. */
export const map = (label: string, help: string, value: JsonSchema, names: JsonSchema = { pattern: '\\S', maxLength: 200 }): JsonSchema =>
  ({ type: 'object', maxProperties: 200, 'x-label': label, 'x-help': help, propertyNames: names, additionalProperties: value });

export const jmespath = (label: string, help: string): JsonSchema => text(label, help, { format: 'jmespath', maxLength: 2_048 });

const answerProperties: Properties = {
  ticketId: place('Ticket id', 'Where the answer of a create names the ticket: id, result.sys_id, [0].id.'),
  error: place('Error', 'Where the answer says what is wrong; the usual places are known.'),
  credentialsWhen: predicatesSchema('Credentials refused when', 'The target does not take who we are, though the status does not say so: the endpoint pauses.'),
  retryAfter: place('Wait', 'Where an answer of 429, 503 or a known 403 says until when to wait, if not by Retry-After: seconds, an instant since 1970, a date.'),
  ticketWaitsWhen: predicatesSchema('Only this ticket waits when', 'What says of a limit that it is that of one ticket: the others go on meanwhile.'),
  successWhen: predicatesSchema('Success when', 'Only an answer for which one of these holds is a success; another of status 2xx is rejected.'),
  notFoundWhen: predicatesSchema('Ticket gone when', 'There is no such ticket any more: rejected, and its answer has the attribute ticketGone, which rules can read.'),
  rejectedWhen: predicatesSchema('Rejected when', 'The target refuses what was sent, whatever the status says.'),
  retryWhen: predicatesSchema('Try again when', 'The target did nothing and may do it later: a locked ticket.'),
  duplicateWhen: predicatesSchema('Duplicate when', 'The target has it already: counts as done, its ticket is read from the answer or looked up.'),
};
export const answer = (label: string, help: string): JsonSchema => object(label, answerProperties, [], help);
