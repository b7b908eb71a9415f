import { Button } from '@wordpress/components';
import { useId } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import type { BatchMove, FailureGroupRow } from '../api/types';
import { Facts } from '../components/facts';
import { Moment } from '../components/moment';
import { PlaceLink } from '../navigation/use-place';
import { OPERATIONS } from '../operations/operations';
import { useSettings } from '../settings';
import { these } from '../words/batches';
import { failureWords } from '../words/failures';

interface FailureGroupProps {
  group: FailureGroupRow;
  onPress: (move: BatchMove) => void;
}

export function FailureGroup({ group, onPress }: FailureGroupProps) {
  const id = useId();
  return (
    <article className="tallyman-section tallyman-failure" aria-labelledby={id}>
      <div className="tallyman-failure__head">
        <h3 id={id}>{group.sentence}</h3>
        <span className="tallyman-failure__count">
          {sprintf(
            /* translators: %d: number of jobs. */ _n('%d job', '%d jobs', group.count, 'tallyman'),
            group.count,
          )}
        </span>
      </div>
      <p className="tallyman-job__cure">
        {group.cure} <FixLink fix={group.fix} />
      </p>
      <GroupFacts group={group} />
      <GroupActions group={group} onPress={onPress} describedBy={id} />
    </article>
  );
}

function FixLink({ fix }: Pick<FailureGroupRow, 'fix'>) {
  if (fix === null) return null;
  return (
    <PlaceLink to={{ tab: 'connections', connection: fix.connection }}>
      {fix.screen === 'articles' ? __('Match products', 'tallyman') : __('Open the connection', 'tallyman')}
    </PlaceLink>
  );
}

function GroupFacts({ group }: { group: FailureGroupRow }) {
  const { title, failure, firstAt, lastAt, example } = group;
  return (
    <Facts
      rows={[
        [__('What', 'tallyman'), title],
        [__('Why', 'tallyman'), failureWords(failure.kind)],
        [__('First seen', 'tallyman'), <Moment key="first" at={firstAt} />],
        [__('Last seen', 'tallyman'), <Moment key="last" at={lastAt} />],
        [
          __('For example', 'tallyman'),
          <PlaceLink key="example" to={{ tab: 'jobs', job: example.jobId }}>
            {example.title}
          </PlaceLink>,
        ],
      ]}
    />
  );
}

function GroupActions({ group, onPress, describedBy }: FailureGroupProps & { describedBy: string }) {
  const { canManage } = useSettings();
  const { filter, count } = group;
  return (
    <div className="tallyman-buttons">
      {(canManage ? group.actions : []).map((move, at) => (
        <Button
          key={move}
          variant={at === 0 ? 'primary' : 'secondary'}
          icon={OPERATIONS[move].icon}
          onClick={() => onPress(move)}
          aria-describedby={describedBy}
          __next40pxDefaultSize
        >
          {these(move, count)}
        </Button>
      ))}
      <PlaceLink
        className="components-button is-tertiary is-next-40px-default-size"
        aria-describedby={describedBy}
        to={{ tab: 'jobs', ...filter }}
      >
        {sprintf(/* translators: %d: number of jobs. */ _n('Show %d job', 'Show %d jobs', count, 'tallyman'), count)}
      </PlaceLink>
    </div>
  );
}
