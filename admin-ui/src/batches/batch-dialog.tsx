import { speak } from '@wordpress/a11y';
import { useEffect, useState } from '@wordpress/element';
import { __, _n, sprintf } from '@wordpress/i18n';
import { draftBatch, startBatch } from '../api/client';
import { troubleFrom, type Trouble } from '../api/trouble';
import type { BatchDraft, BatchInput, BatchMove, BatchRow } from '../api/types';
import { Dialog } from '../components/dialog';
import { ReasonField } from '../components/fields';
import { Loading } from '../components/loading';
import { useReason } from '../operations/reason';
import { these } from '../words/batches';

/** Which jobs: all that a filter finds, or those that were ticked. */
export type Meant = Pick<BatchInput, 'filter' | 'ids'>;

interface BatchDialogProps {
  move: BatchMove;
  meant: Meant;
  /** How many the reader saw; the sidecar counts anew. */
  count: number;
  onClose: () => void;
  onStarted: (batch: BatchRow) => void;
}

/** Says first how many it is about, and names some of them. */
export function BatchDialog({ move, meant, count, onClose, onStarted }: BatchDialogProps) {
  const { draft, trouble: unread } = useDraft(move, meant);
  const reason = useReason();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const start = async (said: string | null, { lastJobId }: BatchDraft) => {
    setBusy(true);
    setTrouble(null);
    try {
      const batch = await startBatch({ move, ...meant, lastJobId, ...(said === null ? {} : { reason: said }) });
      speak(startedWords(batch.total), 'polite');
      onStarted(batch);
    } catch (thrown) {
      setTrouble(troubleFrom(thrown));
      setBusy(false);
    }
  };
  const submit = () => {
    if (draft === null || draft.total === 0) return;
    if (move === 'retryNow') return void start(null, draft);
    const said = reason.take();
    if (said !== null) void start(said, draft);
  };
  const words = these(move, draft?.total ?? count);
  return (
    <Dialog
      title={words}
      submitLabel={words}
      tone={move === 'retryNow' ? 'plain' : 'ending'}
      busy={busy || draft === null || draft.total === 0}
      trouble={trouble ?? unread}
      onSubmit={submit}
      onClose={onClose}
    >
      {draft === null && unread === null && <Loading />}
      {draft?.total === 0 && <p role="status">{__('None of them can be moved like this any more.', 'tallyman')}</p>}
      {draft !== null && draft.total > 0 && <About move={move} draft={draft} />}
      {draft !== null && draft.total > 0 && move !== 'retryNow' && <ReasonField {...reason.field} />}
    </Dialog>
  );
}

function useDraft(move: BatchMove, meant: Meant) {
  const [draft, setDraft] = useState<BatchDraft | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  // What is meant is fixed while the dialog is open.
  const [asked] = useState({ move, ...meant });
  useEffect(() => {
    let open = true;
    draftBatch(asked).then(
      (answer) => open && setDraft(answer),
      (thrown: unknown) => open && setTrouble(troubleFrom(thrown)),
    );
    return () => {
      open = false;
    };
  }, [asked]);
  return { draft, trouble };
}

function About({ move, draft }: { move: BatchMove; draft: BatchDraft }) {
  return (
    <>
      <p>
        <strong>{meaning(move, draft.total)}</strong>
      </p>
      <Examples draft={draft} />
      <p>
        {__(
          'Jobs that come in from now on are not touched. You can stop it at any time; what was set going by then is not called back.',
          'tallyman',
        )}
      </p>
    </>
  );
}

function Examples({ draft: { examples, total } }: { draft: BatchDraft }) {
  const more = total - examples.length;
  return (
    <ul className="tallyman-list">
      {examples.map(({ id, title }) => (
        <li key={id}>{title}</li>
      ))}
      {more > 0 && (
        <li>
          {sprintf(/* translators: %d: number of jobs. */ _n('and %d more', 'and %d more', more, 'tallyman'), more)}
        </li>
      )}
    </ul>
  );
}

function meaning(move: BatchMove, total: number): string {
  switch (move) {
    case 'retryNow':
      return sprintf(
        /* translators: %d: number of jobs. */
        _n(
          '%d job is tried at once with what the shop says now, and has all its attempts again.',
          '%d jobs are tried at once with what the shop says now, and have all their attempts again.',
          total,
          'tallyman',
        ),
        total,
      );
    case 'forceDone':
      return sprintf(
        /* translators: %d: number of jobs. */
        _n(
          'Nothing will be sent. %d job counts as handled here; the other side is not asked first.',
          'Nothing will be sent. %d jobs count as handled here; the other side is not asked about each of them first.',
          total,
          'tallyman',
        ),
        total,
      );
    case 'cancel':
      return sprintf(
        /* translators: %d: number of jobs. */
        _n(
          '%d job will not be sent, and nothing sends it by itself later. It can be re-opened.',
          '%d jobs will not be sent, and nothing sends them by itself later. Each can be re-opened.',
          total,
          'tallyman',
        ),
        total,
      );
  }
}

function startedWords(total: number): string {
  /* translators: %d: number of jobs. */
  return sprintf(_n('Started with %d job.', 'Started with %d jobs.', total, 'tallyman'), total);
}
