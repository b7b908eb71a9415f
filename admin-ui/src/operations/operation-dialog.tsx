import type { PersonMove } from '../api/types';
import { assertNever } from '../assert-never';
import { CancelDialog } from './cancel';
import { CorrectDialog } from './correct';
import { ForceDoneDialog } from './force-done';
import type { OperationProps } from './job-form';
import { ReopenDialog } from './reopen';
import { RetryDialog } from './retry';

export function OperationDialog({ move, ...props }: OperationProps & { move: PersonMove }) {
  switch (move) {
    case 'retryNow':
      return <RetryDialog {...props} />;
    case 'correct':
      return <CorrectDialog {...props} />;
    case 'forceDone':
      return <ForceDoneDialog {...props} />;
    case 'cancel':
      return <CancelDialog {...props} />;
    case 'reopen':
      return <ReopenDialog {...props} />;
    default:
      return assertNever(move);
  }
}
