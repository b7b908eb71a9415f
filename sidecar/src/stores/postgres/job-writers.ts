/**
 * Writes back what units have made of jobs. A row is only written where it still has the fence and the state that were
 * read: a claim needs no lock of ours, and may have taken the job meanwhile.
 */
import type { JobLife } from '../../domain/job-life.js';
import { FIXED, INTENT, LIFE, sameIntent } from './job-row.js';
import type { Place } from './job-row.js';
import { FIRST_NEW_ID, keyName } from './jobs.js';
import type { Jobs } from './jobs.js';
import { WHOLE } from './ordering-key.js';
import type { OrderingKey } from './ordering-key.js';
import type { Statement } from './session.js';
import { array, numbers, texts } from './values.js';

const FINISH_NAMES = ['attempts', 'sentence', 'settled_by', 'updated_at'] as const;

interface Change {
  before: JobLife;
  after: JobLife;
  place: Place;
}

interface Changes {
  inserts: { after: JobLife; place: Place }[];
  /** Those who leave the front go before those who come to the front: two of a key may not be in front together. */
  first: Change[];
  then: Change[];
  /** Only their place is another one. */
  demoted: number[];
  promoted: { id: number; ready: boolean; followed: boolean }[];
  /** Somebody has come behind them. */
  followed: number[];
}

/** @param idOf the id of a job that was given one only now. */
export function jobWriters(jobs: Jobs, idOf: (id: number) => number): Statement[] {
  const { inserts, first, then, demoted, promoted, followed } = changesOf(jobs);
  const statements: Statement[] = [];
  if (demoted.length > 0) statements.push(demote(demoted));
  statements.push(...updates(first), ...updates(then));
  if (promoted.length > 0) statements.push(promote(promoted));
  if (followed.length > 0) statements.push(follow(followed));
  if (inserts.length > 0) statements.push(insert(inserts, idOf));
  const unchanged = [...jobs.adopted].filter(([id, job]) => jobs.rows.get(id) === job).map(([, job]) => job);
  if (unchanged.length > 0) statements.push(stillRunning(unchanged));
  return statements;
}

/** @returns whether what is written makes something runnable. */
export function makesReady(jobs: Jobs): boolean {
  for (const [, key] of jobs.keys.changes()) if (key?.head?.ready === true) return true;
  return false;
}

function changesOf(jobs: Jobs): Changes {
  const changes: Changes = { inserts: [], first: [], then: [], demoted: [], promoted: [], followed: [] };
  for (const [id, after] of jobs.rows.changes()) {
    if (after === null) continue;
    const name = keyName(after.orgId, after.orderingKey);
    const key = jobs.keys.get(name);
    const head = key?.head;
    const isHead = head?.id === after.id;
    const place = { head: isHead, ready: isHead && head.ready, followed: isHead && isFollowed(key) };
    const before = jobs.rows.before(id);
    if (before === null) changes.inserts.push({ after, place });
    else if (isHead && jobs.keys.before(name)?.head?.id !== after.id) changes.then.push({ before, after, place });
    else changes.first.push({ before, after, place });
  }
  addPlaces(changes, jobs);
  changes.inserts.sort((a, b) => a.after.id - b.after.id);
  return changes;
}

/** Jobs that were not changed themselves, but came to the front or went back. */
function addPlaces({ demoted, promoted, followed }: Changes, jobs: Jobs): void {
  const isChanged = (id: number): boolean => id >= FIRST_NEW_ID || jobs.rows.get(id) !== jobs.rows.before(id);
  for (const [name, after] of jobs.keys.changes()) {
    const was = jobs.keys.before(name)?.head ?? null;
    const is = after?.head ?? null;
    if (was !== null && was.id !== is?.id && !isChanged(was.id)) demoted.push(was.id);
    if (after === null || is === null || isChanged(is.id)) continue;
    if (was?.id !== is.id || was.ready !== is.ready)
      promoted.push({ id: is.id, ready: is.ready, followed: isFollowed(after) });
    else if (isFollowed(after) && !isFollowed(jobs.keys.before(name))) followed.push(is.id);
  }
}

/** Nobody behind it has to be looked for when a job ends that is not. */
const isFollowed = (key: OrderingKey | null): boolean => key !== null && (key.behind.length > 0 || key.upTo !== WHOLE);

/** The rows of `name` are written in the order of their ids, so that two writers meet in one order. */
function updates(changes: Change[]): Statement[] {
  if (changes.length === 0) return [];
  changes.sort((a, b) => a.after.id - b.after.id);
  const ways: Record<'finished' | 'moved' | 'meant', Change[]> = { finished: [], moved: [], meant: [] };
  for (const change of changes) ways[wayOf(change)].push(change);
  return [
    ...(ways.finished.length === 0 ? [] : [update('finish_jobs', FINISH_SQL, FINISH, ways.finished)]),
    ...(ways.moved.length === 0 ? [] : [update('move_jobs', MOVE_SQL, LIFE, ways.moved)]),
    ...(ways.meant.length === 0 ? [] : [update('change_jobs', CHANGE_SQL, [...LIFE, ...INTENT], ways.meant)]),
  ];
}

/** The end of nearly every job is a run that went well: it says little, and is written with as little. */
function wayOf({ before, after }: Change): 'finished' | 'moved' | 'meant' {
  if (!sameIntent(before, after)) return 'meant';
  const isPlain = after.state === 'done' && before.state === 'running' && before.batchId === after.batchId;
  return isPlain && after.lastFailure === null && after.runAt === before.runAt ? 'finished' : 'moved';
}

function update(name: string, text: string, columns: typeof LIFE, changes: readonly Change[]): Statement {
  return {
    name,
    text,
    values: [
      changes.length,
      numbers(changes.map(({ before }) => before.id)),
      numbers(changes.map(({ before }) => before.fence)),
      texts(changes.map(({ before }) => before.state)),
      ...columns.map(({ value }) => array(changes.map(({ after, place }) => value(after, place)))),
    ],
  };
}

const FINISH = LIFE.filter(({ name }) => FINISH_NAMES.some((one) => one === name));
const UNCLAIMED = 'lease_until = NULL, owner = NULL, claimed_at = NULL';
export const FINISHED = `state = 'done', head = false, ready = false, blocked_on = NULL, blocked_until = NULL, last_failure = NULL,
  failure_kind = NULL, cause = '', first_dead_at = NULL, ${UNCLAIMED}`;

function updateSql(columns: typeof LIFE, always = UNCLAIMED): string {
  const names = columns.map(({ name }) => name);
  const arrays = columns.map(({ type }, index) => `$${index + 5}::${type}[]`);
  return `WITH written AS (
    UPDATE jobs SET ${names.map((name) => `${name} = new.${name}`).join(', ')}, ${always}
    FROM unnest($2::bigint[], $3::integer[], $4::text[], ${arrays.join(', ')})
      AS new(id, old_fence, old_state, ${names.join(', ')})
    WHERE jobs.id = new.id AND jobs.fence = new.old_fence AND jobs.state = new.old_state
    RETURNING 1)
    SELECT expect_rows(count(*), $1) FROM written`;
}
const FINISH_SQL = updateSql(FINISH, `${FINISHED}, finished_at = new.updated_at`);
const MOVE_SQL = updateSql(LIFE);
const CHANGE_SQL = updateSql([...LIFE, ...INTENT]);

const INSERTED = [...FIXED, ...LIFE, ...INTENT];
const INSERT_SQL = `INSERT INTO jobs (id, ${INSERTED.map(({ name }) => name).join(', ')}, fence)
  SELECT *, 0 FROM unnest($1::bigint[], ${INSERTED.map(({ type }, index) => `$${index + 2}::${type}[]`).join(', ')})`;

function insert(inserts: Changes['inserts'], idOf: (id: number) => number): Statement {
  const ids = numbers(inserts.map(({ after }) => idOf(after.id)));
  const columns = INSERTED.map(({ value }) => array(inserts.map(({ after, place }) => value(after, place))));
  return { name: 'insert_jobs', text: INSERT_SQL, values: [ids, ...columns] };
}

function demote(ids: number[]): Statement {
  const text = `WITH written AS (
    UPDATE jobs SET head = false, ready = false
    WHERE id = ANY ($2::bigint[]) AND head AND state IN ('queued', 'retrying') RETURNING 1)
    SELECT expect_rows(count(*), $1) FROM written`;
  return { name: 'demote_jobs', text, values: [ids.length, numbers(ids)] };
}

function promote(places: Changes['promoted']): Statement {
  const text = `WITH written AS (
    UPDATE jobs SET head = true, ready = new.ready, followed = new.followed
    FROM unnest($2::bigint[], $3::boolean[], $4::boolean[]) AS new(id, ready, followed)
    WHERE jobs.id = new.id AND state IN ('queued', 'retrying') RETURNING 1)
    SELECT expect_rows(count(*), $1) FROM written`;
  const values = [
    places.length,
    numbers(places.map(({ id }) => id)),
    array(places.map(({ ready }) => ready)),
    array(places.map(({ followed }) => followed)),
  ];
  return { name: 'promote_jobs', text, values };
}

/** A claim may take them meanwhile; it does not touch this. */
function follow(ids: number[]): Statement {
  const text = `WITH written AS (
    UPDATE jobs SET followed = true WHERE id = ANY ($2::bigint[]) AND head RETURNING 1)
    SELECT expect_rows(count(*), $1) FROM written`;
  return { name: 'follow_jobs', text, values: [ids.length, numbers(ids)] };
}

function stillRunning(jobs: readonly JobLife[]): Statement {
  const text = `SELECT expect_rows(count(*), $1) FROM unnest($2::bigint[], $3::integer[]) AS held(id, fence)
    JOIN jobs ON jobs.id = held.id AND jobs.fence = held.fence WHERE jobs.state = 'running'`;
  const values = [jobs.length, numbers(jobs.map(({ id }) => id)), numbers(jobs.map(({ fence }) => fence))];
  return { name: 'still_running', text, values };
}
