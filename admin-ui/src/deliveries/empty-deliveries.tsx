import { Button } from '@wordpress/components';
import { __ } from '@wordpress/i18n';
import { check, inbox, search as searchIcon } from '@wordpress/icons';
import { assertNever } from '../assert-never';
import { Empty } from '../components/empty';
import { usePlace } from '../navigation/use-place';
import type { EmptyKind } from './views';

export function EmptyDeliveries({ kind }: { kind: EmptyKind }) {
  const { go } = usePlace();
  switch (kind) {
    case 'nothing_yet':
      return (
        <Empty icon={inbox} title={__('Nothing has come in yet', 'tallyman')}>
          <p>{__('What your shop hands over and what the warehouse tells appears here as it comes.', 'tallyman')}</p>
        </Empty>
      );
    case 'all_clear':
      return (
        <Empty icon={check} title={__('All clear', 'tallyman')}>
          <p>{__('No delivery is in this state. There is nothing to do here.', 'tallyman')}</p>
        </Empty>
      );
    case 'no_match':
      return (
        <Empty icon={searchIcon} title={__('No delivery matches', 'tallyman')}>
          <p>{__('Search by topic, like order.shipped, or by the sender’s own number of the delivery.', 'tallyman')}</p>
          <Button variant="secondary" onClick={() => go({ tab: 'deliveries' })} __next40pxDefaultSize>
            {__('Show all deliveries', 'tallyman')}
          </Button>
        </Empty>
      );
    default:
      return assertNever(kind);
  }
}
