/** What time does to jobs: leases that run out, waits that end, failures that may have passed. */
import type { Database } from 'better-sqlite3';
import { movedLife, TRANSIENT_FAILURES } from '../../domain/job-life.js';
import type { JobLife, MoveEffects } from '../../domain/job-life.js';
import {
  expiredNote,
  lapsedAttempt,
  LEASE_RAN_OUT,
  OWNER_RESTARTED,
  rescuedNote,
  waitedInVain,
} from '../../domain/job-notes.js';
import type { Move } from '../../domain/job.js';
import type { Store } from '../store.js';
import { toLife } from './job-row.js';
import type { JobRow } from './job-row.js';
import type { Parts } from './parts.js';
import { RUNNING } from './sql.js';
import type { Slices } from './slices.js';

const TRANSIENT = JSON.stringify(TRANSIENT_FAILURES);
const ALL = Number.MAX_SAFE_INTEGER;

export function clockCommands(db: Database, { jobs, journal }: Pick<Parts, 'jobs' | 'journal'>, slices: Slices) {
  const sql = {
    lapsed: db.prepare<[number, number], JobRow>(
      `SELECT * FROM ${RUNNING} WHERE lease_until <= ? ORDER BY lease_until, id LIMIT ?`,
    ),
    waitedOut: db.prepare<[number, number], JobRow>(
      `SELECT * FROM jobs INDEXED BY jobs_blocked_until
       WHERE blocked_until IS NOT NULL AND blocked_until <= ? ORDER BY blocked_until, id LIMIT ?`,
    ),
    rescuable: db.prepare<[Record<'diedBefore' | 'firstDiedAfter' | 'most', number> & { kinds: string }], JobRow>(
      `SELECT * FROM jobs INDEXED BY jobs_finished
       WHERE state = 'dead' AND finished_at IS NOT NULL AND finished_at <= @diedBefore AND first_dead_at > @firstDiedAfter
         AND last_failure ->> 'kind' IN (SELECT value FROM json_each(@kinds))
       ORDER BY finished_at, id LIMIT @most`,
    ),
  };

  function move(row: JobRow, kind: Move, effects: MoveEffects, now: number): JobLife {
    const before = toLife(row);
    jobs.save(movedLife(before, kind, effects, now), row, now);
    return before;
  }

  async function takeBack(leaseBefore: number, now: number, sentence: string, runAt = now): Promise<number[]> {
    const back = await slices.each(
      ALL,
      (most) => sql.lapsed.all(leaseBefore, most),
      (row) => journal.addAttempt(lapsedAttempt(move(row, 'lapse', { sentence, runAt }, now), now, sentence)),
    );
    return back.map(({ id }) => id);
  }

  return {
    takeBackLapsed: (now) => takeBack(now, now, LEASE_RAN_OUT),
    takeBackAll: (now, againAt) => takeBack(ALL, now, OWNER_RESTARTED, againAt),
    expireBlocked: async (now, limit) => {
      const expired = await slices.each(
        limit,
        (most) => sql.waitedOut.all(now, most),
        (row) => journal.note(expiredNote(move(row, 'expire', waitedInVain(toLife(row)), now)), now),
      );
      return expired.length;
    },
    rescue: async (now, minAgeMs, maxAgeMs, limit) => {
      const died = { diedBefore: now - minAgeMs, firstDiedAfter: now - maxAgeMs, kinds: TRANSIENT };
      const rescued = await slices.each(
        limit,
        (most) => sql.rescuable.all({ ...died, most }),
        (row) => journal.note(rescuedNote(move(row, 'rescue', { sentence: null }, now)), now),
      );
      return rescued.length;
    },
  } satisfies Partial<Store>;
}
