/** The questions by which jobs and their ordering keys are read for units. */
import type { JobLife } from '../../domain/job-life.js';
import { toLife } from './job-row.js';
import type { JobRow } from './job-row.js';
import { WHOLE } from './ordering-key.js';
import type { Member, OrderingKey } from './ordering-key.js';
import type { Rows } from './session.js';
import { numbers, texts } from './values.js';
import type { Reader } from './wants.js';

export interface WantedKey {
  orgId: string;
  orderingKey: string;
  /** How many of those behind the head. */
  behind: number;
}

type Take = (found: JobLife[]) => void;

export function jobsById(ids: readonly number[], take: Take): Reader {
  const text = 'SELECT * FROM jobs WHERE id = ANY ($1::bigint[])';
  return { statement: { name: 'jobs_by_id', text, values: [numbers(ids)] }, receive: (rows) => take(livesOf(rows)) };
}

/** @param intents organisation and coalesce key. */
export function jobsByIntent(intents: readonly (readonly [string, string])[], take: Take): Reader {
  const text = `SELECT j.* FROM unnest($1::text[], $2::text[]) AS k(org_id, coalesce_key)
    CROSS JOIN LATERAL (
      SELECT * FROM jobs WHERE org_id = k.org_id AND coalesce_key = k.coalesce_key
        AND state IN ('queued', 'retrying', 'blocked', 'dead') OFFSET 0) AS j`;
  const values = [texts(intents.map(([orgId]) => orgId)), texts(intents.map(([, coalesceKey]) => coalesceKey))];
  return { statement: { name: 'jobs_by_intent', text, values }, receive: (rows) => take(livesOf(rows)) };
}

export function jobsByFact(facts: readonly string[], take: Take): Reader {
  const text = 'SELECT * FROM jobs WHERE blocked_on = ANY ($1::text[])';
  return { statement: { name: 'jobs_by_fact', text, values: [texts(facts)] }, receive: (rows) => take(livesOf(rows)) };
}

export function orderingKeys(wanted: readonly WantedKey[], take: (keys: OrderingKey[]) => void): Reader {
  const text = `SELECT k.n, j.* FROM unnest($1::text[], $2::text[], $3::bigint[])
      WITH ORDINALITY AS k(org_id, ordering_key, most, n)
    CROSS JOIN LATERAL (
      (SELECT id, run_at, head, ready, state FROM jobs
       WHERE org_id = k.org_id AND ordering_key = k.ordering_key AND head)
      UNION ALL
      (SELECT id, run_at, head, ready, state FROM jobs
       WHERE org_id = k.org_id AND ordering_key = k.ordering_key AND NOT head AND state IN ('queued', 'retrying')
       ORDER BY id + 0 LIMIT k.most)) AS j`;
  const values = [
    texts(wanted.map(({ orgId }) => orgId)),
    texts(wanted.map(({ orderingKey }) => orderingKey)),
    numbers(wanted.map(({ behind }) => behind)),
  ];
  return {
    statement: { name: 'ordering_keys', text, values },
    receive: ({ rows }) => {
      const found: KeyRow[][] = wanted.map(() => []);
      for (const row of rows as unknown as KeyRow[]) found[row.n - 1]?.push(row);
      take(wanted.map(({ behind }, index) => keyFrom(found[index] ?? [], behind)));
    },
  };
}

type KeyRow = { n: number } & Pick<JobRow, 'id' | 'run_at' | 'head' | 'ready' | 'state'>;

function keyFrom(rows: readonly KeyRow[], asked: number): OrderingKey {
  const head = rows.find((row) => row.head);
  const behind = rows.filter((row) => !row.head).map(memberFrom);
  const last = behind.at(-1);
  const upTo = behind.length < asked || last === undefined ? WHOLE : last.id;
  return { head: head === undefined ? null : memberFrom(head), behind, upTo };
}

function memberFrom({ id, run_at, state, ready }: KeyRow): Member {
  return { id, runAt: run_at, isRunning: state === 'running', ready };
}

function livesOf({ rows }: Rows): JobLife[] {
  return rows.map((row) => toLife(row as unknown as JobRow));
}
