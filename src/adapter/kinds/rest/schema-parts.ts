import type { JsonSchema } from '../../contract.js';
import { predicatesSchema } from '../../answer/predicate.js';
import { answer, flag, HEADER_NAME, HEADER_VALUE, jmespath, map, object, oneOf, place, text, whole } from '../../setting/setting-schema.js';
import { UNCHANGED_SCHEMA } from './unchanged.js';

type Properties = Readonly<Record<string, JsonSchema>>;

const PLACEHOLDERS = '{{ticketId}}, {{correlationKey}}, {{messageType}} and {{attributes.name}} are filled in';
/** Path of a request below the base address, with placeholders. */
export const requestPath = text('Path', `Below the base address; ${PLACEHOLDERS}, percent-encoded.`, { pattern: '^/[^\\s#]*$' });
export const method = (...methods: string[]): JsonSchema => ({ type: 'string', enum: methods, 'x-label': 'Method' });
export const headers: JsonSchema = map('Headers', `Of this request; ${PLACEHOLDERS}.`, { type: 'string', maxLength: 4_096 }, { pattern: HEADER_NAME });

/** The form of a body of a request that only asks. */
export const askedForm = oneOf('Form of the body', 'json; form: fields, urlencoded, objects in them as JSON.', ['json', 'form'], 'json');

/** What every request may say besides its method and path. */
export const REQUEST_PROPERTIES: Properties = {
  method: method('POST', 'PUT', 'PATCH', 'GET', 'DELETE'),
  path: requestPath,
  query: map('Query', 'Parameters added to the path; left out where they come out absent.', {}),
  headers,
  idempotent: flag('Idempotent', 'Sending the same again does no harm, for instance since the target honours Idempotency-Key: an unknown outcome is sent again. Of PUT and DELETE it is taken for granted.'),
  form: oneOf('Form of the body', 'json; form: fields, urlencoded; multipart: fields and files; xml and text: a text whose values are filled in (in xml escaped); binary: the file alone; none.', ['json', 'form', 'multipart', 'xml', 'text', 'binary', 'none'], 'json'),
  body: { 'x-template': true, 'x-label': 'Body', 'x-help': 'JSON in which {{…}} is filled in; a text for xml and text. Without it the body is the message\'s attributes, dotted names nested.' },
  field: text('File field', 'Name of the field of a multipart form that takes a file; {{index}} counts from 0.', { pattern: '^[\\w.\\-\\[\\]{} ]+$' }),
  jsonPart: text('JSON part', 'Name of the part of a multipart form that takes the whole body as JSON; without it each member is a field.', { pattern: '^[\\w.\\-\\[\\]]+$' }),
  contentType: text('Content type', 'Instead of the usual one of the form.', { pattern: HEADER_VALUE }),
  answer: answer('Answer', 'How the answer to this request is judged, where it differs.'),
  extract: map('Values', 'Names and places of values that are taken from the answer.', place('Place', 'Where the value is.'), { pattern: '^[A-Za-z_][\\w]*$' }),
  repeatUntil: object('Ask again until', { when: predicatesSchema('When', 'What ends the asking.'), everyMs: whole('Pause', 'Milliseconds between two requests.', [100, 60_000], 1_000), tries: whole('Tries', 'Requests at most.', [1, 100], 10) }, ['when'],
    'For targets that answer at once and tell later what became of it; only for requests without effect.'),
};

/** What a request that writes may say besides. */
export const WRITE_PROPERTIES: Properties = { ...REQUEST_PROPERTIES, unchanged: UNCHANGED_SCHEMA };

export const STEP_PROPERTIES: Properties = {
  id: text('Id', 'Later steps read its values as steps.id.name.', { pattern: '^[A-Za-z_][\\w]*$', maxLength: 60 }),
  when: jmespath('When', 'JMESPath over ticketId, messageType, attributes, steps, operation, files, variables; left out where it does not hold.'),
  each: jmespath('For each', 'JMESPath: the step is done for each element, which it reads as {{item}}.'),
  ...WRITE_PROPERTIES,
  failWhen: jmespath('Refuse when', 'JMESPath, asked after the step: where it holds the delivery is rejected.'),
  failMessage: text('With the words', 'What the rejection says; placeholders are filled in.'),
  main: flag('Its answer counts', 'Whose answer is the delivery\'s; the last step\'s without it.'),
};

export const steps = (label: string, help: string): JsonSchema =>
  ({ type: 'array', minItems: 1, maxItems: 20, 'x-label': label, 'x-help': help, items: object('Step', STEP_PROPERTIES, ['id', 'method', 'path']) });
