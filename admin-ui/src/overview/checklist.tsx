import { Icon, check, chevronLeft, chevronRight } from '@wordpress/icons';
import { __, isRTL, sprintf } from '@wordpress/i18n';
import type { Overview } from '../api/types';
import { Section } from '../components/section';
import type { Place } from '../navigation/place';
import { PlaceLink } from '../navigation/use-place';

type Step = Overview['checklist'][number];

/** Where a step is taken; some are taken in the shop. */
const PLACES: Partial<Record<Step['id'], Partial<Place>>> = {
  store: { tab: 'connections' },
  warehouse: { tab: 'connections', connection: 'new' },
  webhooks: { tab: 'connections' },
  articles: { tab: 'connections' },
};

/** What is left of the set-up; nothing once all is done. */
export function Checklist({ steps, warehouseId }: { steps: readonly Step[]; warehouseId: string | null }) {
  const done = steps.filter((step) => step.done).length;
  if (done === steps.length) return null;
  return (
    <Section title={__('Set-up', 'tallyman')} aside={<span>{progressWords(done, steps.length)}</span>}>
      <ol className="tallyman-checklist">
        {steps.map((step) => (
          <li key={step.id} className={step.done ? 'is-done' : 'is-open'}>
            <Icon icon={step.done ? check : isRTL() ? chevronLeft : chevronRight} size={24} />
            <div>
              <StepTitle step={step} warehouseId={warehouseId} />
              {!step.done && <p>{step.hint}</p>}
            </div>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function StepTitle({ step, warehouseId }: { step: Step; warehouseId: string | null }) {
  const mark = step.done ? __('(done)', 'tallyman') : '';
  const place = PLACES[step.id];
  if (step.done || !place) {
    return (
      <strong>
        {step.label} {mark}
      </strong>
    );
  }
  const known = warehouseId === null ? {} : { connection: warehouseId };
  return <PlaceLink to={step.id === 'store' ? place : { ...place, ...known }}>{step.label}</PlaceLink>;
}

function progressWords(done: number, all: number): string {
  /* translators: 1: number of steps done. 2: number of all steps. */
  return sprintf(__('%1$d of %2$d done', 'tallyman'), done, all);
}
