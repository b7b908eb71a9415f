import { Button, Notice } from '@wordpress/components';
import { speak } from '@wordpress/a11y';
import { useState } from '@wordpress/element';
import { __, sprintf } from '@wordpress/i18n';
import { resumeConnection, testConnection } from '../api/client';
import { troubleFrom } from '../api/trouble';
import type { ConnectionRow, TestAnswer } from '../api/types';
import { PauseDialog } from '../operations/pause';
import { useSettings } from '../settings';

type Busy = 'test' | 'resume' | null;

/** Test, pause, resume: those the sidecar offers for this connection and this reader. */
export function ConnectionActions({ connection, onChanged }: { connection: ConnectionRow; onChanged: () => void }) {
  const { canManage } = useSettings();
  const [busy, setBusy] = useState<Busy>(null);
  const [answer, setAnswer] = useState<TestAnswer | null>(null);
  const [pausing, setPausing] = useState<'open' | 'closed'>('closed');
  const run = async (what: Exclude<Busy, null>) => {
    setBusy(what);
    setAnswer(null);
    const said = await (what === 'test' ? test(connection) : resume(connection));
    setBusy(null);
    setAnswer(said);
    speak(said.sentence, said.ok ? 'polite' : 'assertive');
    onChanged();
  };
  if (!canManage) return null;
  const offers = new Set(connection.actions);
  const button = (label: string, onClick: () => void, what?: Busy) => (
    <Button
      variant="secondary"
      onClick={() => busy === null && onClick()}
      isBusy={what !== undefined && busy === what}
      aria-disabled={busy !== null}
      aria-label={`${label}: ${connection.name}`}
      __next40pxDefaultSize
    >
      {label}
    </Button>
  );
  return (
    <>
      <div className="tallyman-buttons">
        {offers.has('test') && button(__('Test', 'tallyman'), () => void run('test'), 'test')}
        {offers.has('pause') && button(__('Pause', 'tallyman'), () => setPausing('open'))}
        {offers.has('resume') && button(__('Resume', 'tallyman'), () => void run('resume'), 'resume')}
      </div>
      {answer && (
        <Notice status={answer.ok ? 'success' : 'error'} onRemove={() => setAnswer(null)} spokenMessage="">
          {answer.sentence}
        </Notice>
      )}
      {pausing === 'open' && (
        <PauseDialog
          connection={connection}
          onClose={() => setPausing('closed')}
          onDone={() => {
            setPausing('closed');
            onChanged();
          }}
        />
      )}
    </>
  );
}

async function test(connection: ConnectionRow): Promise<TestAnswer> {
  try {
    return await testConnection(connection.id);
  } catch (thrown) {
    return { ok: false, sentence: troubleFrom(thrown).message };
  }
}

async function resume(connection: ConnectionRow): Promise<TestAnswer> {
  try {
    await resumeConnection(connection.id);
    /* translators: %s: name of a connection. */
    return { ok: true, sentence: sprintf(__('%s is working again.', 'tallyman'), connection.name) };
  } catch (thrown) {
    return { ok: false, sentence: troubleFrom(thrown).message };
  }
}
