import { Icon } from '@wordpress/icons';
import type { JSX } from 'react';
import type { JobState } from '../api/types';
import { STATES, type Tone } from '../words/states';

/** Icon, word and colour: none of them is needed to understand the other two. */
export function Badge({ tone, icon, children }: { tone: Tone; icon: JSX.Element; children: string }) {
  return (
    <span className={`tallyman-badge is-${tone}`}>
      <Icon icon={icon} size={20} />
      <span>{children}</span>
    </span>
  );
}

export function StateBadge({ state }: { state: JobState }) {
  const { tone, icon, label } = STATES[state];
  return (
    <Badge tone={tone} icon={icon}>
      {label()}
    </Badge>
  );
}
