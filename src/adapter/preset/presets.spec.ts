import { describe, expect, it } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { templateProblems } from '../template/body-template.js';
import { checkSettings } from '../setting/check-settings.js';
import { checkEntityTypes } from '../endpoint/entity-types.js';
import { adapterOf } from '../registry.js';
import { query } from '../place/query.js';
import { PRESETS } from './presets.js';
import { inward, outward, type ValueTable } from './value-table.js';

const DOCS = join(import.meta.dirname, '../../../docs/systems');
const at = (document: unknown, pointer: string): unknown =>
  pointer.split('/').slice(1).reduce<unknown>((value, step) => (value as Readonly<Record<string, unknown>> | undefined)?.[step], document);

/** Of a line in a log or a note they say who wrote it, of a field not who changed it. Their comments carry nothing that a create has. */
const NAMES_NOT_EACH_SENDER = ['efecte', 'glpi-11', 'itop', 'tmf621', 'tmf621-v4'];

const STATUSES = ['new', 'assigned', 'inProgress', 'pending', 'onHold', 'resolved', 'closed', 'cancelled', 'reopened'];
/** A status is reached by acts, or is none of ours to set: their table is for reading. */
const NOT_WRITTEN = ['itop', 'opsgenie', 'alertmanager', 'nagios', 'icinga', 'events-v2', 'events-json'];
const out = (table: ValueTable, value: string): string => String(query({ attributes: { value } }, outward(table, 'value').$query));
const back = (table: ValueTable, value: string): string => String(query({ value }, inward(table, 'value').jmespath));
const EACH = PRESETS.map((preset) => [preset.id, preset] as const);

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

  it.each(EACH)('%s has words of its own for every status and level that others may send, and what comes back goes out the same', (id, { values }) => {
    for (const [attribute, table] of Object.entries(values)) {
      for (const [canonical] of table) expect([attribute, canonical, out(table, back(table, out(table, canonical)))]).toEqual([attribute, canonical, out(table, canonical)]);
      for (const [canonical] of table) if (['priority', 'impact', 'urgency'].includes(attribute)) expect(canonical).toMatch(/^[1-5]$/);
    }
    const statuses = (values['status'] ?? []).map(([canonical]) => canonical);
    expect(statuses.filter((one) => !STATUSES.includes(one))).toEqual([]);
    if (values['status'] !== undefined && !NOT_WRITTEN.includes(id)) expect(STATUSES.filter((one) => !statuses.includes(one))).toEqual([]);
  });

  it.each(EACH)('%s uses names of attributes that the page of all systems explains, and others only where they are its own', (id, { endpoint }) => {
    const explained = readFileSync(join(DOCS, 'README.md'), 'utf8');
    const page = readFileSync(join(DOCS, `${id}.md`), 'utf8');
    for (const { inbound } of endpoint.entityTypes as readonly { readonly inbound?: { readonly attributes?: Readonly<Record<string, unknown>> } }[]) {
      const unexplained = Object.keys(inbound?.attributes ?? {}).filter((name) => ![explained, page].some((text) => text.includes(`\`${name}\``) || text.includes(`\`${name}.…\``)));
      expect(unexplained).toEqual([]);
    }
  });

  it.each(EACH)('%s never brings the text of a comment without its author and who may read it', (_, { endpoint }) => {
    for (const { inbound } of endpoint.entityTypes as readonly { readonly inbound?: { readonly attributes?: Readonly<Record<string, unknown>> } }[]) {
      const names = Object.keys(inbound?.attributes ?? {});
      if (names.includes('comment.text')) expect(names).toEqual(expect.arrayContaining(['comment.author', 'comment.visibility']));
    }
  });

  it.each(EACH)('%s has a page that says step by step what is to be done on both sides, what becomes of values, and what is not there', (id) => {
    const page = readFileSync(join(DOCS, `${id}.md`), 'utf8');
    for (const part of ['## Set up there', '## Set up here', '## What is looked after', 'Not here']) expect(page).toContain(part);
    expect(page).toMatch(/^1\. /m);
    expect(/^## Values$/m.test(page) || /\]\(\w+\.md\)/.test(page)).toBe(true);
    expect(page.split('\n').length).toBeLessThan(100);
  });

  it('have a test for each way of a system that the page of them names', () => {
    const rows = [...readFileSync(join(DOCS, 'quirks.md'), 'utf8').matchAll(/`([\w-]+\.spec\.ts)`: \*([^*]+)\* \|$/gm)].map(([, file = '', name = '']) => [file, name] as const);
    expect(rows.length).toBeGreaterThan(100);
    const missing = rows.filter(([file, name]) => !readFileSync(join(import.meta.dirname, 'system', file), 'utf8').replaceAll("\\'", "'").split('\n').some((line) => /^\s*(?:it|\]\))/.test(line) && line.includes(name)));
    expect(missing).toEqual([]);
  });

  it('were compared with documentation within the year before the newest of them', () => {
    const dates = PRESETS.map(({ lastChecked }) => Date.parse(lastChecked));
    expect(Math.max(...dates) - Math.min(...dates)).toBeLessThan(365 * 86_400_000);
    for (const { lastChecked } of PRESETS) expect(lastChecked).toMatch(/^20\d\d-\d\d-\d\d$/);
  });
});
