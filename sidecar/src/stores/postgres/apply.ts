/** A unit as a change of the writer. */
import type { Applied, Unit, Write, WriteResult } from '../store.js';
import { perform } from './unit.js';
import { wantUnit } from './unit-needs.js';
import { allHoldable } from './values.js';
import type { Change, IdOf } from './writer.js';

export function unitChange(asked: Unit): Change<Applied> {
  const unit = allHoldable(asked);
  return {
    size: 1 + unit.writes.length,
    wakes: unit.writes.some(wakes),
    want: (work, claimed) => wantUnit(work, unit, claimed),
    run: (work) => perform(work, unit),
    refused: ({ failed }) => ({ applied: false, failed }),
    told: (applied, idOf) =>
      applied.applied ? { ...applied, results: applied.results.map((result) => withIds(result, idOf)) } : applied,
  };
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
