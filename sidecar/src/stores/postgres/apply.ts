/** A unit as a change of the writer. */
import type { Applied, Unit, Write, WriteResult } from '../store.js';
import type { Claimed } from './claimed.js';
import { endOf } from './ends.js';
import type { End } from './ends.js';
import { perform } from './unit.js';
import type { Refused } from './unit.js';
import { wantUnit } from './unit-needs.js';
import { allHoldable } from './values.js';
import type { Work } from './work.js';
import type { Change, IdOf } from './writer.js';

export class UnitChange implements Change<Applied> {
  readonly size: number;
  readonly wakes: boolean;
  private held: Unit | null = null;

  constructor(private readonly asked: Unit) {
    this.size = 1 + asked.writes.length;
    this.wakes = asked.writes.some(wakes);
  }

  end(claimed: Claimed): End | null {
    return endOf(this.asked, claimed);
  }

  ended(): Applied {
    return { applied: true, results: this.asked.writes.map(() => ({ kind: 'ok' })) };
  }

  want(work: Work, claimed: Claimed): void {
    wantUnit(work, this.unit, claimed);
  }

  run(work: Work): Applied {
    return perform(work, this.unit);
  }

  refused({ failed }: Refused): Applied {
    return { applied: false, failed };
  }

  told(applied: Applied, idOf: IdOf): Applied {
    return applied.applied ? { ...applied, results: applied.results.map((result) => withIds(result, idOf)) } : applied;
  }

  /** As the database can hold it. Ends are not compared with anything read, so they need not be looked through. */
  private get unit(): Unit {
    this.held ??= allHoldable(this.asked);
    return this.held;
  }
}

/** Settling a run is left out: what comes to the front of its key by it is found by the next claim. */
function wakes(write: Write): boolean {
  if (write.write === 'moveJob') return !SETTLING.has(write.move);
  return write.write === 'enqueue' || write.write === 'putRecord' || write.write === 'putFact';
}

const SETTLING: ReadonlySet<string> = new Set(['succeed', 'skip', 'retry', 'postpone', 'block', 'fail']);

function withIds(result: WriteResult, idOf: IdOf): WriteResult {
  if (result.kind === 'enqueued') return { ...result, jobId: idOf(result.jobId) };
  if (result.kind === 'record' || result.kind === 'released') return { ...result, jobIds: result.jobIds.map(idOf) };
  return result;
}
