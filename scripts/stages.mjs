import { STORE } from './commands.mjs';
import { inRoot } from './paths.mjs';

/**
 * @typedef {object} Stage
 * @property {string} name
 * @property {readonly [string, ...string[]]} run
 * @property {readonly (keyof typeof import('./system-packages.mjs').CAPABILITIES)[]} needs
 * @property {number} limitMinutes  a stage that takes longer hangs
 * @property {'exit code' | 'jest' | 'junit' | 'playwright'} counts  where the number of tests comes from
 * @property {string} [cwd]
 * @property {Readonly<Record<string, string>>} [env]
 */

/** Reports are written here, one file a stage. */
export const RESULTS = 'test-results';

const PHP_TOOLS = /** @type {const} */ (['php', 'composer']);

/** What `npm test` runs, in this order: cheap ones first. */
export const STAGES = /** @satisfies {readonly Stage[]} */ ([
  { name: 'format', run: ['prettier', '--check', '.'], needs: [], limitMinutes: 3, counts: 'exit code' },
  { name: 'types', run: ['tsc', '-b'], needs: [], limitMinutes: 5, counts: 'exit code' },
  { name: 'eslint', run: ['eslint', '.', '--max-warnings', '0'], needs: [], limitMinutes: 5, counts: 'exit code' },
  {
    name: 'phpcs',
    run: ['vendor/bin/phpcs', '-q'],
    needs: PHP_TOOLS,
    limitMinutes: 5,
    counts: 'exit code',
    cwd: 'plugin',
  },
  {
    name: 'phpstan',
    run: ['vendor/bin/phpstan', 'analyse', '--no-progress', '--memory-limit=2G'],
    needs: PHP_TOOLS,
    limitMinutes: 5,
    counts: 'exit code',
    cwd: 'plugin',
  },
  {
    name: 'sidecar',
    run: ['jest', '--json', `--outputFile=${inRoot(RESULTS, 'sidecar.json')}`],
    needs: ['postgresql'],
    limitMinutes: 15,
    counts: 'jest',
    cwd: 'sidecar',
    env: { NODE_OPTIONS: '--experimental-vm-modules --no-warnings' },
  },
  {
    name: 'screen',
    run: ['jest', '--json', `--outputFile=${inRoot(RESULTS, 'screen.json')}`],
    needs: [],
    limitMinutes: 5,
    counts: 'jest',
    cwd: 'admin-ui',
  },
  { name: 'build', run: ['node', 'scripts/build.mjs'], needs: [], limitMinutes: 5, counts: 'exit code' },
  {
    name: 'faults',
    run: ['node', 'scripts/run.mjs', 'faults'],
    needs: ['postgresql', 'cc'],
    limitMinutes: 45,
    counts: 'exit code',
  },
  {
    name: 'plugin',
    run: ['node', 'scripts/run.mjs', 'test:plugin', '--log-junit', inRoot(RESULTS, 'plugin.xml')],
    needs: [...STORE, ...PHP_TOOLS],
    limitMinutes: 10,
    counts: 'junit',
  },
  {
    name: 'demo',
    run: ['node', 'scripts/run.mjs', 'demo', '--once'],
    needs: STORE,
    limitMinutes: 8,
    counts: 'exit code',
  },
  {
    name: 'demo-postgres',
    run: ['node', 'scripts/run.mjs', 'demo', '--once', '--postgres'],
    needs: [...STORE, 'postgresql'],
    limitMinutes: 8,
    counts: 'exit code',
  },
  {
    name: 'e2e',
    run: ['node', 'scripts/run.mjs', 'test:e2e', '--reporter=list,json'],
    needs: [...STORE, 'chromium'],
    limitMinutes: 30,
    counts: 'playwright',
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: inRoot(RESULTS, 'e2e.json') },
  },
  {
    name: 'e2e-postgres',
    run: ['node', 'scripts/run.mjs', 'test:e2e', '--reporter=list,json', 'specs'],
    needs: [...STORE, 'chromium', 'postgresql'],
    limitMinutes: 30,
    counts: 'playwright',
    env: { PLAYWRIGHT_JSON_OUTPUT_FILE: inRoot(RESULTS, 'e2e-postgres.json'), TALLYMAN_KEEPING: 'postgres' },
  },
]);
