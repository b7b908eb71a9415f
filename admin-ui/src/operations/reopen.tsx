import { __ } from '@wordpress/i18n';
import { ReasonField } from '../components/fields';
import { JobForm, type OperationProps } from './job-form';
import { useReason } from './reason';

export function ReopenDialog(props: OperationProps) {
  const reason = useReason();
  const answer = () => {
    const said = reason.take();
    return said === null ? null : ({ action: 'reopen', reason: said } as const);
  };
  return (
    <JobForm {...props} move="reopen" answer={answer}>
      <p>{__('It goes back into the queue, is tried at once and has all its attempts again.', 'tallyman')}</p>
      <ReasonField {...reason.field} />
    </JobForm>
  );
}
