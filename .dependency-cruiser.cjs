// What may import what. Every rule has a canary below test/arch/canary that it must refuse (test/arch/boundary.spec.ts).
const { LAYERS, OPEN } = require('./test/arch/layers.cjs');

const SPEC = '\\.spec\\.ts$';
const npm = (...names) => `(^|/)node_modules/(${names.join('|')})/`;

/** One rule per module: nothing of its own row, nothing above. */
const oneWay = LAYERS.flatMap((row, index) => row.map((module) => ({
  name: `one-way-${module}`,
  severity: 'error',
  from: { path: `^src/${module}/`, pathNot: SPEC },
  to: { path: '^src/', pathNot: `^src/(${[...LAYERS.slice(0, index).flat(), module].join('|')})/` },
})));

/** A package that only some files may import. */
const only = (name, where, ...packages) => ({ name, severity: 'error', from: { path: '^(src|migrations)/', pathNot: [SPEC, ...where] }, to: { path: npm(...packages) } });

module.exports = {
  forbidden: [
    ...oneWay,
    {
      name: 'front-door-only',
      comment: 'A module is used through its index.ts; core, config and store are vocabularies and may be imported by file.',
      severity: 'error',
      from: { path: '^src/([^/]+)', pathNot: SPEC },
      to: { path: `^src/(?!(${OPEN.join('|')})/)[^/]+/`, pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      name: 'no-own-index',
      comment: 'A front door is for others: used from inside it makes import circles.',
      severity: 'error',
      from: { path: '^src/([^/]+)/' },
      to: { path: '^src/$1/index\\.ts$' },
    },
    {
      name: 'pure-core',
      comment: 'The core imports itself, luxon, the expression engine and the converters of HTML and Markdown.',
      severity: 'error',
      from: { path: '^src/core/', pathNot: SPEC },
      to: { pathNot: ['^src/', npm('luxon', '@types/luxon', 're2js', 're2', 'htmlparser2', 'marked', 'turndown', '@types/turndown')] },
    },
    {
      name: 'kinds-are-strangers',
      comment: 'No adapter kind knows another one.',
      severity: 'error',
      from: { path: '^src/adapter/kinds/([^/]+)/' },
      to: { path: '^src/adapter/kinds/[^/]+/', pathNot: '^src/adapter/kinds/$1/' },
    },
    only('typeorm-only-in-store', ['^src/store/', '^migrations/', '\\.entity\\.ts$', '\\.module\\.ts$', '^src/main\\.ts$', '^src/cli/'], 'typeorm', '@nestjs/typeorm'),
    only('sql-only-in-store', ['^src/store/', '^migrations/', '^src/queue/', '^src/main\\.ts$', '^src/cli/'], 'pg', '@types/pg'),
    only('bullmq-only-in-queue', ['^src/queue/'], 'bullmq', '@nestjs/bullmq', 'ioredis'),
    only('expressions-only-in-pattern', ['^src/core/rule/pattern\\.ts$'], 're2js', 're2'),
    only('handlebars-only-in-body-template', ['^src/adapter/template/body-template\\.ts$'], 'handlebars'),
    only('undici-only-in-net', ['^src/net/'], 'undici'),
    {
      name: 'migrations-stand-alone',
      comment: 'A migration does for ever what it did on its first day: it may not call code that changes.',
      severity: 'error',
      from: { path: '^migrations/' },
      to: { path: '^src/' },
    },
    {
      name: 'no-cycle',
      comment: 'A circle between decorated classes crashes native modules at start. Circles of types alone vanish when compiled.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'production-knows-no-test',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPEC },
      to: { path: ['^(test|bench|apps)/', SPEC] },
    },
    {
      name: 'no-development-package',
      comment: 'The image has no development dependencies.',
      severity: 'error',
      from: { path: '^(src|migrations)/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-declared-packages',
      comment: 'A package that came along with another one may leave with it. Types alone are exempt.',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-what-exists',
      severity: 'error',
      from: { path: '^(src|migrations)/' },
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|apps)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'], extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'] },
    extensionAlias: undefined,
  },
};
delete module.exports.options.extensionAlias;
