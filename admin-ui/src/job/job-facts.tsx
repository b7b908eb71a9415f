import { __ } from '@wordpress/i18n';
import type { ReactNode } from 'react';
import type { JobDetail } from '../api/types';
import { Facts } from '../components/facts';
import { Moment } from '../components/moment';
import { attemptWords } from '../jobs/fields';
import { PlaceLink } from '../navigation/use-place';
import { kindWords } from '../words/kinds';

export function JobFacts({ job }: { job: JobDetail }) {
  return <Facts rows={factsOf(job)} />;
}

function factsOf(job: JobDetail): [string, ReactNode][] {
  const rows: [string, ReactNode][] = [
    [__('Attempts', 'tallyman'), attemptWords(job)],
    [__('Age', 'tallyman'), <Moment key="age" at={job.createdAt} as="age" />],
    [__('Connection', 'tallyman'), <ConnectionLink key="connection" {...job.connection} />],
  ];
  const moves = job.state === 'queued' || job.state === 'retrying';
  if (job.runAt && moves) rows.unshift([__('Next run', 'tallyman'), <Moment key="next" at={job.runAt} as="due" />]);
  if (job.waitsFor) rows.unshift([__('Waits for', 'tallyman'), job.waitsFor]);
  return rows;
}

function ConnectionLink({ id, name }: { id: string; name: string }) {
  return <PlaceLink to={{ tab: 'connections', connection: id }}>{name}</PlaceLink>;
}

/** For whoever writes to support: closed, as a clerk needs none of it. */
export function Technical({ job }: { job: JobDetail }) {
  const { key, priority, fence, traceId, coalesceKey } = job.technical;
  return (
    <details className="tallyman-details">
      <summary>{__('Technical details', 'tallyman')}</summary>
      <Facts
        rows={[
          [__('Job number', 'tallyman'), job.id],
          [__('Kind', 'tallyman'), `${kindWords(job.kind)} (${job.kind})`],
          [__('Ordering key', 'tallyman'), key],
          [__('Priority', 'tallyman'), priority],
          [__('Fence', 'tallyman'), fence],
          [__('Coalescing key', 'tallyman'), coalesceKey ?? '–'],
          [__('Trace', 'tallyman'), traceId],
        ]}
      />
    </details>
  );
}
