import { __ } from '@wordpress/i18n';
import { ReasonField } from '../components/fields';
import { JobForm, type OperationProps } from './job-form';
import { useReason } from './reason';

export function CancelDialog(props: OperationProps) {
  const reason = useReason();
  const answer = () => {
    const said = reason.take();
    return said === null ? null : ({ action: 'cancel', reason: said } as const);
  };
  return (
    <JobForm {...props} move="cancel" tone="ending" answer={answer}>
      <p>{__('It will not be sent, and nothing sends it by itself later. It can be re-opened.', 'tallyman')}</p>
      <ReasonField {...reason.field} />
    </JobForm>
  );
}
