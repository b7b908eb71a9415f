import { useRef, useState } from '@wordpress/element';
import { actOnJob } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import type { JobAction, JobRow } from '../api/types';

export interface Run {
  phase: 'asking' | 'running' | 'over';
  done: JobRow[];
  refused: { job: JobRow; trouble: Trouble }[];
}

const START: Run = { phase: 'asking', done: [], refused: [] };

/**
 * Does one thing to one job after the other: a person can watch it, stop it, sees what was refused and why, and may
 * try those again.
 * @param onAllDone called once nothing is left.
 */
export function useRun(jobs: readonly JobRow[], onAllDone: (done: JobRow[]) => void) {
  const [run, setRun] = useState(START);
  const stopped = useRef(false);
  const left = jobs.filter((job) => !run.done.includes(job));

  const start = async (action: JobAction) => {
    const so: Run = { phase: 'running', done: [...run.done], refused: [] };
    stopped.current = false;
    setRun({ ...so });
    for (const job of left) {
      if (stopped.current) break;
      await actOnJob(job.id, action).then(
        () => so.done.push(job),
        (thrown: unknown) => so.refused.push({ job, trouble: troubleFrom(thrown) }),
      );
      setRun({ ...so });
    }
    if (so.done.length === jobs.length) onAllDone(so.done);
    else setRun({ ...so, phase: 'over' });
  };
  const stop = () => {
    stopped.current = true;
  };
  return { run, left, start, stop };
}
