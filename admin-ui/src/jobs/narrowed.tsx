import { Button } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import type { Place } from '../navigation/place';
import { usePlace } from '../navigation/use-place';
import { causeWords } from '../words/failures';

/** The table has no filters for these: other screens lead here with them. */
export function Narrowed() {
  const { place, go } = usePlace();
  return (
    <>
      {wordsOf(place).map(([words, without]) => (
        <p key={words} className="tallyman-catch-up">
          {words}{' '}
          <Button variant="secondary" onClick={() => go({ ...place, ...without, page: 1 })} __next40pxDefaultSize>
            {__('Show the others too', 'tallyman')}
          </Button>
        </p>
      ))}
    </>
  );
}

function wordsOf({ late, cause, batch }: Place): [string, Partial<Place>][] {
  const words: [string, Partial<Place>][] = [];
  if (late) words.push([__('Only jobs that are late.', 'tallyman'), { late: false }]);
  if (batch !== null) words.push([__('Only jobs of one batch.', 'tallyman'), { batch: null }]);
  if (cause !== null) {
    /* translators: %s: what went wrong. */
    const failed = sprintf(__('Only jobs that failed like this: %s', 'tallyman'), causeWords(cause));
    words.push([failed, { cause: null }]);
  }
  return words;
}
