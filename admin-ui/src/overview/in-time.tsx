import { __, sprintf } from '@wordpress/i18n';
import type { BacklogForecast, Overview } from '../api/types';
import { Section } from '../components/section';
import { useSettings } from '../settings';
import { clockWords } from '../words/time';

/** How well the time limits are kept, and when what waits will be done; nothing while there is nothing to say. */
export function InTime({ overview }: { overview: Pick<Overview, 'sla' | 'forecast'> }) {
  const { sla, forecast } = overview;
  if (sla.length === 0 && forecast === null) return null;
  return (
    <Section title={__('In time', 'tallyman')}>
      {forecast !== null && <Forecast forecast={forecast} />}
      <ul className="tallyman-in-time">
        {sla.map(({ kind, sentence }) => (
          <li key={kind}>{sentence}</li>
        ))}
      </ul>
    </Section>
  );
}

function Forecast({ forecast: { sentence, clearsAt } }: { forecast: BacklogForecast }) {
  const { locale } = useSettings();
  const clock = clearsAt === null ? null : clockWords(clearsAt, locale, 'hour');
  return (
    <p>
      {sentence}{' '}
      {clearsAt !== null && clock !== null && (
        <time dateTime={clearsAt}>
          {sprintf(/* translators: %s: time of day. */ __('That is at about %s.', 'tallyman'), clock)}
        </time>
      )}
    </p>
  );
}
