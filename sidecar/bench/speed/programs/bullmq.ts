/** BullMQ as its makers run it fast: one worker of high concurrency, finished jobs removed at once, added in bulk. */
import { Queue, Worker } from 'bullmq';
import { answer, given } from './answering.ts';

const { port, concurrency } = given<{ port: number; concurrency: number }>();
const connection = { host: '127.0.0.1', port, maxRetriesPerRequest: null };
const queue = new Queue('orders', { connection, defaultJobOptions: { removeOnComplete: true } });
await queue.waitUntilReady();

answer({
  async process({ jobs }: { jobs: number }) {
    for (let from = 0; from < jobs; from += 1000) {
      await queue.addBulk(
        Array.from({ length: Math.min(1000, jobs - from) }, (_, at) => ({ name: 'push', data: { order: from + at } })),
      );
    }
    return { jobsPerSecond: (jobs * 1000) / (await workThrough(jobs)) };
  },
});

async function workThrough(jobs: number): Promise<number> {
  const worker = new Worker('orders', async () => null, { connection, concurrency, autorun: false });
  await worker.waitUntilReady();
  let settled = 0;
  const done = new Promise<void>((resolve) => {
    worker.on('completed', () => {
      settled += 1;
      if (settled === jobs) resolve();
    });
  });
  const startedAt = performance.now();
  void worker.run();
  await done;
  const tookMs = performance.now() - startedAt;
  await worker.close();
  return tookMs;
}
