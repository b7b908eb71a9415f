import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { check, scheduled, search as searchIcon } from '@wordpress/icons';
import { assertNever } from '../assert-never';
import { Empty } from '../components/empty';
import { usePlace } from '../navigation/use-place';
import type { EmptyKind } from './empty-kind';

export function EmptyJobs({ kind }: { kind: EmptyKind }) {
  switch (kind) {
    case 'nothing_yet':
      return (
        <Empty icon={scheduled} title={__('No jobs yet', 'tallyman')}>
          <p>{__('The first order that is paid appears here within seconds.', 'tallyman')}</p>
        </Empty>
      );
    case 'all_clear':
      return (
        <Empty icon={check} title={__('All clear', 'tallyman')}>
          <p>{__('No job is in this state. There is nothing to do here.', 'tallyman')}</p>
        </Empty>
      );
    case 'no_match':
      return <NoMatch />;
    default:
      return assertNever(kind);
  }
}

function NoMatch() {
  const { go } = usePlace();
  return (
    <Empty icon={searchIcon} title={__('No job matches', 'tallyman')}>
      <p>
        {__(
          'Search by order number, by the number at the warehouse, or by words of what a job says, like a SKU it waits for.',
          'tallyman',
        )}
      </p>
      <Button variant="secondary" onClick={() => go({ tab: 'jobs' })} __next40pxDefaultSize>
        {__('Show all jobs', 'tallyman')}
      </Button>
    </Empty>
  );
}
