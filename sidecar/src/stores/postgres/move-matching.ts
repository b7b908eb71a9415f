/** One operator's move on every job that a filter finds. */
import { isLegal, movedLife } from '../../domain/job-life.js';
import type { JobLife } from '../../domain/job-life.js';
import { MOVES } from '../../domain/job.js';
import type { Move } from '../../domain/job.js';
import type { JobFilter, NewActivity, Store } from '../store.js';
import { condition } from './filter.js';
import type { Reading } from './reading.js';
import { inSlices } from './slices.js';
import { array, numbers, single } from './values.js';
import type { Reader } from './wants.js';
import type { Writer } from './writer.js';

export function moveMatchingOf(
  writer: Writer,
  reading: Reading,
  lastJobId: () => Promise<number>,
): Store['moveMatching'] {
  return async function moveMatching(filter, move, patch, who, now, limit) {
    // Jobs that came after the order was given are not meant by it.
    await writer.settled();
    const last = await lastJobId();
    const matching = new Set<number>();
    const moved = await inSlices(writer, reading, limit, {
      find: (most, lastId) => {
        const { sql, values } = condition(filter, [array(MOVES[move].from), last, most, lastId]);
        const text = `SELECT id, org_id, ordering_key FROM jobs
          WHERE ${sql} AND state = ANY ($1::text[]) AND id > $4 AND id <= $2
            AND ($1 <> '{"done","cancelled"}' OR settled_by IS NOT NULL)
          ORDER BY id LIMIT $3`;
        return { sql: text, values };
      },
      recheck: (ids) => stillMatching(filter, ids, matching),
      isMeant: (job) => matching.has(job.id) && isLegal(move, job),
      handle: (work, job) => {
        work.jobs.save(movedLife(job, move, patch, now), now);
        work.journal.note(noteFor(job, move, who), now);
      },
    });
    return moved.length;
  };
}

/** The same filter once more, now that nobody can change these jobs. */
function stillMatching(filter: JobFilter, ids: readonly number[], matching: Set<number>): Reader {
  const { sql, values } = condition(filter, [numbers(ids)]);
  return {
    statement: {
      name: '',
      text: `SELECT id FROM jobs WHERE id = ANY ($1::bigint[]) AND ${sql}`,
      values: values.map(single),
    },
    receive: ({ rows }) => {
      for (const id of ids) matching.delete(id);
      for (const { id } of rows) matching.add(Number(id));
    },
  };
}

function noteFor(job: JobLife, move: Move, who: NewActivity): NewActivity {
  const { orgId, connectionId, id: jobId, subject } = job;
  return {
    ...who,
    orgId,
    connectionId,
    jobId,
    subject,
    before: who.before ?? job.state,
    after: who.after ?? MOVES[move].to,
  };
}
