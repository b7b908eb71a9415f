/** graphile-worker, once as its performance guide says (local queue, completion in batches), once as it comes. */
import { setImmediate } from 'node:timers/promises';
import { Logger, makeWorkerUtils, run, type RunnerOptions } from 'graphile-worker';
import { answer, given } from './answering.ts';

const { url, how } = given<{ url: string; how: 'batched' | 'default' }>();
const SETTINGS = {
  batched: {
    preset: {
      worker: {
        concurrentJobs: 100,
        maxPoolSize: 20,
        localQueue: { size: 500 },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  },
  default: {},
} as const satisfies Record<typeof how, Partial<RunnerOptions>>;
const IN_FLIGHT = 64;
const logger = new Logger(() => () => undefined);
const utils = await makeWorkerUtils({ connectionString: url, logger });
await utils.migrate();

/** It says "complete" before a batch has reached the database; a finished job is one that is gone from there. */
const areLeft = (): Promise<boolean> =>
  utils.withPgClient(async (client) => {
    const { rows } = await client.query<{ left: boolean }>(
      'SELECT EXISTS (SELECT 1 FROM graphile_worker.jobs) AS "left"',
    );
    return rows[0]?.left ?? false;
  });

answer({
  async process({ jobs }: { jobs: number }) {
    for (let from = 0; from < jobs; from += 1_000) {
      const most = Math.min(1_000, jobs - from);
      await utils.addJobs(
        Array.from({ length: most }, (_, at) => ({ identifier: 'push', payload: { order: from + at } })),
      );
    }
    let started = 0;
    let all: () => void = () => undefined;
    const done = new Promise<void>((resolve) => (all = resolve));
    const push = async (): Promise<void> => {
      started += 1;
      if (started === jobs) all();
    };
    const startedAt = performance.now();
    const runner = await run({
      connectionString: url,
      logger,
      noHandleSignals: true,
      taskList: { push },
      ...SETTINGS[how],
    });
    await done;
    while (await areLeft()) await setImmediate();
    const tookMs = performance.now() - startedAt;
    await runner.stop();
    return { jobsPerSecond: (jobs * 1000) / tookMs };
  },

  async enqueue({ jobs }: { jobs: number }) {
    let next = 0;
    const startedAt = performance.now();
    const lane = async (): Promise<void> => {
      while (next < jobs) await utils.addJob('elsewhere', { order: next++ });
    };
    await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
    return { jobsPerSecond: (jobs * 1000) / (performance.now() - startedAt) };
  },
});
