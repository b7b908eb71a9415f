import { Notice } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import type { BatchRow } from '../api/types';
import { PlaceLink } from '../navigation/use-place';

/** It was read out already; this is for the eye, and the way to watch it. */
export function Started({ batch, onClose }: { batch: BatchRow; onClose: () => void }) {
  return (
    <Notice status="success" onRemove={onClose} spokenMessage="">
      {
        /* translators: %s: what was started, e.g. "Retry 41 jobs". */ sprintf(
          __('Started: %s.', 'tallyman'),
          batch.title,
        )
      }{' '}
      <PlaceLink to={{ tab: 'jobs', batch: batch.id }}>{__('Watch its progress', 'tallyman')}</PlaceLink>
    </Notice>
  );
}
