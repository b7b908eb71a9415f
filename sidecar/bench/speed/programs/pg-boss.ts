/**
 * pg-boss, fetched from and completed in batches by hand: its own work() rests at least half a second between batches, which
 * would measure that rest.
 */
import PgBoss from 'pg-boss';
import { answer, given } from './answering.ts';

const QUEUE = 'orders';
const AT_ONCE = 1_000;

const { url } = given<{ url: string }>();
// Its own housekeeping is left out of the measured time.
const boss = new PgBoss({ connectionString: url, supervise: false, schedule: false });
boss.on('error', (error) => console.error(error));
await boss.start();
await boss.createQueue(QUEUE);

answer({
  async process({ jobs }: { jobs: number }) {
    for (let from = 0; from < jobs; from += AT_ONCE) {
      const most = Math.min(AT_ONCE, jobs - from);
      await boss.insert(Array.from({ length: most }, (_, at) => ({ name: QUEUE, data: { order: from + at } })));
    }
    const startedAt = performance.now();
    for (let done = 0; done < jobs;) {
      const batch = await boss.fetch(QUEUE, { batchSize: AT_ONCE });
      await boss.complete(
        QUEUE,
        batch.map(({ id }) => id),
      );
      done += batch.length;
    }
    return { jobsPerSecond: (jobs * 1000) / (performance.now() - startedAt) };
  },
});
