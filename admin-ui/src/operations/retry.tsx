import { __ } from '@wordpress/i18n';
import { JobForm, type OperationProps } from './job-form';

export function RetryDialog(props: OperationProps) {
  return (
    <JobForm {...props} move="retryNow" answer={() => ({ action: 'retryNow' })}>
      <p>{__('It is tried at once with what the shop says now, and has all its attempts again.', 'tallyman')}</p>
    </JobForm>
  );
}
