// What the documentation takes from the code: tables, by name. Each stands between `<!-- made: name -->` and `<!-- /made -->`.
// `node scripts/write-docs.mjs` writes them; test/arch/documentation.spec.ts fails when one is stale.

const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text) => `\`${text}\``;
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** The type of a JSON Schema in a few words. */
function typeOf(schema) {
  if (schema.enum !== undefined) return schema.enum.filter((one) => one !== null).map(code).join(', ');
  if (schema.const !== undefined) return code(schema.const);
  if (schema.anyOf !== undefined && schema.type === undefined) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') return `list of ${plural(typeOf(schema.items ?? {}))}`;
  if (schema.type === 'object' && schema.properties?.match?.enum !== undefined) return schema.properties.match.enum.map((word) => code(`{"match":"${word}"}`)).join(', ');
  if (schema.type === 'string' && schema.format === 'template') return 'template';
  if (schema.type === 'string' && schema.format === 'pattern') return 'pattern';
  return [schema.type ?? 'any'].flat().map((type) => ({ string: 'text', integer: 'whole number', boolean: 'true or false', null: 'null' })[type] ?? type).join(' or ');
}

const plural = (words) => ({ text: 'texts', object: 'objects', template: 'templates' })[words] ?? words;

const byDefault = (schema) => ('default' in schema && schema.default !== null && !(Array.isArray(schema.default) && schema.default.length === 0) && schema.default !== '' ? code(JSON.stringify(schema.default)) : '');

/** The keys of an object schema in one cell: what each is, which may be left out. */
function keysInOneCell(schema) {
  const required = new Set(schema.required ?? []);
  return Object.entries(schema.properties ?? {}).map(([name, key]) => {
    const described = [key.description, byDefault(key) === '' ? '' : `default ${byDefault(key)}`].filter(Boolean).join('; ');
    return `${code(required.has(name) ? name : `${name}?`)}${described === '' ? '' : ` (${described})`}`;
  }).join('<br>');
}

const keyTable = (schema) => table(['key', 'value', 'default', 'meaning'], Object.entries(schema.properties ?? {}).map(([name, key]) => [code(name), typeOf(key), byDefault(key), key.description ?? '']));

const kindTable = (kinds) => table(['type', 'does', 'keys'], kinds.map(({ type, meaning, schema }) => [code(type), meaning, keysInOneCell(schema)]));

/** Settings of an adapter kind; groups are told by their names with a dot. */
function settingRows(schema, prefix = '', required = new Set(schema.required ?? [])) {
  return Object.entries(schema.properties ?? {}).flatMap(([name, key]) => {
    const path = `${prefix}${name}`;
    const own = [code(path), 'default' in key ? code(JSON.stringify(key.default)) : required.has(name) ? 'required' : '', [key['x-label'], key['x-help']].filter(Boolean).join(': ').replaceAll('{{', '`{{').replaceAll('}}', '}}`') + (key['x-secret'] ? ' Secret.' : '')];
    if (key.oneOf !== undefined) return [own, ...key.oneOf.flatMap((one) => settingRows({ ...one, properties: withoutType(one.properties) }, `${path}.`).map(([where, needed, words]) => [where, needed, `${words} (with \`"type": "${one.properties.type.const}"\`)`]))];
    return key.type === 'object' && key.properties !== undefined ? settingRows(key, `${path}.`) : [own];
  });
}

const withoutType = (properties) => Object.fromEntries(Object.entries(properties).filter(([name]) => name !== 'type'));

/** All generated parts by name; `sources` are the definitions they are made of. */
export function partsOf(sources) {
  const { settings, operators, mappings, formatters, delays, rule, attachments, deliveryProperties, adapters, metrics, permissions, rolePermissions, commands, openApi } = sources;
  const shared = new Set(Object.keys(deliveryProperties));
  const parts = {
    settings: table(['variable', 'default', 'meaning'], settings.map(({ name, defaultText, description }) => [code(name), defaultText === '' ? '' : defaultText.includes(' ') ? defaultText : code(defaultText), description])),
    operators: table(['operator', 'holds if the attribute', 'values'], operators.map(({ operator, meaning, takesValues }) => [code(operator), meaning, takesValues ? 'any of them' : 'none'])),
    mappings: kindTable(mappings),
    formatters: kindTable(formatters),
    delays: kindTable(delays),
    rule: keyTable(rule),
    attachments: keyTable(attachments),
    'delivery-settings': table(['setting', 'default', 'meaning'], settingRows({ properties: deliveryProperties })),
    metrics: table(['metric', 'kind', 'labels', 'meaning'], metrics.map(({ name, kind, labels, help }) => [code(name), kind, labels.map(code).join(', '), help])),
    permissions: table(['permission', ...Object.keys(rolePermissions)], permissions.map((permission) => [code(permission), ...Object.values(rolePermissions).map((all) => (all.includes(permission) ? 'yes' : ''))])),
    commands: table(['command', 'does'], commands.map(({ name, usage, summary }) => [code(`npx parley ${name} ${usage}`.trimEnd()), summary])),
    routes: routesByTag(openApi),
  };
  for (const { kind, settingsSchema } of adapters) {
    const own = Object.fromEntries(Object.entries(settingsSchema.properties).filter(([name]) => !shared.has(name)));
    parts[`settings-${kind}`] = table(['setting', 'default', 'meaning'], settingRows({ ...settingsSchema, properties: own }));
  }
  return parts;
}

/** One table per tag of the OpenAPI document. */
function routesByTag({ paths }) {
  const routes = Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, { summary = '', parameters = [], tags = ['other'] }]) => ({
    tag: tags[0], route: `${method.toUpperCase()} ${path}`, summary, query: parameters.filter((one) => one.in === 'query').map((one) => code(one.name)).join(', '),
  })));
  const tags = [...new Set(routes.map(({ tag }) => tag))].sort();
  return tags.map((tag) => `### ${tag}\n\n${table(['route', 'does', 'query'], routes.filter((one) => one.tag === tag).map(({ route, summary, query }) => [code(route), summary, query]))}`).join('\n\n');
}

const PLACE = /(<!-- made: ([\w-]+) -->\n)([\s\S]*?)(\n?<!-- \/made -->)/g;

/** The text with its generated parts as they should be; throws where it names a part that nobody makes. */
export function filled(text, parts) {
  return text.replace(PLACE, (...found) => {
    const [, begin, name, , end] = found;
    if (parts[name] === undefined) throw new Error(`There is no generated part "${name}".`);
    return `${begin}\n${parts[name]}\n\n${end.trimStart()}`;
  });
}
