import { readFileSync } from 'node:fs';
import { JOB_STATES, MOVES, type Move } from '../../src/domain/job.js';

/** The same table as in domain/job.ts, for people. */
function table(): string {
  const rows = (Object.keys(MOVES) as Move[]).map((move) => {
    const { from, to, by, attempts } = MOVES[move];
    return `| ${move} | ${from.join(', ')} | ${to} | ${by} | ${attempts} |`;
  });
  return ['| move | from | to | by | attempts |', '|---|---|---|---|---|', ...rows].join('\n');
}

const page = readFileSync(new URL('../../../docs/states.md', import.meta.url), 'utf8');

test('docs/states.md says what the transition table says', () => {
  expect(page).toContain(table());
});

test.each(JOB_STATES)('docs/states.md explains %s', (state) => {
  expect(page).toContain(`**${state}**`);
});
