import { once } from 'node:events';
import type { Config } from '../config.js';
import { startService } from './service.js';

const STOP_PATIENCE_MS = 20_000;

/** Runs until SIGTERM or SIGINT; a second signal does not wait any longer. @returns the exit code. */
export async function serve(config: Config): Promise<number> {
  const service = await startService(config);
  process.stderr.write(`${service.nextStep}\n`);
  const signal = await Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')]);
  void signal;
  const giveUp = () => process.exit(1);
  process.once('SIGTERM', giveUp).once('SIGINT', giveUp);
  setTimeout(giveUp, STOP_PATIENCE_MS).unref();
  await service.stop();
  return 0;
}
