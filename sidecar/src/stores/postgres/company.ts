/**
 * The locks of a transaction. Whoever writes alone in the database takes one lock for all names; whoever has met others takes
 * each name's own. What anybody believes about the others does no harm: all who go by names hold a share of the one lock, so
 * it is given to nobody beside them. It spares a thousand locks where a thousand jobs end together.
 */
import { nameOf } from './keyed-table.js';
import { hashed, lockColumns } from './lock-names.js';
import type { Statement } from './session.js';
import { codeOf } from './trouble.js';

/** Raised by the schema's expect_alone: somebody else is writing at this moment. */
const NOT_ALONE = 'TM002';
/** So long after somebody was met, names are gone by. */
const MET_MS = 30_000;

const ALONE = {
  name: 'lock_all_names',
  text: 'SELECT expect_alone(pg_try_advisory_xact_lock($1, $2)), pg_advisory_xact_lock($3, $4)',
};
const SHARE = { name: 'share_all_names', text: 'SELECT pg_advisory_xact_lock_shared($1, $2)' };
/** In the order of the names, so that two who want the same ones do not wait for each other. */
const EACH = {
  name: 'lock_names',
  text: 'SELECT count(pg_advisory_xact_lock(a, b) IS NULL) FROM unnest($1::integer[], $2::integer[]) AS names(a, b)',
};

export class Company {
  private metAtMs: number | null = null;
  private readonly everyName: [number, number];

  /** @param elapsedMs time that only goes forward */
  constructor(
    schema: string,
    private readonly elapsedMs: () => number,
  ) {
    this.everyName = hashed(nameOf('every name', schema));
  }

  /** @param own a name that has to be held whatever else is. @param names asked for only when each has to be locked. */
  locks(own: string, names: () => Iterable<string>): Statement[] {
    if (this.isAlone()) return [{ ...ALONE, values: [...this.everyName, ...hashed(own)] }];
    return [{ ...SHARE, values: this.everyName }, lockEach([own, ...names()])];
  }

  /** @returns whether the transaction failed because others are there: tried again, it goes by names. */
  met(error: unknown): boolean {
    if (codeOf(error) !== NOT_ALONE) return false;
    this.metAtMs = this.elapsedMs();
    return true;
  }

  private isAlone(): boolean {
    return this.metAtMs === null || this.elapsedMs() - this.metAtMs > MET_MS;
  }
}

export function lockEach(names: Iterable<string>): Statement {
  return { ...EACH, values: lockColumns(names) };
}
