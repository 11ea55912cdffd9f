import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateProblems } from '../template/body-template.js';
import { checkSettings } from '../setting/check-settings.js';
import { checkEntityTypes } from '../endpoint/entity-types.js';
import { adapterOf } from '../registry.js';
import { PRESETS } from './presets.js';

const DOCS = join(import.meta.dirname, '../../../docs/systems');
const at = (document: unknown, pointer: string): unknown =>
  pointer.split('/').slice(1).reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>> | undefined)?.[step], document);

/** Of a line in a log or a note they say who wrote it, of a field not who changed it. Their comments carry nothing that a create has. */
const NAMES_NOT_EACH_SENDER = ['efecte', 'itop', 'tmf621', 'tmf621-v4'];

describe('the presets', () => {
  it('have names of their own', () => {
    expect(new Set(PRESETS.map(({ id }) => id)).size).toBe(PRESETS.length);
  });

  it.each(PRESETS.map((preset) => [preset.id, preset] as const))('%s fits the schema of its kind', (_, { endpoint, polling = {} }) => {
    const kind = adapterOf(endpoint.adapter)!;
    expect(checkSettings(kind.settings, endpoint.settings)).toEqual([]);
    expect(checkEntityTypes(kind.entityTypeSettings, endpoint.entityTypes)).toEqual([]);
    const polled = endpoint.entityTypes.map((one) => ({ ...one, ...(polling[one['name'] as string] === undefined ? {} : { poll: polling[one['name'] as string] }) }));
    expect(checkEntityTypes(kind.entityTypeSettings, polled)).toEqual([]);
    expect(Object.keys(polling).filter((name) => !endpoint.entityTypes.some((one) => one['name'] === name))).toEqual([]);
    expect(templateProblems(endpoint)).toEqual([]);
  });

  it.each(PRESETS.map((preset) => [preset.id, preset] as const))('%s says what is to be put in, and every placeholder of a credential is named', (_, { endpoint, blanks }) => {
    for (const { pointer } of blanks) expect(at(endpoint, pointer)).toBeDefined();
    const named = blanks.filter(({ isSecret }) => isSecret === true);
    expect(named.map(({ pointer }) => at(endpoint, pointer))).toEqual(named.map(() => 'replace-me'));
    expect(JSON.stringify(endpoint).split('"replace-me"').length - 1).toBe(named.length);
  });

  it.each(PRESETS.filter(({ id, endpoint }) => 'integrationUser' in endpoint.settings && !NAMES_NOT_EACH_SENDER.includes(id)).map((preset) => [preset.id, preset] as const))('%s tells echoes by their sender alone: what somebody says first of a ticket that we made is none', (_, { endpoint }) => {
    expect(endpoint.settings['echoByValue']).toBe(false);
  });

  it.each(PRESETS.map((preset) => [preset.id, preset] as const))('%s has a version, a date and a page that says them', (id, { version, lastChecked }) => {
    expect(version).toBeGreaterThan(0);
    expect(Number.isNaN(Date.parse(lastChecked))).toBe(false);
    const page = join(DOCS, `${id}.md`);
    expect(existsSync(page)).toBe(true);
    expect(readFileSync(page, 'utf8')).toContain(`Preset \`${id}\`, version ${version}, last checked ${lastChecked}`);
  });
});
