/** What the real WordPress of demo, tests and bench needs of the system. */
export const STORE = /** @type {const} */ (['php', 'php-mysql', 'mariadb', 'unzip']);

/**
 * @typedef {object} Command
 * @property {readonly [string, ...string[]]} run  a TypeScript file, which Node runs as it is, or a tool and its arguments
 * @property {readonly (keyof typeof import('./system-packages.mjs').CAPABILITIES)[]} needs
 * @property {Readonly<Record<string, readonly (keyof typeof import('./system-packages.mjs').CAPABILITIES)[]>>} [neededBy]  what an argument needs beside
 * @property {readonly ('sidecar' | 'screen' | 'php tools')[]} first  what must have been built or installed before it starts
 */

/** What `npm run demo`, `bench`, ... start; scripts/run.mjs sees to what each needs and passes further arguments on. */
export const COMMANDS = /** @satisfies {Record<string, Command>} */ ({
  demo: {
    run: ['e2e/demo.ts'],
    needs: [...STORE, 'nginx', 'php-fpm'],
    neededBy: { '--postgres': ['postgresql'] },
    first: ['sidecar', 'screen'],
  },
  'test:plugin': { run: ['e2e/plugin-tests.ts'], needs: [...STORE, 'composer'], first: ['php tools'] },
  'test:e2e': {
    run: ['playwright', 'test', '--config', 'e2e/playwright.config.ts'],
    needs: [...STORE, 'chromium'],
    first: ['sidecar', 'screen'],
  },
  bench: {
    run: ['e2e/bench.ts'],
    needs: [...STORE, 'nginx', 'php-fpm', 'redis', 'postgresql'],
    first: ['sidecar', 'screen'],
  },
  openapi: { run: ['sidecar/openapi.ts'], needs: [], first: [] },
  faults: { run: ['sidecar/bench/faults.ts'], needs: ['postgresql', 'cc'], first: ['sidecar'] },
});
