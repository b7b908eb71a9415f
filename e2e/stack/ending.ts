type Stop = () => Promise<void>;

const stops: Stop[] = [];

/**
 * Ctrl-C and a polite kill run `stop` before they end this process, the latest started first.
 * Answers how to stop earlier: the same stop, which then is not run again.
 */
export function stoppedAtEnd(stop: Stop): Stop {
  listen();
  let stopped: Promise<void> | undefined;
  const once: Stop = () => (stopped ??= stop());
  stops.push(once);
  return once;
}

let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    process.once(signal, () => void stopAll().finally(() => process.exit(exitCode)));
  }
}

async function stopAll(): Promise<void> {
  for (const stop of stops.reverse()) await stop().catch(() => undefined);
}
