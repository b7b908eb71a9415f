import { __, sprintf } from '@wordpress/i18n';
import type { ActivityRow } from '../api/types';
import { Moment } from '../components/moment';
import { Section } from '../components/section';

export function Activity({ rows }: { rows: readonly ActivityRow[] }) {
  if (rows.length === 0) return null;
  return (
    <Section title={__('Activity', 'tallyman')}>
      <ul className="tallyman-activity">
        {rows.map((row, at) => (
          <li key={at}>
            <p>
              <strong>{row.who}</strong> {row.what}
            </p>
            {row.why && <p>{sprintf(/* translators: %s: a reason. */ __('Reason: %s', 'tallyman'), row.why)}</p>}
            <Change before={row.before} after={row.after} />
            <p className="tallyman-dim">
              <Moment at={row.at} />
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Change({ before, after }: { before: string | null; after: string | null }) {
  if (before === null && after === null) return null;
  return (
    <p>
      <del>{before ?? '–'}</del> <ins>{after ?? '–'}</ins>
    </p>
  );
}
