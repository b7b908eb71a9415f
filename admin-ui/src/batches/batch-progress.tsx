import { useId } from '@wordpress/element';
import type { BatchRow } from '../api/types';
import { useNow } from '../components/now';
import { endedOf, endedWords, timeWords } from './progress';

/** How far it is: a bar, and the same in words. */
export function BatchProgress({ batch }: { batch: BatchRow }) {
  const id = useId();
  const now = useNow();
  return (
    <div className="tallyman-progress">
      <progress max={batch.total} value={endedOf(batch)} aria-labelledby={id} />
      <p id={id} className="tallyman-batch__words">
        {endedWords(batch)} – {batch.sentence} {timeWords(batch, now)}
      </p>
    </div>
  );
}
