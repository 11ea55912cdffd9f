import { unknownPlace, type KnownPlaces } from '../../rule/index.js';
import type { EndpointRow } from '../../store/endpoint/endpoint.entity.js';
import type { ProblemError } from '../../web/index.js';
import { ADAPTERS, adapterOf } from '../registry.js';
import { checkEntityTypes, readEntityTypes } from './entity-types.js';
import { isJsonObject, isSameJson, type JsonObject } from './json-place.js';
import { checkMaintenance } from './maintenance-windows.js';
import { readPresetMark, type PresetMark } from './preset-mark.js';
import { isSecretMark, readSettings, resettled, type Secrets, type SplitSettings } from './secret-settings.js';

/** An endpoint as a document says it should be; checked. */
export interface EndpointDraft {
  readonly id: string;
  readonly name: string;
  readonly adapter: string;
  readonly status: 'ACTIVE' | 'SUSPENDED';
  readonly settings: SplitSettings;
  readonly entityTypes: readonly unknown[];
  /** When nothing is sent to it. */
  readonly maintenance: readonly unknown[];
  readonly preset: PresetMark | null;
  /** Inbound secrets that the document writes out; absent: those that are stored stay. */
  readonly inbound: { readonly password?: string; readonly token?: string };
}

/** The stored endpoint that a document is about, with its secrets in clear. */
export interface KnownEndpoint {
  readonly row: EndpointRow;
  readonly secrets: Secrets;
}

/** What is stored of an endpoint's settings, as its adapter's schema has them now. */
export function storedSettings({ row, secrets }: KnownEndpoint): SplitSettings {
  const stored = { plain: row.settings, secrets };
  const schema = adapterOf(row.adapter)?.settings;
  return schema === undefined ? stored : resettled(schema, stored);
}

const ID = /^[a-z0-9][a-z0-9_.-]{0,63}$/;
const KEYS = new Set(['id', 'name', 'adapter', 'status', 'settings', 'entityTypes', 'maintenance', 'preset', 'inbound']);
/** Told by exports, never taken. */
const IGNORED = new Set(['version', 'createdAt', 'createdBy', 'updatedAt', 'updatedBy']);

/** Reads an endpoint document against the stored one (null: a new one). What it leaves out stays. Pointers start at the document. */
export function readEndpoint(raw: unknown, known: KnownEndpoint | null): { readonly draft: EndpointDraft } | { readonly errors: readonly ProblemError[] } {
  if (!isJsonObject(raw)) return { errors: [{ pointer: '', detail: 'must be an object' }] };
  const errors: ProblemError[] = Object.keys(raw).filter((key) => !KEYS.has(key) && !IGNORED.has(key)).map((key) => ({ pointer: `/${key}`, detail: 'is not known here' }));
  const take = <T>(key: string, fallback: T | undefined, isFit: (value: unknown) => boolean, expected: string): T | undefined => {
    const given = raw[key];
    if (given === undefined && fallback !== undefined) return fallback;
    if (isFit(given)) return given as T;
    errors.push({ pointer: `/${key}`, detail: given === undefined ? `is missing: ${expected}` : `must be ${expected}` });
    return undefined;
  };
  const id = take<string>('id', known?.row.id, (value) => typeof value === 'string' && ID.test(value), '1 to 64 of a-z, 0-9, _ . -, beginning with a letter or digit');
  const name = take<string>('name', known?.row.name ?? id, (value) => typeof value === 'string' && value.trim() !== '' && value.length <= 200, 'text of 1 to 200 characters');
  const adapterName = take<string>('adapter', known?.row.adapter, (value) => typeof value === 'string' && adapterOf(value) !== undefined, `one of ${ADAPTERS.map((one) => one.manifest.kind).join(', ')}`);
  const status = take<'ACTIVE' | 'SUSPENDED'>('status', known?.row.status ?? 'ACTIVE', (value) => value === 'ACTIVE' || value === 'SUSPENDED', 'ACTIVE or SUSPENDED');
  const stored: SplitSettings = known === null ? { plain: {}, secrets: {} } : storedSettings(known);
  const given = take<JsonObject>('settings', stored.plain, isJsonObject, 'an object');
  const adapter = adapterName === undefined ? undefined : adapterOf(adapterName);
  const entityTypes = raw['entityTypes'] ?? known?.row.entityTypes ?? [];
  const maintenance = raw['maintenance'] ?? known?.row.maintenance ?? [];
  errors.push(...checkMaintenance(maintenance).map((problem) => ({ ...problem, pointer: `/maintenance${problem.pointer}` })));
  // What was made from a preset of another kind is that no more.
  const preset = raw['preset'] === undefined ? (known?.row.adapter === adapterName ? markOf(known?.row.preset ?? null) : null) : readPresetMark(raw['preset'], adapterName, errors);
  const inbound = readInbound(raw['inbound'], errors);
  if (adapter === undefined || given === undefined) return { errors };
  // Secrets of another adapter mean nothing to this one.
  const read = readSettings(adapter.settings, given, known?.row.adapter === adapterName ? stored.secrets : {});
  errors.push(...read.problems.map((problem) => ({ ...problem, pointer: `/settings${problem.pointer}` })));
  errors.push(...checkEntityTypes(adapter.entityTypeSettings, entityTypes).map((problem) => ({ ...problem, pointer: `/entityTypes${problem.pointer}` })));
  if (errors.length > 0 || id === undefined || name === undefined || status === undefined || adapterName === undefined) return { errors };
  return { draft: { id, name, adapter: adapterName, status, settings: read.split, entityTypes: entityTypes as readonly unknown[], maintenance: maintenance as readonly unknown[], preset, inbound } };
}

function readInbound(raw: unknown, errors: ProblemError[]): EndpointDraft['inbound'] {
  if (raw === undefined || raw === null) return {};
  if (!isJsonObject(raw)) {
    errors.push({ pointer: '/inbound', detail: 'must be an object' });
    return {};
  }
  const secrets: Record<string, string> = {};
  for (const [key, value] of Object.entries(raw)) {
    if (key !== 'password' && key !== 'token') errors.push({ pointer: `/inbound/${key}`, detail: 'is not known here' });
    else if (typeof value === 'string' && value.length >= 1 && value.length <= 1_024) secrets[key] = value;
    else if (!isSecretMark(value)) errors.push({ pointer: `/inbound/${key}`, detail: 'must be text of 1 to 1024 characters' });
  }
  return secrets;
}

/** References to endpoints or entity types that do not exist; pointers start at the document. */
export function unknownReferences(entityTypes: readonly unknown[], places: KnownPlaces): ProblemError[] {
  return readEntityTypes(entityTypes).flatMap((entityType, at) => entityType.references.flatMap((reference, place) => {
    const pointer = `/entityTypes/${at}/references/${place}`;
    return unknownPlace(places, reference, { endpoint: `${pointer}/endpoint`, entityType: `${pointer}/entityType` });
  }));
}

/** The mark of what is stored. */
export const markOf = (stored: EndpointRow['preset']): PresetMark | null => (stored === null ? null : { id: stored.id, version: stored.version });

/** Whether a draft would leave the stored endpoint as it is, apart from its inbound secrets. */
export const isSameEndpoint = (draft: EndpointDraft, { row, secrets }: KnownEndpoint): boolean =>
  draft.name === row.name && draft.adapter === row.adapter && draft.status === row.status
  && isSameJson(draft.settings.plain, row.settings) && isSameJson(draft.settings.secrets, secrets) && isSameJson(draft.entityTypes, row.entityTypes) && isSameJson(draft.maintenance, row.maintenance) && isSameJson(draft.preset, markOf(row.preset));
