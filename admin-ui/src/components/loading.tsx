import { Spinner } from '@wordpress/components';
import { __ } from '@wordpress/i18n';

export function Loading() {
  return (
    <div className="tallyman-loading" role="status">
      <Spinner />
      <span>{__('Loading …', 'tallyman')}</span>
    </div>
  );
}
