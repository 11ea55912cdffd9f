import type { ConnectedEndpoint } from '../../src/adapter/contract.js';
import { readEntityTypes } from '../../src/adapter/endpoint/entity-types.js';
import type { Preset } from '../../src/adapter/preset/preset.js';

/** An endpoint made from a preset alone, its addresses leading to one system, each secret blank filled with a text of its own. */
export interface ConnectedPreset {
  readonly endpoint: ConnectedEndpoint;
  readonly secrets: readonly string[];
}

export function connectPreset(preset: Preset, url: string): ConnectedPreset {
  const document = structuredClone({ settings: { ...preset.endpoint.settings, timeouts: { connectMs: 2_000, headersMs: 2_000, totalMs: 4_000 } }, entityTypes: preset.endpoint.entityTypes });
  const secrets: string[] = [];
  for (const { pointer, isSecret } of preset.blanks) {
    const steps = pointer.split('/').slice(1);
    const parent = steps.slice(0, -1).reduce<Record<string, unknown>>((at, step) => at[step] as Record<string, unknown>, document);
    const name = steps.at(-1)!;
    const example = String(parent[name]);
    if (isSecret === true) {
      const secret = `s3cret-"${secrets.length}"-of-${preset.id}`;
      secrets.push(secret);
      parent[name] = secret;
    } else if (/^https?:\/\//.test(example)) parent[name] = url + new URL(example).pathname.replace(/\/$/, '');
  }
  return { secrets, endpoint: { organization: 'o', id: preset.id, name: preset.endpoint.name, settings: document.settings, entityTypes: readEntityTypes(document.entityTypes) } };
}
