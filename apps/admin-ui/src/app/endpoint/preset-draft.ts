import type { PresetBlankDto, PresetDto } from '../api/models';
import type { FieldProblem } from '../http/field-problems';
import { isObject, withMember } from '../schema-form/form-value';
import { type EndpointDraft, proposedId } from './endpoint-draft';
import { EDITOR } from './endpoint.text';

/** What has to be filled in, and what it may look like. */
export interface PresetBlank extends PresetBlankDto {
  readonly example: string;
}

type Part = 'settings' | 'entityTypes';

/** The endpoint that a preset begins, its blanks empty. */
export function draftOfPreset({ id, version, title, blanks, endpoint: { adapter, settings, entityTypes } }: PresetDto): EndpointDraft {
  const whole: EndpointDraft = { id: proposedId(title), name: title, adapter, settings, entityTypes, preset: { id, version } };
  return blanks.reduce((draft, { pointer }) => withBlank(draft, pointer, undefined), whole);
}

/** The blanks with what stands there as an example; a credential has none. */
export const blanksOf = ({ blanks, endpoint }: PresetDto): readonly PresetBlank[] =>
  blanks.map((blank) => ({ ...blank, example: blank.isSecret ? '' : textOf(valueAt(endpoint, stepsOf(blank.pointer))) }));

/** What is written in a blank. */
export const blankText = (draft: EndpointDraft, pointer: string): string => textOf(valueAt(draft, stepsOf(pointer)));

/** The draft with a blank filled in; undefined leaves it out. */
export function withBlank(draft: EndpointDraft, pointer: string, value: string | undefined): EndpointDraft {
  const [part, ...rest] = stepsOf(pointer);
  return part === 'settings' || part === 'entityTypes' ? { ...draft, [part]: written(draft[part as Part], rest, value) } : draft;
}

/** Blanks that nobody filled in yet. */
export const unfilled = (draft: EndpointDraft, blanks: readonly PresetBlankDto[]): readonly FieldProblem[] =>
  blanks.filter(({ pointer }) => blankText(draft, pointer).trim() === '').map(({ pointer }) => ({ pointer, detail: EDITOR.fillIn }));

const stepsOf = (pointer: string): readonly string[] => pointer.split('/').slice(1).map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
const textOf = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

function valueAt(value: unknown, [step, ...rest]: readonly string[]): unknown {
  if (step === undefined) return value;
  return typeof value === 'object' && value !== null ? valueAt((value as Readonly<Record<string, unknown>>)[step], rest) : undefined;
}

function written(value: unknown, [step, ...rest]: readonly string[], text: string | undefined): unknown {
  if (step === undefined) return text;
  if (Array.isArray(value)) return (value as readonly unknown[]).map((item, at) => (String(at) === step ? written(item, rest, text) : item));
  return withMember(value, step, written(isObject(value) ? value[step] : undefined, rest, text));
}
