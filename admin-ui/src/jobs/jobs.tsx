import { speak } from '@wordpress/a11y';
import { useEffect, useMemo, useRef, useState } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { PATHS } from '../api/client';
import { useFeatures } from '../api/use-features';
import { useResource } from '../api/use-resource';
import type { BatchRow, JobList, JobRow, Overview, PersonMove } from '../api/types';
import { BatchDialog } from '../batches/batch-dialog';
import { BatchStrip } from '../batches/batch-strip';
import { Loading } from '../components/loading';
import { PageHeading, focusPageHeading } from '../components/page-heading';
import { kept } from '../components/preferences';
import { ResourceTrouble } from '../components/trouble';
import { usePlace } from '../navigation/use-place';
import { OperationDialog } from '../operations/operation-dialog';
import { useSettings } from '../settings';
import { isBatchMove } from '../words/batches';
import { actionsFor } from './actions';
import { CatchUp } from './catch-up';
import { JobsTable } from './jobs-table';
import { Narrowed } from './narrowed';
import { PressAll } from './press-all';
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
  const features = useFeatures();
  const asking = useAsking(steady.rows ?? NONE, steady.reload, features('batches') === true);
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
          <BatchStrip batches={list.batches ?? NONE} started={asking.startedId} onChanged={steady.reload} />
          <Narrowed />
          {settings.canManage && <PressAll bulk={list.bulk ?? NONE} onStarted={asking.started} />}
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
function useAsking(rows: readonly ShownRow[], reload: () => void, asBatch: boolean) {
  const [asked, setAsked] = useState<{ move: PersonMove; jobs: readonly JobRow[] } | null>(null);
  const [startedId, setStartedId] = useState<string | null>(null);
  const ask = useRef((move: PersonMove, jobs: readonly JobRow[]) => setAsked({ move, jobs })).current;
  const close = () => setAsked(null);
  const done = (jobs: readonly JobRow[]) => {
    const next = neighbourOf(
      rows,
      jobs.map(({ id }) => id),
    );
    close();
    reload();
    // After the dialog gave focus back to a button that is about to go.
    setTimeout(() => focusRow(next), 0);
  };
  const started = ({ id }: BatchRow) => {
    close();
    setStartedId(id);
    reload();
    // Until the strip shows it.
    setTimeout(focusPageHeading, 0);
  };
  const dialog = asked && <Asked asked={asked} asBatch={asBatch} onClose={close} onDone={done} onStarted={started} />;
  return { ask, started, startedId, dialog };
}

interface AskedProps {
  asked: { move: PersonMove; jobs: readonly JobRow[] };
  /** Whether the sidecar carries many out by itself, so that nobody has to keep the page open. */
  asBatch: boolean;
  onClose: () => void;
  onDone: (jobs: readonly JobRow[]) => void;
  onStarted: (batch: BatchRow) => void;
}

function Asked({ asked: { move, jobs }, asBatch, onClose, onDone, onStarted }: AskedProps) {
  if (!asBatch || jobs.length === 1 || !isBatchMove(move)) {
    return <OperationDialog move={move} jobs={jobs} onClose={onClose} onDone={onDone} />;
  }
  const ids = jobs.map(({ id }) => id);
  return <BatchDialog move={move} meant={{ ids }} count={ids.length} onClose={onClose} onStarted={onStarted} />;
}

function focusRow(id: number | null): void {
  const link = id === null ? null : document.querySelector<HTMLElement>(`a[data-job="${id}"]`);
  if (link) link.focus();
  else focusPageHeading();
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
