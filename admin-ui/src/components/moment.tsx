import { useSettings } from '../settings';
import { ageWords, clockWords, dueWords, fromNow } from '../words/time';
import { useNow } from './now';

const SAID = { past: fromNow, due: dueWords, age: ageWords };

/** A time in words, with the exact one behind it. */
export function Moment({ at, as = 'past' }: { at: string; as?: keyof typeof SAID }) {
  const now = useNow();
  const { locale } = useSettings();
  return (
    <time dateTime={at} title={clockWords(at, locale)}>
      {SAID[as](at, now)}
    </time>
  );
}
