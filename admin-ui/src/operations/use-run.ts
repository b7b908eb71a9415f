import { useCallback, useRef, useState } from '@wordpress/element';
import { actOnJob } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import type { JobAction, JobRow } from '../api/types';

export interface Run {
  phase: 'asking' | 'running' | 'over';
  total: number;
  done: JobRow[];
  refused: { job: JobRow; trouble: Trouble }[];
}

const START: Run = { phase: 'asking', total: 0, done: [], refused: [] };

/** Does one thing to one job after the other: a person can watch it, stop it, and sees what was refused and why. */
export function useRun(jobs: readonly JobRow[], onAllDone: (done: JobRow[]) => void) {
  const [run, setRun] = useState(START);
  const stopped = useRef(false);
  const start = useCallback(
    async (action: JobAction) => {
      const so: Run = { phase: 'running', total: jobs.length, done: [], refused: [] };
      stopped.current = false;
      setRun({ ...so });
      for (const job of jobs) {
        if (stopped.current) break;
        await actOnJob(job.id, action).then(
          () => so.done.push(job),
          (thrown: unknown) => so.refused.push({ job, trouble: troubleFrom(thrown) }),
        );
        setRun({ ...so });
      }
      if (so.done.length === jobs.length) onAllDone(so.done);
      else setRun({ ...so, phase: 'over' });
    },
    [jobs, onAllDone],
  );
  const stop = useCallback(() => {
    stopped.current = true;
  }, []);
  return { run, start, stop };
}
