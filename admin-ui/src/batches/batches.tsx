import { __, sprintf } from '@wordpress/i18n';
import { update } from '@wordpress/icons';
import { PATHS } from '../api/client';
import type { BatchList, BatchRow } from '../api/types';
import { useResource } from '../api/use-resource';
import { Empty } from '../components/empty';
import { Loading } from '../components/loading';
import { Moment } from '../components/moment';
import { PageHeading } from '../components/page-heading';
import { ResourceTrouble } from '../components/trouble';
import { PlaceLink } from '../navigation/use-place';
import { BatchActions } from './batch-actions';
import { BatchProgress } from './batch-progress';
import { BatchBadge } from './batch-strip';

/** Every press on many, newest first. */
export function Batches() {
  const resource = useResource<BatchList>(PATHS.batches);
  const { data, trouble, reload } = resource;
  return (
    <>
      <PageHeading>{__('Batches', 'tallyman')}</PageHeading>
      <ResourceTrouble resource={resource} />
      {data === null && trouble === null && <Loading />}
      {data?.rows.length === 0 && <NothingYet />}
      {data !== null && data.rows.length > 0 && <BatchTable rows={data.rows} onChanged={reload} />}
    </>
  );
}

function NothingYet() {
  return (
    <Empty icon={update} title={__('No batch yet', 'tallyman')}>
      <p>{__('When you retry, force done or cancel many jobs at once, their progress is shown here.', 'tallyman')}</p>
    </Empty>
  );
}

function BatchTable({ rows, onChanged }: { rows: readonly BatchRow[]; onChanged: () => void }) {
  return (
    <div className="tallyman-section">
      <table className="tallyman-table">
        <thead>
          <tr>
            <th scope="col">{__('Batch', 'tallyman')}</th>
            <th scope="col">{__('State', 'tallyman')}</th>
            <th scope="col">{__('Progress', 'tallyman')}</th>
            <th scope="col">{__('Actions', 'tallyman')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((batch) => (
            <tr key={batch.id}>
              <th scope="row">
                <PlaceLink to={{ tab: 'jobs', batch: batch.id }}>{batch.title}</PlaceLink>
                <Origin batch={batch} />
              </th>
              <td>
                <BatchBadge state={batch.state} />
              </td>
              <td className="tallyman-batch__progress">
                <BatchProgress batch={batch} />
              </td>
              <td>
                <BatchActions batch={batch} onChanged={onChanged} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Origin({ batch: { who, reason, createdAt } }: { batch: BatchRow }) {
  return (
    <>
      <span className="tallyman-dim">
        {who}, <Moment at={createdAt} />
      </span>
      {reason !== null && (
        <span className="tallyman-dim">
          {sprintf(/* translators: %s: a reason. */ __('Reason: %s', 'tallyman'), reason)}
        </span>
      )}
    </>
  );
}
