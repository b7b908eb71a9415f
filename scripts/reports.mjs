import { existsSync, readFileSync } from 'node:fs';
import { RESULTS } from './stages.mjs';
import { inRoot } from './paths.mjs';

/** @typedef {{ passed: number, failed: number, skipped: number }} Counts */

const EXTENSION = { jest: 'json', playwright: 'json', junit: 'xml' };

const READERS = {
  /** @param {string} text @returns {Counts} */
  jest(text) {
    const report = JSON.parse(text);
    // A file that does not even load fails without any of its tests being counted.
    const failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
  },
  /** @param {string} text @returns {Counts} */
  playwright(text) {
    const { expected, unexpected, flaky, skipped } = JSON.parse(text).stats;
    // Only CI tries twice (playwright.config.ts), and the list above names what was flaky.
    return { passed: expected + flaky, failed: unexpected, skipped };
  },
  /** @param {string} text @returns {Counts} */
  junit(text) {
    const all = text.match(/<testcase\b/g)?.length ?? 0;
    const withNotes = text.match(/<testcase\b[^>]*[^/]>[\s\S]*?<\/testcase>/g) ?? [];
    const skipped = withNotes.filter((test) => /<skipped\b/.test(test)).length;
    const failed = withNotes.filter((test) => /<(failure|error)\b/.test(test)).length;
    return { passed: all - skipped - failed, failed, skipped };
  },
};

/**
 * What a stage counts for. Whoever ends badly, or ran nothing, has failed whatever the report says.
 * @param {{ name: string, counts: 'exit code' | keyof typeof READERS }} stage
 * @param {number} exitCode
 * @returns {Counts}
 */
export function countsOf(stage, exitCode) {
  if (stage.counts === 'exit code')
    return { passed: exitCode === 0 ? 1 : 0, failed: exitCode === 0 ? 0 : 1, skipped: 0 };
  const file = inRoot(RESULTS, `${stage.name}.${EXTENSION[stage.counts]}`);
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
  const counts = READERS[stage.counts](readFileSync(file, 'utf8'));
  const silent = counts.failed === 0 && (exitCode !== 0 || counts.passed === 0);
  return silent ? { ...counts, failed: 1 } : counts;
}
