import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const ENVIRONMENT = { object: 'process', property: 'env', message: 'Only src/config reads the environment.' };
const STATE = [
  { selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']", message: 'The core has no clock: take the instant as an argument.' },
  { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: 'The core has no clock: take the instant as an argument.' },
  { selector: "CallExpression[callee.name='Date']", message: 'The core has no clock: take the instant as an argument.' },
  { selector: "CallExpression[callee.object.name='DateTime'][callee.property.name=/^(now|local|utc)$/][arguments.length=0]", message: 'The core has no clock: take the instant as an argument.' },
  { selector: "MemberExpression[object.name='Math'][property.name='random']", message: 'The core has no chance: take the value as an argument.' },
  { selector: "MemberExpression[object.name='crypto']", message: 'The core has no chance: take the value as an argument.' },
  { selector: 'AwaitExpression', message: 'The core does not wait.' },
  { selector: ':function[async=true]', message: 'The core does not wait.' },
  { selector: "Identifier[name='Promise']", message: 'The core does not wait.' },
];
const THROW = { selector: 'ThrowStatement', message: 'The core returns failures as values.' };
const DEFAULT_EXPORT = { selector: 'ExportDefaultDeclaration', message: 'Exports have names.' };

export default tseslint.config(
  { ignores: ['dist/**', 'apps/**', 'coverage/**', 'test/arch/canary/**', 'node_modules/**'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.ts'],
    extends: [eslint.configs.recommended, ...tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none', ignoreRestSiblings: true }],
      '@typescript-eslint/no-unnecessary-type-assertion': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'off',
      '@typescript-eslint/max-params': ['error', { max: 4 }],
      'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }],
      'max-lines': ['error', { max: 400 }], // a waiver says why; test/arch/size.spec.ts counts them
      'no-control-regex': 'off', // texts from outside are full of them
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-restricted-properties': ['error', ENVIRONMENT],
      'no-restricted-syntax': ['error', DEFAULT_EXPORT],
      'no-console': 'error',
    },
  },
  { // Nest hands a class its parts through the constructor: seven at most there
    files: ['src/**/*.{service,controller,stage,store,guard,filter,module}.ts', 'src/{queue,net,web,store,adapter,broker,identity,monitoring,configuration,rule,conversation,console,sandbox,web,cli}/**/*.ts'],
    rules: {
      '@typescript-eslint/max-params': 'off',
      'no-restricted-syntax': ['error', DEFAULT_EXPORT,
        { selector: "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>7]", message: 'More than seven parts: this class does too much.' },
        { selector: ":not(MethodDefinition[kind='constructor']) > :function[params.length>4]", message: 'More than four parameters: make them one object.' }],
    },
  },
  { // a handler names each part of the request that it takes
    files: ['src/**/*.controller.ts'],
    rules: {
      'no-restricted-syntax': ['error', DEFAULT_EXPORT,
        { selector: "MethodDefinition[kind='constructor'] > FunctionExpression[params.length>7]", message: 'More than seven parts: this class does too much.' },
        { selector: ":not(MethodDefinition[kind='constructor']) > :function[params.length>6]", message: 'More than six parameters: make the query an object.' }],
    },
  },
  {
    files: ['src/core/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: { 'no-restricted-syntax': ['error', DEFAULT_EXPORT, THROW, ...STATE], 'no-restricted-globals': ['error', 'process', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask', 'fetch', 'performance', 'crypto', 'console'] },
  },
  { // what speaks to a person at a terminal
    files: ['src/config/environment.ts', 'src/main.ts', 'src/cli/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  { files: ['src/config/**/*.ts', 'test/**/*.ts', 'bench/**/*.ts', '**/*.spec.ts'], rules: { 'no-restricted-properties': 'off' } },
  {
    files: ['**/*.spec.ts', 'test/**/*.ts', 'bench/**/*.ts', 'migrations/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/max-params': 'off' },
  },
  {
    files: ['**/*.mjs', '**/*.js'],
    extends: [eslint.configs.recommended],
    languageOptions: { globals: Object.fromEntries(['process', 'console', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'performance', 'URL', 'URLSearchParams', 'Buffer', 'fetch', 'AbortSignal', 'AbortController', 'TextEncoder', 'TextDecoder'].map((name) => [name, 'readonly'])) },
    rules: { 'max-lines-per-function': ['error', { max: 60, skipComments: true, skipBlankLines: true }], 'max-params': ['error', 4], eqeqeq: ['error', 'always', { null: 'ignore' }] },
  },
);
