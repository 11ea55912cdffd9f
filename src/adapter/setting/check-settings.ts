import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parseInboundFilter } from '../../core/conversation/inbound-filter.js';
import { findTimeZone } from '../../core/rule/formatter/time-zone.js';
import { compilePattern } from '../../core/rule/pattern.js';
import { readCron } from '../../core/schedule/cron.js';
import { templateProblems } from '../template/body-template.js';
import { isHostEntry, isNetwork } from '../../net/index.js';
import type { JsonSchema } from '../contract.js';
import { isQuery } from '../place/query.js';
import { readXml } from '../place/xml-document.js';
import { pkcs12Problem } from './client-certificate.js';
import { shareParts } from './shared-parts.js';

/** One thing that is wrong with settings, where (JSON pointer, RFC 6901) and what was expected. Never the value itself. */
export interface SettingsProblem {
  readonly pointer: string;
  readonly detail: string;
}

const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true, strictTypes: false, strictRequired: false, discriminator: true, messages: true, inlineRefs: false, code: { optimize: false } });
ajv.addFormat('re2', (text: string) => compilePattern(text, { ignoreCase: true }).ok);
ajv.addFormat('jmespath', isQuery);
ajv.addFormat('xml-template', isXmlTemplate);
ajv.addFormat('ip-network', isNetwork);
ajv.addFormat('host', isHostEntry);
ajv.addFormat('cron', (text: string) => readCron(text).ok);
ajv.addFormat('time-zone', (text: string) => findTimeZone(text) !== null);
ajv.addFormat('inbound-filter', (text: string) => parseInboundFilter(text).ok);

/** A JSON template: its filters and expressions are checked before it is used. */
const isTemplate: { (schema: unknown, template: unknown): boolean; errors?: Partial<ErrorObject>[] } = (_schema, template) => {
  const problems = templateProblems(template);
  isTemplate.errors = problems.map((message) => ({ keyword: 'x-template', message, params: {} }));
  return problems.length === 0;
};
ajv.addKeyword({ keyword: 'x-template', errors: true, validate: isTemplate });

/** A client certificate: its password is tried before it is kept. */
const opens: { (schema: unknown, tls: object, parent: unknown, context?: { readonly instancePath: string }): boolean; errors?: Partial<ErrorObject>[] } = (_schema, tls, _parent, context) => {
  const problem = pkcs12Problem(tls);
  opens.errors = problem === null ? [] : [{ keyword: 'x-pkcs12', instancePath: `${context?.instancePath ?? ''}${problem.pointer}`, message: problem.detail, params: {} }];
  return problem === null;
};
ajv.addKeyword({ keyword: 'x-pkcs12', type: 'object', errors: 'full', validate: opens });

const compiled = new WeakMap<JsonSchema, ValidateFunction>();

/** Checks a value against a kind's schema. Empty where it fits; unknown keys are problems. */
export function checkSettings(schema: JsonSchema, value: unknown): SettingsProblem[] {
  const validate = compiled.get(schema) ?? ajv.compile(shareParts(schema));
  compiled.set(schema, validate);
  if (validate(value)) return [];
  const seen = new Set<string>();
  // What an `if` asks for is told where it is missing.
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== 'if').map(problemOf).filter((problem) => {
    const key = `${problem.pointer} ${problem.detail}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

/** JSON pointers of the secrets that a settings object holds, by the schema's `x-secret`. `*` in a schema's free keys is expanded. */
export function secretPointers(schema: JsonSchema, value: unknown, at = ''): string[] {
  if (value === undefined || value === null) return [];
  if (schema['x-secret'] === true) return [at];
  const found = choicesOf(schema, value).flatMap((choice) => secretPointers(choice, value, at));
  if (typeof value === 'object' && !Array.isArray(value)) {
    const properties = (schema['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>;
    const rest = typeof schema['additionalProperties'] === 'object' ? (schema['additionalProperties'] as JsonSchema) : {};
    for (const [key, member] of Object.entries(value)) {
      found.push(...secretPointers(Object.hasOwn(properties, key) ? (properties[key] ?? {}) : rest, member, `${at}/${escapePointer(key)}`));
    }
  }
  return [...new Set(found)];
}

/** What a value may be by a schema: of choices that a member tells apart the one that it names, all where it names none. */
function choicesOf(schema: JsonSchema, value: unknown): readonly JsonSchema[] {
  const choices = (schema['oneOf'] ?? schema['anyOf'] ?? []) as readonly JsonSchema[];
  const tag = (schema['discriminator'] as { readonly propertyName: string } | undefined)?.propertyName;
  if (tag === undefined || typeof value !== 'object' || value === null) return choices;
  const named = choices.filter((choice) => ((choice['properties'] as Readonly<Record<string, JsonSchema>> | undefined)?.[tag]?.['const'] ?? null) === (value as Readonly<Record<string, unknown>>)[tag]);
  return named.length > 0 ? named : choices;
}

function problemOf(error: ErrorObject): SettingsProblem {
  const params = error.params as Readonly<Record<string, unknown>>;
  switch (error.keyword) {
    case 'additionalProperties':
      return { pointer: `${error.instancePath}/${escapePointer(String(params['additionalProperty']))}`, detail: 'is not a setting that exists here' };
    case 'required':
      return { pointer: `${error.instancePath}/${escapePointer(String(params['missingProperty']))}`, detail: 'is missing' };
    case 'false schema':
      return { pointer: error.instancePath, detail: 'cannot stand beside what else is set here' };
    case 'enum':
      return { pointer: error.instancePath, detail: `must be one of ${(params['allowedValues'] as unknown[]).join(', ')}` };
    case 'discriminator':
      return { pointer: `${error.instancePath}/${String(params['tag'])}`, detail: 'is missing or not one of the kinds that exist' };
    default:
      return { pointer: error.instancePath, detail: error.message ?? 'is not as expected' };
  }
}

const escapePointer = (key: string): string => key.replaceAll('~', '~0').replaceAll('/', '~1');

/** Prefixes are the settings' own: whether they have a namespace is seen when the template is taken apart. */
function isXmlTemplate(text: string): boolean {
  const prefixes = new Set([...text.matchAll(/[<\s/]([A-Za-z_][\w.-]*):/g)].map(([, prefix = '']) => prefix));
  const declared = [...prefixes].filter((prefix) => prefix !== 'xml' && prefix !== 'xmlns').map((prefix) => ` xmlns:${prefix}="urn:any"`);
  return readXml(`<template${declared.join('')}>${text}</template>`).ok;
}
