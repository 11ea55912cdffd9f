import { Injectable } from '@nestjs/common';
import type { Principal } from '../../identity/index.js';
import type { OrganizationId } from '../../store/organization.js';
import { Problem } from '../../web/index.js';
import { mergePreset } from '../preset/merge-preset.js';
import type { Preset } from '../preset/preset.js';
import { findPreset } from '../preset/presets.js';
import { adapterOf } from '../registry.js';
import { storedSettings, type KnownEndpoint } from './endpoint-document.js';
import type { PresetMoveDto } from './endpoint-preset.dto.js';
import { EndpointService, endpointTag } from './endpoint.service.js';
import type { JsonObject } from './json-place.js';
import { splitSettings } from './secret-settings.js';

/** Moves endpoints to newer versions of the presets they were made from: what was changed here stays. */
@Injectable()
export class EndpointPresets {
  constructor(private readonly endpoints: EndpointService) {}

  /** What a move would do; nothing is changed. */
  async plan(organization: OrganizationId, id: string): Promise<PresetMoveDto> {
    return moved(await this.endpoints.read(organization, (change) => change.existing(id)), []);
  }

  /** Moves the endpoint, and answers what was done. `take`: pointers of conflicts in which the preset is right. */
  async move(by: Principal, id: string, { take = [], ifMatch }: { readonly take?: readonly string[] | undefined; readonly ifMatch?: string | undefined }): Promise<PresetMoveDto> {
    const known = await this.endpoints.read(by.organization, (change) => change.existing(id));
    const planned = moved(known, take);
    // Whoever changed it since it was read here is not overwritten.
    await this.endpoints.put(by.organization, by, id, { document: { ...planned.endpoint, preset: { id: planned.preset, version: planned.to } }, ifMatch: ifMatch ?? endpointTag(known.row) });
    return planned;
  }
}

function moved(known: KnownEndpoint, take: readonly string[]): PresetMoveDto {
  const { row } = known;
  if (row.preset === null) throw Problem.conflict('no-preset', `The endpoint "${row.id}" was not made from a preset, or before that was remembered: write "preset" with its id and version into its document.`);
  const preset = findPreset(row.preset.id);
  if (preset === undefined) throw Problem.conflict('preset-gone', `There is no preset "${row.preset.id}" any more.`);
  const { base } = row.preset;
  const mine = { settings: storedSettings(known).plain, entityTypes: byName(row.entityTypes) };
  const { value, taken, conflicts } = mergePreset({ base: base === null ? undefined : asMerged(preset, base), mine, theirs: asMerged(preset, preset.endpoint) }, new Set(take));
  const isBlank = new Set(preset.blanks.map(({ pointer }) => pointer));
  const merged = value as typeof mine;
  return {
    preset: preset.id, from: row.preset.version, to: preset.version, isBaseKnown: base !== null,
    taken: [...taken], conflicts: conflicts.filter(({ pointer }) => !isBlank.has(pointer)),
    endpoint: { settings: merged.settings, entityTypes: Object.values(merged.entityTypes) },
  };
}

/** What a preset says, in the form that is joined: without what stands in the place of secrets, entity types by name. */
function asMerged({ endpoint }: Preset, { settings, entityTypes }: { readonly settings: JsonObject; readonly entityTypes: readonly unknown[] }): JsonObject {
  const schema = adapterOf(endpoint.adapter)?.settings;
  return { settings: schema === undefined ? settings : splitSettings(schema, settings).plain, entityTypes: byName(entityTypes) };
}

const byName = (entityTypes: readonly unknown[]): JsonObject => Object.fromEntries(entityTypes.map((one) => [(one as { readonly name: string }).name, one]));
