import { Button } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { cautionFilled } from '@wordpress/icons';
import { runSchedule } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import type { ScheduleRow } from '../api/types';
import { Moment } from '../components/moment';
import { Section } from '../components/section';
import { Badge } from '../components/state-badge';
import { Problem } from '../components/trouble';
import { useSettings } from '../settings';
import { spanWords } from '../words/time';

interface SchedulesProps {
  schedules: readonly ScheduleRow[];
  onRan: () => void;
}

export function Schedules({ schedules, onRan }: SchedulesProps) {
  const { canManage } = useSettings();
  if (schedules.length === 0) return null;
  return (
    <Section title={__('Schedules', 'tallyman')}>
      <table className="tallyman-table">
        <thead>
          <tr>
            <th scope="col">{__('What', 'tallyman')}</th>
            <th scope="col">{__('Last run', 'tallyman')}</th>
            <th scope="col">{__('Next run', 'tallyman')}</th>
            {canManage && <th scope="col">{__('Action', 'tallyman')}</th>}
          </tr>
        </thead>
        <tbody>
          {schedules.map((row) => (
            <Row key={`${row.connectionId}/${row.name}`} row={row} onRan={onRan} />
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Row({ row, onRan }: { row: ScheduleRow; onRan: () => void }) {
  const { canManage } = useSettings();
  return (
    <tr>
      <th scope="row">
        {row.label}
        <span className="tallyman-dim">
          {sprintf(/* translators: %s: a span of time. */ __('every %s', 'tallyman'), spanWords(row.everySeconds))}
        </span>
      </th>
      <td data-label={__('Last run', 'tallyman')}>
        {row.lastAt ? <Moment at={row.lastAt} /> : __('not yet', 'tallyman')}
        {row.lastOutcome && <span className="tallyman-dim">{row.lastOutcome}</span>}
      </td>
      <td data-label={__('Next run', 'tallyman')}>
        <Moment at={row.nextAt} as="due" />{' '}
        {row.late && (
          <Badge tone="watch" icon={cautionFilled}>
            {__('Late', 'tallyman')}
          </Badge>
        )}
      </td>
      {canManage && (
        <td>
          <RunNow row={row} onRan={onRan} />
        </td>
      )}
    </tr>
  );
}

function RunNow({ row, onRan }: { row: ScheduleRow; onRan: () => void }) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const run = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await runSchedule(row.connectionId, row.name);
      /* translators: %s: name of a schedule. */
      speak(sprintf(__('%s: started.', 'tallyman'), row.label), 'polite');
      onRan();
    } catch (thrown) {
      setTrouble(troubleFrom(thrown));
    }
    setBusy(false);
  };
  return (
    <>
      <Button
        variant="secondary"
        size="compact"
        isBusy={busy}
        aria-disabled={busy}
        onClick={() => busy || void run()}
        /* translators: %s: name of a schedule. */
        aria-label={sprintf(__('Run now: %s', 'tallyman'), row.label)}
      >
        {__('Run now', 'tallyman')}
      </Button>
      {trouble && <Problem trouble={trouble} />}
    </>
  );
}
