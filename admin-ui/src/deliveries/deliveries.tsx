import type { View } from '@wordpress/dataviews/wp';
import { Suspense, useMemo } from '@wordpress/element';
import { __ } from '@wordpress/i18n';
import type { ComponentProps } from 'react';
import { PATHS } from '../api/client';
import type { DeliveryList, DeliveryRow, Overview } from '../api/types';
import { useResource } from '../api/use-resource';
import { ErrorBoundary } from '../components/error-boundary';
import { Loading } from '../components/loading';
import { PageHeading } from '../components/page-heading';
import { ResourceTrouble } from '../components/trouble';
import { CatchUp } from '../jobs/catch-up';
import { dataViewsOf } from '../jobs/dataviews';
import { useSteadyRows } from '../jobs/use-steady-rows';
import { useWidth } from '../jobs/use-width';
import { useFollow, usePlace } from '../navigation/use-place';
import { EmptyDeliveries } from './empty-deliveries';
import { fieldsFor, type ShownDelivery } from './fields';
import { PER_PAGE, emptyKind, placeAfter, viewOf } from './views';

const DataViews = dataViewsOf<ShownDelivery>();
const NONE: never[] = [];

/** What came in, as it came. */
export function Deliveries() {
  const { place } = usePlace();
  const path = PATHS.deliveries({ ...place, perPage: PER_PAGE });
  const resource = useResource<DeliveryList>(path);
  const steady = useSteadyRows<DeliveryRow>(resource, path);
  const { data, trouble } = resource;
  return (
    <>
      <PageHeading>{__('Deliveries', 'tallyman')}</PageHeading>
      <ResourceTrouble resource={resource} />
      {steady.rows === null && trouble === null && <Loading />}
      {steady.rows !== null && !(trouble !== null && data === null) && (
        <>
          {steady.changed && <CatchUp unseen={steady.unseen} onCatchUp={steady.catchUp} />}
          <DeliveryTable rows={steady.rows} total={data?.total ?? steady.rows.length} loading={data === null} />
        </>
      )}
    </>
  );
}

function DeliveryTable({ rows, total, loading }: { rows: ShownDelivery[]; total: number; loading: boolean }) {
  const { place, go } = usePlace();
  const width = useWidth();
  const renderItemLink = useDeliveryLink();
  const connections = useResource<Overview>(PATHS.overview, 'once').data?.connections ?? NONE;
  const fields = useMemo(() => fieldsFor(connections), [connections]);
  const change = (view: View) => go(placeAfter(view, place), view.search === place.search ? 'push' : 'replace');
  return (
    <ErrorBoundary>
      <Suspense fallback={<Loading />}>
        <DataViews
          data={rows}
          fields={fields}
          view={viewOf(place, width)}
          onChangeView={change}
          paginationInfo={{ totalItems: total, totalPages: Math.ceil(total / PER_PAGE) }}
          isLoading={loading}
          defaultLayouts={{ table: {} }}
          getItemId={(delivery) => delivery.id}
          renderItemLink={renderItemLink}
          searchLabel={__('Search deliveries', 'tallyman')}
          config={{ perPageSizes: [PER_PAGE] }}
          empty={<EmptyDeliveries kind={emptyKind(place)} />}
        />
      </Suspense>
    </ErrorBoundary>
  );
}

function useDeliveryLink() {
  const follow = useFollow();
  const { place } = usePlace();
  return ({ item, children, ...rest }: { item: ShownDelivery } & ComponentProps<'a'>) => (
    <a {...rest} {...follow({ ...place, delivery: item.id })}>
      {children}
    </a>
  );
}
