import { __ } from '@wordpress/i18n';
import type { JobDetail } from '../api/types';
import { Moment } from '../components/moment';
import { Section } from '../components/section';
import { StateBadge } from '../components/state-badge';

export function Path({ steps }: { steps: JobDetail['path'] }) {
  if (steps.length === 0) return null;
  return (
    <Section title={__('Path', 'tallyman')}>
      <ol className="tallyman-path">
        {steps.map((step, at) => (
          <li key={at} aria-current={at === steps.length - 1 ? 'step' : undefined}>
            <StateBadge state={step.state} />
            <Moment at={step.at} />
            {step.note && <span className="tallyman-dim">{step.note}</span>}
          </li>
        ))}
      </ol>
    </Section>
  );
}
