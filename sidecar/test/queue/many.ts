/** Many jobs in a memory store, an operator and a batch runner; no worker, so that a test says what becomes of each job. */
import type { BatchMove } from '../../src/domain/batch.js';
import type { Job, NewJob } from '../../src/domain/job.js';
import type { Meant } from '../../src/queue/press-many.js';
import { BatchRunner } from '../../src/queue/batches.js';
import { createOperator } from '../../src/queue/operator.js';
import { memoryStore } from '../../src/stores/memory.js';
import type { Store, Write } from '../../src/stores/store.js';
import { aConnection, aFailureNote, aNewJob, aShop, ORG, SHOP, WAREHOUSE } from '../build.js';
import { FakeWorld } from '../fake-world.js';

export type Many = Awaited<ReturnType<typeof manyJobs>>;

export async function manyJobs(store: Store = memoryStore()) {
  const world = new FakeWorld();
  let runner = new BatchRunner({ store, world, nudge: () => undefined });
  const operator = createOperator({ store, nudge: () => undefined, ringBatches: () => runner.ring() });
  const by = (reason: string | null = null) => ({ who: 'Anna (user 3)', reason, now: world.now() });

  async function write(...writes: Write[]): Promise<void> {
    const answer = await store.apply({ now: world.now(), guards: [], writes });
    if (!answer.applied) throw new Error(`Refused: ${JSON.stringify(answer.failed)}`);
  }
  await write({ write: 'putConnection', connection: aShop() }, { write: 'putConnection', connection: aConnection() });

  async function add(given: Partial<NewJob> = {}): Promise<number> {
    const job = aNewJob({ runAt: world.now(), ...given });
    const answer = await store.apply({
      now: world.now(),
      guards: [],
      writes: [{ write: 'enqueue', job, onDead: 'leave' }],
    });
    const [first] = answer.applied ? answer.results : [];
    if (first?.kind !== 'enqueued') throw new Error('Not enqueued.');
    return first.jobId;
  }

  /** Everything that is ready runs and ends like this. */
  async function run(end: 'fail' | 'succeed', note = aFailureNote({ kind: 'rejected' })): Promise<Job[]> {
    await store.promoteDue(world.now(), 10_000);
    const perConnection = new Map([
      [WAREHOUSE, 10_000],
      [SHOP, 10_000],
    ]);
    const claimed = await store.claim({
      now: world.now(),
      owner: 'x',
      perConnection,
      leaseMs: 60_000,
      order: 'priority',
    });
    const patch = end === 'fail' ? { failure: note, sentence: note.summary } : {};
    for (const { id } of claimed) await write({ write: 'moveJob', jobId: id, move: end, patch });
    return claimed;
  }

  async function dead(count: number, first = 1): Promise<number[]> {
    const ids: number[] = [];
    for (let order = first; order < first + count; order += 1) ids.push(await add({ subject: `order:${order}` }));
    await run('fail');
    return ids;
  }

  async function start(
    move: BatchMove,
    meant: Partial<Meant> = {},
    reason: string | null = 'Old season',
  ): Promise<string> {
    const order = { orgId: ORG, move, meant: { orgId: ORG, connectionIds: [WAREHOUSE], ...meant }, lastJobId: null };
    const answer = await operator.startBatch(order, world.newId(), by(reason));
    if (!answer.started) throw new Error(answer.sentence);
    return answer.batch.id;
  }

  return {
    world,
    store,
    operator,
    by,
    write,
    add,
    run,
    dead,
    start,
    get runner() {
      return runner;
    },
    /** Another process takes over: what the one before remembered is gone. */
    restart: async () => {
      await runner.stop();
      runner = new BatchRunner({ store, world, nudge: () => undefined });
      runner.start();
      await world.quiet();
    },
    batch: async (id: string) => (await store.batch(id))!,
    counts: () => store.countByState({}),
    until: (id: string, states: readonly string[]) =>
      world.until(async () => states.includes((await store.batch(id))!.state), 60_000),
  };
}
