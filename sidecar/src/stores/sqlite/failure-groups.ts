import { condition } from './filter.js';
import type { Select } from './statements.js';
import type { FailureGroup, Store } from '../store.js';

/** The latest of a group is looked up only for those that are shown. */
export function failureGroupsOf(select: Select): Store['failureGroups'] {
  return async (filter, limit) => {
    const { sql, values } = condition(filter);
    const dead = `state = 'dead' AND ${sql}`;
    const text = `
      WITH groups AS (
        SELECT kind, connection_id, cause, count(*) AS count, min(finished_at) AS first_at, max(finished_at) AS last_at
        FROM jobs WHERE ${dead} GROUP BY connection_id, kind, cause),
      named AS (
        SELECT groups.*, (
          SELECT max(id) FROM jobs
          WHERE ${dead} AND connection_id = groups.connection_id AND kind = groups.kind AND cause = groups.cause
            AND finished_at = last_at) AS job_id
        FROM groups)
      SELECT kind, connection_id AS connectionId, cause, count, first_at AS firstAt, last_at AS lastAt, job_id AS jobId
      FROM named ORDER BY count DESC, last_at DESC, job_id DESC LIMIT @limit`;
    return select<FailureGroup>(text, { ...values, limit });
  };
}
