import { __, sprintf } from '@wordpress/i18n';
import type { ReactNode } from 'react';
import type { JobDetail } from '../api/types';
import { Facts } from '../components/facts';
import { Moment } from '../components/moment';
import { Section } from '../components/section';
import { durationWords } from '../words/time';

type Attempt = JobDetail['attemptsList'][number];

/** Newest first, as the sidecar lists them; what a clerk does not need is closed. */
export function Attempts({ attempts }: { attempts: readonly Attempt[] }) {
  return (
    <Section title={__('Attempts', 'tallyman')}>
      {attempts.length === 0 && <p>{__('Not tried yet.', 'tallyman')}</p>}
      <ol className="tallyman-attempts" reversed>
        {attempts.map((attempt) => (
          <li key={attempt.at}>
            <p>
              <strong>{attempt.sentence}</strong>
            </p>
            <p className="tallyman-dim">
              <Moment at={attempt.at} /> · {timesOf(attempt)}
            </p>
            <details className="tallyman-details">
              <summary>{__('Technical details', 'tallyman')}</summary>
              <Facts rows={detailsOf(attempt)} />
            </details>
          </li>
        ))}
      </ol>
    </Section>
  );
}

function timesOf({ queueMs, runMs }: Attempt): string {
  /* translators: 1, 2: spans of time. */
  return sprintf(__('waited %1$s, ran %2$s', 'tallyman'), durationWords(queueMs), durationWords(runMs));
}

function detailsOf({ outcome, failure }: Attempt): [string, ReactNode][] {
  const rows: [string, ReactNode][] = [[__('Outcome', 'tallyman'), outcome]];
  if (failure === null) return rows;
  rows.push([__('Kind of failure', 'tallyman'), failure.kind], [__('In short', 'tallyman'), failure.summary]);
  if (failure.status !== null) rows.push([__('Status', 'tallyman'), failure.status]);
  if (failure.code !== null) rows.push([__('Code', 'tallyman'), failure.code]);
  if (failure.excerpt !== null)
    rows.push([__('Answer (redacted)', 'tallyman'), <Excerpt key="excerpt" text={failure.excerpt} />]);
  return rows;
}

function Excerpt({ text }: { text: string }) {
  return (
    <pre className="tallyman-excerpt" tabIndex={0}>
      {text}
    </pre>
  );
}
