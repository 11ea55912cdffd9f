import type { EndpointRow } from '../../store/endpoint/endpoint.entity.js';
import type { ProblemError } from '../../web/index.js';
import { findPreset } from '../preset/presets.js';
import { isJsonObject } from './json-place.js';

/** Which preset an endpoint was made from, as its document says. */
export interface PresetMark {
  readonly id: string;
  readonly version: number;
}

/** Reads the mark of a document; undefined where it is wrong, which is told. */
export function readPresetMark(raw: unknown, adapter: string | undefined, errors: ProblemError[]): PresetMark | null {
  if (raw === undefined || raw === null) return null;
  if (!isJsonObject(raw)) {
    errors.push({ pointer: '/preset', detail: 'must be an object with id and version' });
    return null;
  }
  const { id, version, ...rest } = raw;
  const preset = typeof id === 'string' ? findPreset(id) : undefined;
  errors.push(...Object.keys(rest).map((key) => ({ pointer: `/preset/${key}`, detail: 'is not known here' })));
  if (preset === undefined) errors.push({ pointer: '/preset/id', detail: 'is no preset that exists here' });
  else if (preset.endpoint.adapter !== adapter) errors.push({ pointer: '/preset/id', detail: `is of the kind ${preset.endpoint.adapter}` });
  if (typeof version !== 'number' || !Number.isInteger(version) || version < 1) errors.push({ pointer: '/preset/version', detail: 'must be a whole number from 1' });
  return { id: String(id), version: Number(version) };
}

/** What is stored of a mark: with what the preset says now where it is of that version, else with what was stored with it, if anything. */
export function storedPreset(mark: PresetMark | null, known: EndpointRow['preset']): EndpointRow['preset'] {
  if (mark === null) return null;
  if (known?.id === mark.id && known.version === mark.version) return known;
  const preset = findPreset(mark.id);
  const base = preset === undefined || preset.version !== mark.version ? null : { settings: preset.endpoint.settings, entityTypes: preset.endpoint.entityTypes };
  return { ...mark, base };
}
