import { __ } from '@wordpress/i18n';
import { PATHS } from '../api/client';
import { useResource } from '../api/use-resource';
import type { JobDetail, JobRow, RemoteCheck } from '../api/types';
import { ReasonField } from '../components/fields';
import { JobForm, type OperationProps } from './job-form';
import { useReason } from './reason';

export function ForceDoneDialog(props: OperationProps) {
  const reason = useReason();
  const answer = () => {
    const said = reason.take();
    return said === null ? null : ({ action: 'forceDone', reason: said } as const);
  };
  return (
    <JobForm {...props} move="forceDone" tone="ending" answer={answer}>
      <p>
        <strong>{__('Nothing will be sent. The order counts as handled here.', 'tallyman')}</strong>
      </p>
      {props.jobs.length === 1 && props.jobs[0] && (
        <>
          <OtherSide job={props.jobs[0]} />
          <Released jobId={props.jobs[0].id} />
        </>
      )}
      <p>{__('It can be re-opened later.', 'tallyman')}</p>
      <ReasonField {...reason.field} />
    </JobForm>
  );
}

/** Asked when the dialog opens: what counts as handled here may be there already, or be missing. */
function OtherSide({ job }: { job: JobRow }) {
  const path = job.kind === 'order.push' ? PATHS.remoteCheck(job.id) : null;
  const { data, trouble } = useResource<RemoteCheck>(path, 'once');
  if (path === null || trouble !== null) return null;
  return <p role="status">{data?.sentence ?? __('Asking the other side …', 'tallyman')}</p>;
}

function Released({ jobId }: { jobId: number }) {
  const { data } = useResource<JobDetail>(PATHS.job(jobId), 'once');
  if (data === null || data.forceDonePreview.length === 0) return null;
  return (
    <ul className="tallyman-list">
      {data.forceDonePreview.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}
