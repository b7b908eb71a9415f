import { Button } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { useEffect, useMemo, useRef, useState } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { PATHS } from '../api/client';
import { useResource } from '../api/use-resource';
import type { JobList, JobRow, Overview, PersonMove } from '../api/types';
import { Loading } from '../components/loading';
import { PageHeading, focusPageHeading } from '../components/page-heading';
import { kept } from '../components/preferences';
import { ResourceTrouble } from '../components/trouble';
import { usePlace } from '../navigation/use-place';
import { OperationDialog } from '../operations/operation-dialog';
import { useSettings } from '../settings';
import { actionsFor } from './actions';
import { JobsTable } from './jobs-table';
import { StateTabs } from './state-tabs';
import { neighbourOf, type ShownRow } from './steady';
import { useSteadyRows } from './use-steady-rows';
import { arrangementFrom } from './views';

const NONE: never[] = [];

export function Jobs() {
  const { place } = usePlace();
  const settings = useSettings();
  const [arrangement, setArrangement] = useState(() => arrangementFrom(kept('jobs')));
  const path = PATHS.jobs({ ...place, perPage: arrangement.perPage });
  const resource = useResource<JobList>(path);
  const steady = useSteadyRows(resource, path);
  const list = useLast(resource.data);
  const connections = useResource<Overview>(PATHS.overview, 'once').data?.connections ?? NONE;
  const asking = useAsking(steady.rows ?? NONE, steady.reload);
  const { ask } = asking;
  const actions = useMemo(() => actionsFor(settings, ask), [settings, ask]);
  useTotalSpoken(resource.data?.total ?? null, place.search);
  return (
    <>
      <PageHeading>{__('Jobs', 'tallyman')}</PageHeading>
      <ResourceTrouble resource={resource} />
      {list === null && resource.trouble === null && <Loading />}
      {list !== null && steady.rows !== null && !(resource.trouble !== null && resource.data === null) && (
        <>
          <StateTabs counts={list.counts} />
          {place.late && <LateOnly />}
          {steady.changed && <CatchUp unseen={steady.unseen} onCatchUp={steady.catchUp} />}
          <JobsTable
            list={list}
            rows={steady.rows}
            loading={resource.data === null}
            connections={connections}
            actions={actions}
            arrangement={arrangement}
            onArrange={setArrangement}
          />
        </>
      )}
      {asking.dialog}
    </>
  );
}

/** The open dialog, and where focus goes once its rows have left. */
function useAsking(rows: readonly ShownRow[], reload: () => void) {
  const [asked, setAsked] = useState<{ move: PersonMove; jobs: readonly JobRow[] } | null>(null);
  const ask = useRef((move: PersonMove, jobs: readonly JobRow[]) => setAsked({ move, jobs })).current;
  const done = (jobs: readonly JobRow[]) => {
    const next = neighbourOf(
      rows,
      jobs.map(({ id }) => id),
    );
    setAsked(null);
    reload();
    // After the dialog gave focus back to a button that is about to go.
    setTimeout(() => focusRow(next), 0);
  };
  const dialog = asked && <OperationDialog {...asked} onClose={() => setAsked(null)} onDone={done} />;
  return { ask, dialog };
}

function focusRow(id: number | null): void {
  const link = id === null ? null : document.querySelector<HTMLElement>(`a[data-job="${id}"]`);
  if (link) link.focus();
  else focusPageHeading();
}

/** The table has no filter for it: it is where the overview leads. */
function LateOnly() {
  const { place, go } = usePlace();
  return (
    <p className="tallyman-catch-up">
      {__('Only jobs that are late.', 'tallyman')}{' '}
      <Button variant="secondary" onClick={() => go({ ...place, late: false, page: 1 })} __next40pxDefaultSize>
        {__('Show the others too', 'tallyman')}
      </Button>
    </p>
  );
}

function CatchUp({ unseen, onCatchUp }: { unseen: number; onCatchUp: () => void }) {
  const words =
    unseen === 0
      ? __('Some of these jobs moved on. Show the list as it is now', 'tallyman')
      : sprintf(
          /* translators: %d: number of jobs. */
          _n('Show %d new job', 'Show %d new jobs', unseen, 'tallyman'),
          unseen,
        );
  return (
    <div className="tallyman-catch-up">
      <Button variant="secondary" onClick={onCatchUp} __next40pxDefaultSize>
        {words}
      </Button>
    </div>
  );
}

/** Keeps the last answer in sight while the next page or filter is on its way. */
function useLast<T>(value: T | null): T | null {
  const last = useRef(value);
  if (value !== null) last.current = value;
  return last.current;
}

/** Reads out how many jobs a search found; a refresh that changes the number stays silent. */
function useTotalSpoken(total: number | null, search: string): void {
  const said = useRef(search);
  useEffect(() => {
    if (total === null || said.current === search) return;
    said.current = search;
    /* translators: %d: number of jobs. */
    speak(sprintf(_n('%d job found.', '%d jobs found.', total, 'tallyman'), total), 'polite');
  }, [total, search]);
}
