// Collects what the documentation is made of from the modules of the server: given as `load(path below src)`, so that the
// script takes them built and the test as they are written.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './project.mjs';

/** The definitions behind the generated parts. */
export async function documentationSources(load) {
  const [settings, operators, mappings, formatters, delays, document, attachment, shape, delivery, registry, metrics, permission, commands] = await Promise.all([
    'config/settings', 'core/rule/condition/operators', 'core/rule/mapping/mappings', 'core/rule/formatter/formatters', 'core/rule/delay', 'core/rule/document',
    'core/rule/attachment-filter', 'core/shape/shape', 'adapter/setting/delivery-settings', 'adapter/registry', 'queue/metrics', 'identity/permission', 'cli/commands',
  ].map(load));
  return {
    settings: Object.values(settings.VARIABLES),
    operators: operators.OPERATORS,
    mappings: mappings.MAPPINGS,
    formatters: formatters.FORMATTERS,
    delays: delays.DELAYS,
    rule: document.ruleShape.schema,
    attachments: shape.objectOf(attachment.ATTACHMENT_MAPPING_KEYS).schema,
    deliveryProperties: delivery.DELIVERY_PROPERTIES,
    adapters: registry.ADAPTERS.map(({ manifest, settings: settingsSchema }) => ({ kind: manifest.kind, settingsSchema })),
    metrics: Object.values(metrics.METRICS).map((one) => ({ name: one.name, kind: one.constructor.name.toLowerCase(), labels: one.labelNames.filter((label) => label !== 'le'), help: one.help })),
    permissions: permission.PERMISSIONS,
    rolePermissions: permission.ROLE_PERMISSIONS,
    commands: commands.COMMANDS,
    openApi: JSON.parse(readFileSync(join(ROOT, 'apps/admin-ui/openapi.json'), 'utf8')),
  };
}
