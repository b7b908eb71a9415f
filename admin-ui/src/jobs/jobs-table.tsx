import type { Action, View } from '@wordpress/dataviews/wp';
import { Suspense, useCallback, useMemo, useState } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import type { ComponentProps } from 'react';
import type { ConnectionRow, JobList } from '../api/types';
import { ErrorBoundary } from '../components/error-boundary';
import { Loading } from '../components/loading';
import { keep } from '../components/preferences';
import { useFollow, usePlace } from '../navigation/use-place';
import { dataViewsOf } from './dataviews';
import { EmptyJobs } from './empty-jobs';
import { emptyKind } from './empty-kind';
import { fieldsFor } from './fields';
import type { ShownRow } from './steady';
import { useWidth } from './use-width';
import { PER_PAGE, arrangementAfter, placeAfter, viewOf, type Arrangement } from './views';

const DataViews = dataViewsOf<ShownRow>();

interface JobsTableProps {
  list: JobList;
  rows: ShownRow[];
  loading: boolean;
  connections: readonly ConnectionRow[];
  actions: Action<ShownRow>[];
  arrangement: Arrangement;
  onArrange: (arrangement: Arrangement) => void;
}

export function JobsTable({ list, rows, loading, connections, actions, arrangement, onArrange }: JobsTableProps) {
  const { place, go } = usePlace();
  const width = useWidth();
  const renderItemLink = useJobLink();
  const [selection, setSelection] = useState<string[]>([]);
  const fields = useMemo(() => fieldsFor(connections), [connections]);
  const change = useCallback(
    (view: View) => {
      const arranged = arrangementAfter(view, arrangement, width);
      keep('jobs', arranged);
      onArrange(arranged);
      go(placeAfter(view, place), view.search === place.search ? 'push' : 'replace');
    },
    [arrangement, onArrange, width, go, place],
  );
  return (
    <ErrorBoundary>
      <Suspense fallback={<Loading />}>
        <DataViews
          data={rows}
          fields={fields}
          actions={actions}
          view={viewOf(place, arrangement, width)}
          onChangeView={change}
          paginationInfo={{ totalItems: list.total, totalPages: Math.ceil(list.total / arrangement.perPage) }}
          isLoading={loading}
          defaultLayouts={{ table: {} }}
          getItemId={(job) => String(job.id)}
          renderItemLink={renderItemLink}
          selection={selection}
          onChangeSelection={setSelection}
          searchLabel={__('Search jobs', 'tallyman')}
          config={{ perPageSizes: PER_PAGE }}
          empty={<EmptyJobs kind={emptyKind(list.counts, place)} />}
        />
      </Suspense>
    </ErrorBoundary>
  );
}

function useJobLink() {
  const follow = useFollow();
  return ({ item, children, ...rest }: { item: ShownRow } & ComponentProps<'a'>) => (
    <a {...rest} {...follow({ tab: 'jobs', job: item.id })} data-job={item.id}>
      {children}
    </a>
  );
}
