/** The queue put together: worker, scheduler and the small services, on one store. */
import { schedule as cron } from 'node-cron';
import type { ReadOrder } from '../queue/accept-batch.js';
import { Governor } from '../queue/governor.js';
import { createOperator } from '../queue/operator.js';
import { Scheduler } from '../queue/scheduler.js';
import { expirer, pruner, rescuer } from '../queue/services.js';
import type { SettledAs } from '../queue/settle.js';
import { Standing } from '../queue/standing.js';
import { Worker } from '../queue/worker.js';
import type { World } from '../queue/world.js';
import { createHandlers, type HandlerNeeds } from '../handlers/index.js';
import { SCHEDULES } from '../schedule.js';
import type { Store } from '../stores/store.js';
import type { Adapters } from './adapters.js';

/** A worker that has not looked for this long is stuck. */
const STUCK_MS = 60_000;

export interface EngineParts {
  store: Store;
  world: World;
  adapters: Adapters;
  readOrder: ReadOrder;
  needs: Omit<HandlerNeeds, 'readOrder'>;
}

export type Engine = ReturnType<typeof createEngine>;

export function createEngine({ store, world, adapters, readOrder, needs }: EngineParts) {
  const handlers = createHandlers({ readOrder, ...needs });
  const deps = { store, world, handlers, adapters, governor: new Governor(world), standing: new Standing() };
  const worker: Worker = new Worker(deps, { owner: 'sidecar', ownership: 'single', afterRun });
  const nudge = () => worker.nudge();
  const scheduler = new Scheduler({ store, world, definitions: SCHEDULES, nudge });
  const services = [rescuer, expirer, pruner].map((make) => make({ store, world, nudge }));
  const tick = cron('* * * * * *', () => lookAtSchedules(scheduler, world), { noOverlap: true });
  void tick.stop();

  /** A pull that fetched something is followed by others soon. */
  function afterRun(job: { kind: string; connectionId: string }, as: SettledAs): void {
    if (job.kind === 'outbox.pull' && as === 'done') scheduler.noteActivity(job.connectionId);
  }

  return {
    operator: createOperator({ store, nudge }),
    nudge,
    noteActivity: (connectionId: string) => scheduler.noteActivity(connectionId),
    async start(): Promise<void> {
      await worker.start();
      for (const service of services) service.start();
      await tick.start();
    },
    async stop(): Promise<void> {
      await tick.destroy();
      await Promise.all(services.map((service) => service.stop()));
      await worker.stop();
    },
    notReady(): string[] {
      const { lastTurnAt } = worker.status;
      if (lastTurnAt === null) return ['The worker has not started yet.'];
      const forMs = world.now() - lastTurnAt;
      return forMs > STUCK_MS
        ? [`The worker has not looked at the queue for ${Math.round(forMs / 1000)} seconds.`]
        : [];
    },
  };
}

async function lookAtSchedules(scheduler: Scheduler, world: World): Promise<void> {
  try {
    await scheduler.tick();
  } catch (error) {
    world.log('scheduler.trouble', { message: error instanceof Error ? error.message : String(error) });
  }
}
