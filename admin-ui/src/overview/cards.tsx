import { Icon } from '@wordpress/icons';
import { __ } from '@wordpress/i18n';
import type { ReactNode } from 'react';
import type { JobState, Overview } from '../api/types';
import { Moment } from '../components/moment';
import { PlaceLink } from '../navigation/use-place';
import { STATES } from '../words/states';

const SHOWN = ['queued', 'running', 'retrying', 'blocked', 'dead'] as const satisfies readonly JobState[];

/** Numbers that lead to the jobs behind them. */
export function Cards({ overview }: { overview: Overview }) {
  return (
    <ul className="tallyman-cards">
      {SHOWN.map((state) => (
        <li key={state}>
          <Card state={state} count={overview.counts[state]}>
            <Detail state={state} overview={overview} />
          </Card>
        </li>
      ))}
    </ul>
  );
}

function Card({ state, count, children }: { state: JobState; count: number; children: ReactNode }) {
  const { label, icon, tone } = STATES[state];
  return (
    <PlaceLink
      to={{ tab: 'jobs', state, sort: state === 'queued' ? 'oldest' : 'newest' }}
      className={`tallyman-card is-${count === 0 ? 'past' : tone}`}
    >
      <span className="tallyman-card__label">
        <Icon icon={icon} size={24} />
        {label()}
      </span>
      <span className="tallyman-card__count">{count}</span>
      <span className="tallyman-card__detail">{children}</span>
    </PlaceLink>
  );
}

function Detail({ state, overview }: { state: (typeof SHOWN)[number]; overview: Overview }) {
  if (overview.counts[state] === 0) return __('none', 'tallyman');
  switch (state) {
    case 'queued':
      return (
        overview.oldestWaitingAt && <Pair name={__('oldest', 'tallyman')} at={overview.oldestWaitingAt} as="age" />
      );
    case 'retrying':
      return overview.nextRetryAt && <Pair name={__('next', 'tallyman')} at={overview.nextRetryAt} as="due" />;
    case 'running':
      return __('at this moment', 'tallyman');
    case 'blocked':
      return __('until what they need is there', 'tallyman');
    case 'dead':
      return __('somebody has to look', 'tallyman');
  }
}

function Pair({ name, at, as }: { name: string; at: string; as: 'age' | 'due' }) {
  return (
    <>
      {name} <Moment at={at} as={as} />
    </>
  );
}
