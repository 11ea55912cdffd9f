import { isJsonObject } from '../../adapter/index.js';
import type { ProblemError } from '../../web/index.js';
import type { Template, TemplateParameter } from './template.js';

type Given = string | number | boolean;
type Values = ReadonlyMap<string, Given>;

/** What a template becomes: the rules of a configuration document, or everything that is wrong with the parameters (pointers start at them). */
export type RenderedTemplate = { readonly rules: readonly Readonly<Record<string, unknown>>[] } | { readonly errors: readonly ProblemError[] };

const MOST_CHARACTERS = 2_000;
const LARGEST = 1_000_000_000;
const PARAMETER = /\{\{(\w+)\}\}/g;
const NUMBER = /^\{\{number:(\w+)\}\}$/;

/** Puts parameters in the places of a template. Pure. */
export function renderTemplate(template: Template, parameters: Readonly<Record<string, unknown>>): RenderedTemplate {
  const errors: ProblemError[] = Object.keys(parameters)
    .filter((name) => !template.parameters.some((one) => one.name === name)).map((name) => ({ pointer: `/${name}`, detail: 'is no parameter of this template' }));
  const values = new Map<string, Given>();
  for (const parameter of template.parameters) {
    const given = parameters[parameter.name] ?? parameter.default;
    const detail = problemOf(parameter, given);
    if (detail === null) values.set(parameter.name, given as Given);
    else errors.push({ pointer: `/${parameter.name}`, detail });
  }
  if (errors.length > 0) return { errors };
  const changeDescription = `From the template "${template.title}"`;
  return { rules: (filled(template.rules, values) as Readonly<Record<string, unknown>>[]).map((rule) => ({ ...rule, changeDescription })) };
}

function problemOf({ kind, default: usual }: TemplateParameter, given: unknown): string | null {
  if (given === undefined || given === null) return 'is missing';
  if (kind === 'number') return Number.isInteger(given) && (given as number) >= 0 && (given as number) <= LARGEST ? null : `must be a whole number from 0 to ${LARGEST}`;
  if (kind === 'boolean') return typeof given === 'boolean' ? null : 'must be true or false';
  if (given === '' && usual === '') return null;
  if (typeof given !== 'string' || given.trim() === '' || given.length > MOST_CHARACTERS) return `must be a text of 1 to ${MOST_CHARACTERS} characters`;
  return null;
}

function filled(node: unknown, values: Values): unknown {
  if (typeof node === 'string') return filledText(node, values);
  if (Array.isArray(node)) return node.filter((one) => isWanted(one, values)).map((one) => filled(one, values));
  if (!isJsonObject(node)) return node;
  const { onlyWith: _, onlyWithout: __, ...members } = node;
  return Object.fromEntries(Object.entries(members).map(([key, member]) => [inText(key, values), filled(member, values)]));
}

/** Whether a member of a list stands there with these parameters. */
function isWanted(one: unknown, values: Values): boolean {
  if (!isJsonObject(one)) return true;
  const has = (name: unknown): boolean => typeof name === 'string' && values.get(name) !== false && values.get(name) !== '';
  return (one['onlyWith'] === undefined || has(one['onlyWith'])) && (one['onlyWithout'] === undefined || !has(one['onlyWithout']));
}

function filledText(text: string, values: Values): Given {
  const number = NUMBER.exec(text)?.[1];
  return number === undefined ? inText(text, values) : (values.get(number) ?? text);
}

/** A name that is no parameter stays as it stands. */
const inText = (text: string, values: Values): string => text.replace(PARAMETER, (whole, name: string) => String(values.get(name) ?? whole));
