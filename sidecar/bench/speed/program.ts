/** The bench's end of a program: starts it, asks it, ends it. */
import { fork, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const TYPESCRIPT_SOURCE = new URL('../../../scripts/typescript-source.mjs', import.meta.url).href;
/** No question takes this long: a bench that waits for ever says nothing. */
const ANSWERS_WITHIN_MS = 180_000;

export interface Program {
  pid: number;
  ask<Result>(what: string, input?: unknown): Promise<Result>;
  stop(): Promise<void>;
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** @param args come to the program as one JSON object, see `argument`. */
export async function startProgram(
  name: string,
  args: Readonly<Record<string, unknown>>,
  logFile: string,
): Promise<Program> {
  const log = openSync(logFile, 'a');
  const file = fileURLToPath(new URL(`./programs/${name}.ts`, import.meta.url));
  const child = fork(file, [JSON.stringify(args)], {
    execArgv: ['--import', TYPESCRIPT_SOURCE, '--disable-warning=ExperimentalWarning', ...profiling()],
    // Logs of queues are cheap where they go to a file, as a service's do.
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const killed = (): boolean => child.kill('SIGKILL');
  process.once('exit', killed);
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  void gone.then(() => process.off('exit', killed));
  const ask = asking(child, name, () => readFileSync(logFile, 'utf8').slice(-2_000));
  await ask.ready;
  return {
    pid: child.pid ?? 0,
    ask: ask.ask,
    stop: async () => {
      if (child.connected) child.disconnect();
      await gone;
    },
  };
}

/** For whoever looks where the time goes: TALLYMAN_BENCH_PROFILE=<folder> leaves a CPU profile of every program there. */
function profiling(): string[] {
  const folder = process.env['TALLYMAN_BENCH_PROFILE'];
  return folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`];
}

function asking(child: ChildProcess, name: string, log: () => string) {
  const waiting = new Map<number, Waiting>();
  let asked = 0;
  const fail = (why: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(`${name}: ${why}\n${log()}`));
    waiting.clear();
  };
  const wait = (id: number): Promise<unknown> => {
    const answered = new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
    const limit = setTimeout(() => fail(`no answer within ${ANSWERS_WITHIN_MS} ms`), ANSWERS_WITHIN_MS);
    return answered.finally(() => clearTimeout(limit));
  };
  child.on('message', (message: { ready?: true; id?: number; result?: unknown; error?: string }) => {
    const id = message.ready === true ? 0 : (message.id ?? 0);
    const waits = waiting.get(id);
    waiting.delete(id);
    if (message.error === undefined) waits?.resolve(message.result);
    else waits?.reject(new Error(`${name}: ${message.error}`));
  });
  child.once('exit', (code, signal) => fail(`ended with ${code ?? signal}`));
  return {
    ready: wait(0),
    async ask<Result>(what: string, input: unknown = {}): Promise<Result> {
      asked += 1;
      const answer = wait(asked);
      child.send({ id: asked, what, input });
      return (await answer) as Result;
    },
  };
}
