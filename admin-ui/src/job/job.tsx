import { Button } from '@wordpress/components';
import { useState } from '@wordpress/element';
import { __, isRTL, sprintf } from '@wordpress/i18n';
import { Icon, cautionFilled, chevronLeft, chevronRight } from '@wordpress/icons';
import { PATHS } from '../api/client';
import { useResource } from '../api/use-resource';
import type { JobDetail, PersonMove } from '../api/types';
import { Empty } from '../components/empty';
import { Loading } from '../components/loading';
import { PageHeading, focusPageHeading } from '../components/page-heading';
import { Badge, StateBadge } from '../components/state-badge';
import { ResourceTrouble } from '../components/trouble';
import { PlaceLink, usePlace } from '../navigation/use-place';
import { OperationDialog } from '../operations/operation-dialog';
import { OPERATIONS, movesOf } from '../operations/operations';
import { orderAddress, useSettings } from '../settings';
import { Activity } from './activity';
import { Attempts } from './attempts';
import { Corrections } from './corrections';
import { JobFacts, Technical } from './job-facts';
import { Path } from './path';

/** One job as a page within Jobs. */
export function Job({ id }: { id: number }) {
  const resource = useResource<JobDetail>(PATHS.job(id));
  const { place } = usePlace();
  const { data: job, trouble } = resource;
  return (
    <>
      <p>
        <PlaceLink to={{ ...place, job: null }} className="tallyman-back">
          <Icon icon={isRTL() ? chevronRight : chevronLeft} size={20} />
          {__('Jobs', 'tallyman')}
        </PlaceLink>
      </p>
      {trouble?.kind === 'not_found' ? <Gone id={id} /> : <ResourceTrouble resource={resource} />}
      {job === null && trouble === null && <Loading />}
      {job !== null && trouble?.kind !== 'not_found' && <Answer job={job} onChanged={resource.reload} />}
    </>
  );
}

function Gone({ id }: { id: number }) {
  return (
    <Empty
      icon={chevronLeft}
      /* translators: %d: number of a job. */
      title={sprintf(__('Job %d is no longer kept', 'tallyman'), id)}
    >
      <p>{__('Jobs that are done are kept for some days only.', 'tallyman')}</p>
    </Empty>
  );
}

function Answer({ job, onChanged }: { job: JobDetail; onChanged: () => void }) {
  return (
    <>
      <div className="tallyman-job__head">
        <PageHeading>{job.title}</PageHeading>
        <StateBadge state={job.state} />
        {job.late && (
          <Badge tone="watch" icon={cautionFilled}>
            {__('Late', 'tallyman')}
          </Badge>
        )}
      </div>
      <p className="tallyman-job__sentence">{job.sentence}</p>
      {job.failure?.cure && !job.sentence.includes(job.failure.cure) && (
        <p className="tallyman-job__cure">{job.failure.cure}</p>
      )}
      <Buttons job={job} onChanged={onChanged} />
      <JobFacts job={job} />
      <Path steps={job.path} />
      <Corrections fields={job.correctable} />
      <Attempts attempts={job.attemptsList} />
      <Activity rows={job.activity} />
      <Technical job={job} />
    </>
  );
}

function Buttons({ job, onChanged }: { job: JobDetail; onChanged: () => void }) {
  const settings = useSettings();
  const [move, setMove] = useState<PersonMove | null>(null);
  // A job that has nothing to correct is not asked about corrections.
  const moves = (settings.canManage ? movesOf(job) : []).filter((one) => one !== 'correct' || job.correctable?.length);
  const done = () => {
    setMove(null);
    onChanged();
    // The button that was pressed may be gone with the state it belonged to.
    setTimeout(focusPageHeading, 0);
  };
  return (
    <div className="tallyman-buttons">
      {moves.map((one, at) => (
        <Button
          key={one}
          variant={at === 0 ? 'primary' : 'secondary'}
          icon={OPERATIONS[one].icon}
          onClick={() => setMove(one)}
          __next40pxDefaultSize
        >
          {OPERATIONS[one].label()}
        </Button>
      ))}
      {job.order && (
        <Button variant="tertiary" href={orderAddress(settings, job.order.id)} __next40pxDefaultSize>
          {sprintf(/* translators: %s: order number. */ __('Open order #%s', 'tallyman'), job.order.number)}
        </Button>
      )}
      {move && <OperationDialog move={move} jobs={[job]} onClose={() => setMove(null)} onDone={done} />}
    </div>
  );
}
