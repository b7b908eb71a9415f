import { __ } from '@wordpress/i18n';
import type { DeliveryDetail } from '../api/types';
import { Moment } from '../components/moment';
import { Section } from '../components/section';
import { StateBadge } from '../components/state-badge';
import { PlaceLink } from '../navigation/use-place';

/** The jobs it led to, and what is known since. */
export function Became({ delivery: { jobs, records } }: { delivery: DeliveryDetail }) {
  return (
    <Section title={__('What it became', 'tallyman')}>
      {jobs.length === 0 && records.length === 0 && (
        <p>
          {__('No job and no record: either it told nothing new, or what it led to is no longer kept.', 'tallyman')}
        </p>
      )}
      {jobs.length > 0 && <JobsOf jobs={jobs} />}
      {records.length > 0 && (
        <ul className="tallyman-list">
          {records.map(({ type, label, changedAt }) => (
            <li key={`${type} ${label}`}>
              {RECORDS[type]?.() ?? type} {label} (<Moment at={changedAt} />)
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

const RECORDS: Readonly<Record<string, () => string>> = {
  order: () => __('Order', 'tallyman'),
  shipment: () => __('Parcel', 'tallyman'),
  article: () => __('Article', 'tallyman'),
};

function JobsOf({ jobs }: Pick<DeliveryDetail, 'jobs'>) {
  return (
    <table className="tallyman-table">
      <thead>
        <tr>
          <th scope="col">{__('Job', 'tallyman')}</th>
          <th scope="col">{__('State', 'tallyman')}</th>
          <th scope="col">{__('What happens', 'tallyman')}</th>
        </tr>
      </thead>
      <tbody>
        {jobs.map(({ id, title, state, sentence }) => (
          <tr key={id}>
            <th scope="row">
              <PlaceLink to={{ tab: 'jobs', job: id }}>{title}</PlaceLink>
            </th>
            <td>
              <StateBadge state={state} />
            </td>
            <td>{sentence}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
