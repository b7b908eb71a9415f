import type { JobAction, JobDetail, JobList, JobRow } from '../http/api.js';
import { callSidecar, CommandFailure } from './local-access.js';

const SHOWN = 50;

export async function listJobs(
  dataDir: string,
  options: { state?: string; search?: string; json?: true },
): Promise<number> {
  const query = new URLSearchParams({ per_page: String(SHOWN) });
  if (options.state !== undefined) query.set('state', options.state);
  if (options.search !== undefined) query.set('search', options.search);
  const { rows, total } = await callSidecar<JobList>(dataDir, { method: 'GET', path: `/jobs?${query.toString()}` });
  process.stdout.write(options.json === true ? `${JSON.stringify(rows)}\n` : table(rows, total));
  return 0;
}

function table(rows: readonly JobRow[], total: number): string {
  if (rows.length === 0) return 'No jobs.\n';
  const lines = rows.map(({ id, state, attempts, attemptsMax, title, sentence }) => {
    return `${String(id).padStart(7)}  ${state.padEnd(9)}  ${`${attempts}/${attemptsMax}`.padEnd(5)}  ${title}\n${' '.repeat(27)}${sentence}`;
  });
  const more = total > rows.length ? [`${total - rows.length} more; narrow the list with --state or --search.`] : [];
  return `${[...lines, ...more].join('\n')}\n`;
}

/** Presses one button on several jobs. @returns 1 when one of them refused; the others are done all the same. */
export async function pressAll(dataDir: string, ids: readonly string[], action: JobAction): Promise<number> {
  let refused = 0;
  for (const id of ids) {
    try {
      const job = await callSidecar<JobDetail>(dataDir, {
        method: 'POST',
        path: `/jobs/${encodeURIComponent(id)}/actions`,
        body: action,
      });
      process.stdout.write(`${id}: ${job.title}: ${job.sentence}\n`);
    } catch (error) {
      if (!(error instanceof CommandFailure)) throw error;
      refused += 1;
      process.stderr.write(`${id}: ${error.message}\n`);
    }
  }
  return refused === 0 ? 0 : 1;
}
