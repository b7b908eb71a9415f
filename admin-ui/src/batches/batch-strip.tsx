import { useEffect, useRef } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import type { BatchRow } from '../api/types';
import { Badge } from '../components/state-badge';
import { PlaceLink } from '../navigation/use-place';
import { BATCH_STATES } from '../words/batches';
import { BatchActions } from './batch-actions';
import { BatchProgress } from './batch-progress';

interface BatchStripProps {
  batches: readonly BatchRow[];
  /** The one the reader has just started: focus goes to the strip as soon as it shows it. */
  started: string | null;
  onChanged: () => void;
}

/** Above the list: what was set going on many jobs, how far it is, and how to stop it. */
export function BatchStrip({ batches, started, onChanged }: BatchStripProps) {
  const strip = useRef<HTMLElement>(null);
  const isThere = batches.some(({ id }) => id === started);
  useEffect(() => {
    if (isThere) strip.current?.focus();
  }, [isThere, started]);
  if (batches.length === 0) return null;
  return (
    <section className="tallyman-batches" ref={strip} tabIndex={-1} aria-label={__('Batches', 'tallyman')}>
      <ul>
        {batches.map((batch) => (
          <li key={batch.id} className="tallyman-batch">
            <div className="tallyman-batch__head">
              <PlaceLink to={{ tab: 'jobs', batch: batch.id }}>{batch.title}</PlaceLink>
              <BatchBadge state={batch.state} />
            </div>
            <BatchProgress batch={batch} />
            <BatchActions batch={batch} onChanged={onChanged} />
          </li>
        ))}
      </ul>
    </section>
  );
}

export function BatchBadge({ state }: { state: BatchRow['state'] }) {
  const { tone, icon, label } = BATCH_STATES[state];
  return (
    <Badge tone={tone} icon={icon}>
      {label()}
    </Badge>
  );
}
