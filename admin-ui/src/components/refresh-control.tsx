import { Button, SelectControl } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import { update } from '@wordpress/icons';
import { PACES_MS, paceFrom, useRefresh, type PaceMs } from '../api/refresh';

export function RefreshControl() {
  const { everyMs, setEveryMs, refreshNow } = useRefresh();
  return (
    <div className="tallyman-refresh">
      <SelectControl
        __next40pxDefaultSize
        __nextHasNoMarginBottom
        label={__('Refresh', 'tallyman')}
        labelPosition="side"
        value={String(everyMs)}
        options={PACES_MS.map((pace) => ({ value: String(pace), label: paceWords(pace) }))}
        onChange={(value) => setEveryMs(paceFrom(JSON.parse(value)))}
      />
      <Button icon={update} label={__('Refresh now', 'tallyman')} onClick={refreshNow} __next40pxDefaultSize />
    </div>
  );
}

function paceWords(pace: PaceMs): string {
  if (pace === null) return __('off', 'tallyman');
  /* translators: %d: number of seconds. */
  return sprintf(__('every %d s', 'tallyman'), pace / 1000);
}
