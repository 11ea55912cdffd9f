import { checkSettings, secretPointers, type SettingsProblem } from '../setting/check-settings.js';
import type { JsonSchema } from '../contract.js';
import { isJsonObject, parentOf, valueAt, withValueAt, type JsonObject } from './json-place.js';

/** Secret values by JSON pointer into the settings. */
export type Secrets = Readonly<Record<string, unknown>>;

/** Settings as they are stored: what may be read, and what is sealed. */
export interface SplitSettings {
  readonly plain: JsonObject;
  readonly secrets: Secrets;
}

/** How a secret is shown and how "keep the stored one" is written. */
export const isSecretMark = (value: unknown): boolean => isJsonObject(value) && typeof value['$secret'] === 'string' && Object.keys(value).length === 1;

/**
 * Takes given settings apart and checks them. A secret that is written as `{ "$secret": … }`, or whose key is left out of
 * its object, keeps its stored value; pointers of problems start at the settings.
 */
export function readSettings(schema: JsonSchema, given: JsonObject, stored: Secrets): { readonly split: SplitSettings; readonly problems: readonly SettingsProblem[] } {
  const problems: SettingsProblem[] = [];
  let full = given;
  for (const pointer of secretPointers(schema, given)) {
    if (!isSecretMark(valueAt(given, pointer))) continue;
    if (Object.hasOwn(stored, pointer)) full = withValueAt(full, pointer, stored[pointer]);
    else problems.push({ pointer, detail: 'stands for a stored secret, but none is stored; write its value' });
  }
  const kept = Object.keys(stored).filter((pointer) => valueAt(given, pointer) === undefined && isJsonObject(valueAt(given, parentOf(pointer))));
  for (const pointer of kept) full = withValueAt(full, pointer, stored[pointer]);
  // A secret of another kind of authentication than the one that is given now has no place any more, and least of all one that is shown.
  const secret = secretPointers(schema, full);
  const wrong = checkSettings(schema, full).map((problem) => problem.pointer);
  const misplaced = kept.filter((pointer) => wrong.includes(pointer) || !secret.includes(pointer));
  for (const pointer of misplaced) full = withValueAt(full, pointer, undefined);
  if (problems.length === 0) problems.push(...checkSettings(schema, full));
  return { split: splitSettings(schema, full), problems };
}

/** Takes the secrets out of settings. */
export function splitSettings(schema: JsonSchema, full: JsonObject): SplitSettings {
  const secrets = Object.fromEntries(secretPointers(schema, full).map((pointer) => [pointer, valueAt(full, pointer)]));
  const plain = Object.keys(secrets).reduce((rest, pointer) => withValueAt(rest, pointer, undefined), full);
  return { plain, secrets };
}

/** Settings as they are stored, taken apart as the schema has it now: what it does not call a secret any more may be read. */
export const resettled = (schema: JsonSchema, stored: SplitSettings): SplitSettings => splitSettings(schema, joinSettings(stored));

/** Settings with every secret in its place, or whatever `shown` makes of it. */
export function joinSettings({ plain, secrets }: SplitSettings, shown: (value: unknown) => unknown = (value) => value): JsonObject {
  return Object.entries(secrets).reduce((settings, [pointer, value]) => withValueAt(settings, pointer, shown(value)), plain);
}
