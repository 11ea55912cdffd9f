export default {
  testEnvironment: 'node',
  // Longer than any `eventually` waits, whatever else the machine does: that makes a test slow, not red.
  testTimeout: 120_000,
  // A worker that has ended gives back hundreds of megabytes; on a busy machine that takes longer than the half second after which it would be killed, with a warning of leaks.
  workerGracefulExitTimeout: 10_000,
  globalSetup: '<rootDir>/test/support/jest-global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/jest-global-teardown.mjs',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testRegex: '\\.spec\\.ts$',
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist/', '<rootDir>/test/arch/canary/'],
  modulePathIgnorePatterns: ['<rootDir>/dist/', '<rootDir>/apps/'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '^.+\\.ts$': ['@swc/jest', {
      swcrc: false,
      module: { type: 'es6' },
      jsc: {
        target: 'es2023',
        parser: { syntax: 'typescript', decorators: true },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
        keepClassNames: true,
        experimental: { keepImportAttributes: true },
      },
    }],
  },
};
