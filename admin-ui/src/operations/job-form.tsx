import { Button } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { __, sprintf } from '@wordpress/i18n';
import type { ReactNode } from 'react';
import type { JobAction, JobRow, PersonMove } from '../api/types';
import { Dialog } from '../components/dialog';
import { OPERATIONS, titleOf } from './operations';
import { useRun, type Run } from './use-run';

export interface OperationProps {
  jobs: readonly JobRow[];
  onClose: () => void;
  /** @param done the jobs it worked on; the others moved on meanwhile or were refused. */
  onDone: (done: readonly JobRow[]) => void;
}

interface JobFormProps extends OperationProps {
  move: PersonMove;
  tone?: 'plain' | 'ending';
  /** @returns null while the form is not filled in; it says so itself. */
  answer: () => JobAction | null;
  children: ReactNode;
}

/** What all operations share: the dialog, the calls, the progress, and the result that is read out. */
export function JobForm({ move, tone = 'plain', jobs, answer, onClose, onDone, children }: JobFormProps) {
  const { run, left, start, stop } = useRun(jobs, (done) => {
    speak(OPERATIONS[move].result(done.length), 'polite');
    onDone(done);
  });
  const close = () => {
    stop();
    if (run.done.length > 0) onDone(run.done);
    else onClose();
  };
  const submit = () => {
    const action = answer();
    if (action !== null) void start(action);
  };
  const trouble = jobs.length === 1 ? (run.refused[0]?.trouble ?? null) : null;
  return (
    <Dialog
      title={titleOf(move, jobs.length)}
      submitLabel={titleOf(move, left.length)}
      tone={tone}
      busy={run.phase === 'running'}
      trouble={trouble}
      onSubmit={submit}
      onClose={close}
    >
      {jobs.length === 1 && <p className="tallyman-dialog__about">{jobs[0]?.title}</p>}
      {children}
      {jobs.length > 1 && <Progress run={run} total={jobs.length} onStop={stop} />}
    </Dialog>
  );
}

function Progress({ run, total, onStop }: { run: Run; total: number; onStop: () => void }) {
  if (run.phase === 'asking') return null;
  const handled = run.done.length + run.refused.length;
  return (
    <div className="tallyman-progress">
      <progress max={total} value={handled} aria-label={__('Progress', 'tallyman')} />
      <p role="status">
        {sprintf(
          /* translators: 1: number of jobs that worked. 2: number of all jobs. 3: number of jobs that were refused. */
          __('%1$d of %2$d done, %3$d refused.', 'tallyman'),
          run.done.length,
          total,
          run.refused.length,
        )}
      </p>
      {run.phase === 'running' && (
        <Button variant="secondary" onClick={onStop} __next40pxDefaultSize>
          {__('Stop', 'tallyman')}
        </Button>
      )}
      <ul className="tallyman-list">
        {run.refused.map(({ job, trouble }) => (
          <li key={job.id}>
            {job.title}: {trouble.message}
          </li>
        ))}
      </ul>
    </div>
  );
}
