import { Button, Notice } from '@wordpress/components';
import { __, sprintf } from '@wordpress/i18n';
import type { Resource } from '../api/use-resource';
import type { Trouble } from '../api/trouble';
import { ageWords } from '../words/time';
import { useNow } from './now';
import { Unreachable } from './unreachable';

/** What went wrong, inside a form or a dialog. */
export function Problem({ trouble }: { trouble: Trouble }) {
  return (
    <div role="alert" className="tallyman-problem">
      <Notice status="error" isDismissible={false} politeness="assertive" spokenMessage="">
        {trouble.message}
      </Notice>
    </div>
  );
}

/** Above what is still shown from the last answer; the whole page when there was none. */
export function ResourceTrouble({ resource }: { resource: Resource<unknown> }) {
  const now = useNow();
  const { trouble, asOf, data, reload, loading } = resource;
  if (trouble === null) return null;
  if (data === null && trouble.kind === 'sidecar_unreachable') {
    return <Unreachable trouble={trouble} onCheck={reload} busy={loading} />;
  }
  return (
    <div className="tallyman-trouble" role="status">
      <Notice status={data === null ? 'error' : 'warning'} isDismissible={false} spokenMessage={trouble.message}>
        <p>{trouble.message}</p>
        {asOf !== null && <p>{shownAsOf(new Date(asOf).toISOString(), now)}</p>}
        <Button variant="secondary" onClick={reload} isBusy={loading} __next40pxDefaultSize>
          {__('Check again', 'tallyman')}
        </Button>
      </Notice>
    </div>
  );
}

function shownAsOf(iso: string, nowMs: number): string {
  /* translators: %s: a span of time, e.g. "3 min". */
  return sprintf(__('What you see below is %s old.', 'tallyman'), ageWords(iso, nowMs));
}
