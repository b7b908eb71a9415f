/** What time does to jobs: leases that run out, waits that end, failures that may have passed. */
import { isRescuable, movedLife, TRANSIENT_FAILURES } from '../../domain/job-life.js';
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
import type { Reading } from './reading.js';
import { inSlices } from './slices.js';
import { array } from './values.js';
import type { Work } from './work.js';
import type { Writer } from './writer.js';

const ALL = Number.MAX_SAFE_INTEGER;

const LAPSED = `SELECT id, org_id, ordering_key FROM jobs WHERE state = 'running' AND finished_at IS NULL AND lease_until <= $1
  ORDER BY lease_until, id LIMIT $2`;
const WAITED_OUT = `SELECT id, org_id, ordering_key FROM jobs WHERE blocked_until IS NOT NULL AND blocked_until <= $1
  ORDER BY blocked_until, id LIMIT $2`;
const RESCUABLE = `SELECT id, org_id, ordering_key FROM jobs
  WHERE state = 'dead' AND finished_at IS NOT NULL AND finished_at <= $1 AND first_dead_at > $2
    AND failure_kind = ANY ($3::text[])
  ORDER BY finished_at, id LIMIT $4`;

export function clockCommands(writer: Writer, reading: Reading) {
  const takeBack = (leaseBefore: number, now: number, sentence: string, runAt = now): Promise<number[]> =>
    inSlices(writer, reading, ALL, {
      find: (most) => ({ sql: LAPSED, values: [leaseBefore, most], name: 'lapsed' }),
      isMeant: ({ state, leaseUntil }) => state === 'running' && leaseUntil !== null && leaseUntil <= leaseBefore,
      handle: (work, job) => {
        work.journal.addAttempt(lapsedAttempt(job, now, sentence));
        move(work, job, 'lapse', { sentence, runAt }, now);
      },
    });

  return {
    takeBackLapsed: (now) => takeBack(now, now, LEASE_RAN_OUT),
    takeBackAll: (now, againAt) => takeBack(ALL, now, OWNER_RESTARTED, againAt),
    expireBlocked: async (now, limit) => {
      const expired = await inSlices(writer, reading, limit, {
        find: (most) => ({ sql: WAITED_OUT, values: [now, most], name: 'waited_out' }),
        isMeant: ({ state, blockedUntil }) => state === 'blocked' && blockedUntil !== null && blockedUntil <= now,
        handle: (work, job) => {
          move(work, job, 'expire', waitedInVain(job), now);
          work.journal.note(expiredNote(job), now);
        },
      });
      return expired.length;
    },
    rescue: async (now, minAgeMs, maxAgeMs, limit) => {
      const rescued = await inSlices(writer, reading, limit, {
        find: (most) => ({
          sql: RESCUABLE,
          values: [now - minAgeMs, now - maxAgeMs, array(TRANSIENT_FAILURES), most],
          name: 'rescuable',
        }),
        isMeant: (job) => isRescuable(job, now, minAgeMs, maxAgeMs),
        handle: (work, job) => {
          move(work, job, 'rescue', { sentence: null }, now);
          work.journal.note(rescuedNote(job), now);
        },
      });
      return rescued.length;
    },
  } satisfies Partial<Store>;
}

function move(work: Work, job: JobLife, kind: Move, effects: MoveEffects, now: number): void {
  work.jobs.save(movedLife(job, kind, effects, now), now);
}
