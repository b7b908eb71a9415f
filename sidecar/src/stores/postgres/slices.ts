/** Commands on sets: what is found by a question is changed in slices, each checked again under its locks. */
import type { JobLife } from '../../domain/job-life.js';
import type { Reading } from './reading.js';
import type { Value } from './values.js';
import type { Reader } from './wants.js';
import type { Work } from './work.js';
import type { Writer } from './writer.js';

const MOST_ROWS = 250;

export interface Candidate {
  id: number;
  org_id: string;
  ordering_key: string;
}

export interface SetCommand {
  /** Finds candidates in the order they are to be handled: id, org_id, ordering_key. */
  find(most: number, lastId: number): { sql: string; values: readonly Value[]; name?: string };
  /** Whether the job, now that nobody else can change it, is still meant. */
  isMeant(job: JobLife): boolean;
  handle(work: Work, job: JobLife): void;
  /** A question whose answer isMeant goes by. */
  recheck?(ids: readonly number[]): Reader;
}

/** @returns ids of the jobs handled, at most `limit`. */
export async function inSlices(
  writer: Writer,
  reading: Reading,
  limit: number,
  { find, isMeant, handle, recheck }: SetCommand,
): Promise<number[]> {
  const handled: number[] = [];
  let lastId = 0;
  while (handled.length < limit) {
    const most = Math.min(MOST_ROWS, limit - handled.length);
    const { sql, values, name } = find(most, lastId);
    const found = await reading.rows<Candidate>(sql, values, name);
    if (found.length === 0) return handled;
    lastId = Math.max(lastId, ...found.map(({ id }) => id));
    const done = await writer.run({
      size: 2 * found.length,
      wakes: true,
      ...(recheck !== undefined && { alone: true }),
      want: (work) => want(work, found, recheck),
      run: (work) => found.filter(({ id }) => handleOne(work, id)).map(({ id }) => id),
    });
    handled.push(...done);
    // Those that others were faster with are found again only if they are meant again.
    if (found.length < most || done.length === 0) return handled;
  }
  return handled;

  function handleOne(work: Work, id: number): boolean {
    const job = work.jobs.get(id);
    if (job === null || !isMeant(job)) return false;
    handle(work, job);
    return true;
  }
}

function want({ jobs, wants }: Work, found: readonly Candidate[], recheck: SetCommand['recheck']): void {
  for (const { id, org_id, ordering_key } of found) {
    jobs.wantJob(id);
    jobs.wantKey(org_id, ordering_key);
  }
  if (recheck !== undefined) wants.questions.push(recheck(found.map(({ id }) => id)));
}
