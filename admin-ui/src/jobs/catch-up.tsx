import { Button } from '@wordpress/components';
import { __, _n, sprintf } from '@wordpress/i18n';

export function CatchUp({ unseen, onCatchUp }: { unseen: number; onCatchUp: () => void }) {
  const words =
    unseen === 0
      ? __('Some of these rows moved on. Show the list as it is now', 'tallyman')
      : sprintf(
          /* translators: %d: number of rows. */
          _n('Show %d new row', 'Show %d new rows', unseen, 'tallyman'),
          unseen,
        );
  return (
    <div className="tallyman-catch-up">
      <Button variant="secondary" onClick={onCatchUp} __next40pxDefaultSize>
        {words}
      </Button>
    </div>
  );
}
