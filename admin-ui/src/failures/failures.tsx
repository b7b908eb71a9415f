import { Button } from '@wordpress/components';
import { useRef, useState } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { check, search as searchIcon } from '@wordpress/icons';
import { PATHS } from '../api/client';
import type { BatchMove, BatchRow, FailureGroupRow, FailureList } from '../api/types';
import { useResource } from '../api/use-resource';
import { BatchDialog } from '../batches/batch-dialog';
import { Empty } from '../components/empty';
import { Loading } from '../components/loading';
import { PageHeading, focusPageHeading } from '../components/page-heading';
import { ResourceTrouble } from '../components/trouble';
import { usePlace } from '../navigation/use-place';
import { FailureGroup } from './failure-group';
import { Started } from './started';

/** What failed, by what it has in common: one cure, one press. */
export function Failures() {
  const { place } = usePlace();
  const resource = useResource<FailureList>(PATHS.failures(place.connection));
  const { data, trouble, reload } = resource;
  const asking = usePress(reload);
  return (
    <>
      <PageHeading>{__('Failures', 'tallyman')}</PageHeading>
      <ResourceTrouble resource={resource} />
      {asking.started && <Started batch={asking.started} onClose={asking.forget} />}
      {data === null && trouble === null && <Loading />}
      {data?.rows.length === 0 && <NoFailure />}
      {data !== null && data.rows.length > 0 && (
        <>
          <p>{totalWords(data)}</p>
          <ul className="tallyman-failures">
            {data.rows.map((group) => (
              <li key={keyOf(group)}>
                <FailureGroup group={group} onPress={(move) => asking.ask(move, group)} />
              </li>
            ))}
          </ul>
        </>
      )}
      {asking.dialog}
    </>
  );
}

/** The open dialog, and what was started with it. */
function usePress(reload: () => void) {
  const [asked, setAsked] = useState<{ move: BatchMove; group: FailureGroupRow } | null>(null);
  const [started, setStarted] = useState<BatchRow | null>(null);
  const ask = useRef((move: BatchMove, group: FailureGroupRow) => setAsked({ move, group })).current;
  const begin = (batch: BatchRow) => {
    setAsked(null);
    setStarted(batch);
    reload();
    // The group that was pressed leaves with its jobs.
    setTimeout(focusPageHeading, 0);
  };
  const dialog = asked && (
    <BatchDialog
      move={asked.move}
      meant={{ filter: asked.group.filter }}
      count={asked.group.count}
      onClose={() => setAsked(null)}
      onStarted={begin}
    />
  );
  return { ask, dialog, started, forget: () => setStarted(null) };
}

function NoFailure() {
  const { place, go } = usePlace();
  if (place.connection === null) {
    return (
      <Empty icon={check} title={__('All clear', 'tallyman')}>
        <p>{__('No job needs attention. There is nothing to do here.', 'tallyman')}</p>
      </Empty>
    );
  }
  return (
    <Empty icon={searchIcon} title={__('No failure at this connection', 'tallyman')}>
      <Button variant="secondary" onClick={() => go({ tab: 'failures' })} __next40pxDefaultSize>
        {__('Show all failures', 'tallyman')}
      </Button>
    </Empty>
  );
}

function totalWords({ rows, total }: FailureList): string {
  return sprintf(
    /* translators: 1: "12 jobs need attention", 2: "for 3 reasons". */
    __('%1$s, %2$s.', 'tallyman'),
    /* translators: %d: number of jobs. */
    sprintf(_n('%d job needs attention', '%d jobs need attention', total, 'tallyman'), total),
    /* translators: %d: number of reasons. */
    sprintf(_n('for %d reason', 'for %d reasons', rows.length, 'tallyman'), rows.length),
  );
}

const keyOf = ({ filter: { connection, kind, cause } }: FailureGroupRow): string => [connection, kind, cause].join(' ');
