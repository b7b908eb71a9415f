/** Run with NODE_OPTIONS=--experimental-vm-modules: the sidecar and its tests are ES modules. */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } }, module: { type: 'es6' } }],
  },
  // The default is 5 s; a loaded machine of two cores needs room before a hang is called one.
  testTimeout: 20_000,
};
