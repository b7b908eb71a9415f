/** One operator's move on every job that a filter finds. */
import type { Database } from 'better-sqlite3';
import { isLegal, movedLife } from '../../domain/job-life.js';
import { MOVES } from '../../domain/job.js';
import type { Move } from '../../domain/job.js';
import type { JobFilter, NewActivity, Store } from '../store.js';
import { condition } from './filter.js';
import { toLife } from './job-row.js';
import type { JobRow } from './job-row.js';
import type { Parts } from './parts.js';
import type { Slices } from './slices.js';
import type { Select } from './statements.js';

export function moveMatchingOf(
  db: Database,
  { jobs, journal }: Pick<Parts, 'jobs' | 'journal'>,
  slices: Slices,
  select: Select,
): Store['moveMatching'] {
  const lastId = db.prepare<[], number>('SELECT coalesce(max(id), 0) FROM jobs').pluck();

  /** Jobs that came after the order was given are not meant by it. */
  function finder(filter: JobFilter, move: Move): (after: number, most: number) => JobRow[] {
    const { sql, values } = condition(filter);
    const text = `SELECT * FROM jobs WHERE ${sql} AND state IN (SELECT value FROM json_each(@movable))
      AND id > @after AND id <= @last ORDER BY id LIMIT @most`;
    const bounds = { movable: JSON.stringify(MOVES[move].from), last: lastId.get() ?? 0 };
    return (after, most) => select<JobRow>(text, { ...values, ...bounds, after, most });
  }

  return async function moveMatching(filter, move, patch, who, now, limit) {
    const find = finder(filter, move);
    let after = 0;
    let moved = 0;
    const moveOne = (row: JobRow): void => {
      after = row.id;
      if (moved === limit || !isLegal(move, { state: row.state, settledBy: row.settled_by })) return;
      // As it lies there now: a move before this one may have brought it to the front of its key.
      const present = jobs.get(row.id) ?? row;
      jobs.save(movedLife(toLife(present), move, patch, now), present, now);
      journal.note(noteFor(row, move, who), now);
      moved += 1;
    };
    await slices.each(Number.MAX_SAFE_INTEGER, (most) => (moved === limit ? [] : find(after, most)), moveOne);
    return moved;
  };
}

function noteFor(row: JobRow, move: Move, who: NewActivity): NewActivity {
  return {
    ...who,
    orgId: row.org_id,
    connectionId: row.connection_id,
    jobId: row.id,
    subject: row.subject,
    before: who.before ?? row.state,
    after: who.after ?? MOVES[move].to,
  };
}
