import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import type { BatchMove, BatchRow, JobList } from '../api/types';
import { BatchDialog } from '../batches/batch-dialog';
import { usePlace } from '../navigation/use-place';
import { OPERATIONS } from '../operations/operations';
import { allThatMatch } from '../words/batches';
import { meantBy } from './meant';

interface PressAllProps {
  bulk: JobList['bulk'];
  onStarted: (batch: BatchRow) => void;
}

/** One press on all that match, beyond this page. Offered by the sidecar, once something narrows the list. */
export function PressAll({ bulk, onStarted }: PressAllProps) {
  const { place } = usePlace();
  const [asked, setAsked] = useState<{ move: BatchMove; count: number } | null>(null);
  if (bulk.length === 0 && asked === null) return null;
  return (
    <div className="tallyman-buttons">
      {bulk.map(({ move, count }) => (
        <Button
          key={move}
          variant={move === 'retryNow' ? 'secondary' : 'tertiary'}
          icon={OPERATIONS[move].icon}
          onClick={() => setAsked({ move, count })}
          __next40pxDefaultSize
        >
          {allThatMatch(move, count)}
        </Button>
      ))}
      {asked && (
        <BatchDialog
          {...asked}
          meant={{ filter: meantBy(place) }}
          onClose={() => setAsked(null)}
          onStarted={(batch) => {
            setAsked(null);
            onStarted(batch);
          }}
        />
      )}
    </div>
  );
}
