/** The queue put together: worker, scheduler and the small services, on one store. */
import { schedule as cron } from 'node-cron';
import type { ReadOrder } from '../queue/accept-batch.js';
import { alerter, type AlerterDeps } from '../queue/alerts.js';
import { BatchRunner } from '../queue/batches.js';
import type { Governor } from '../queue/governor.js';
import type { Handler } from '../queue/handler.js';
import { Leader } from '../queue/leader.js';
import { createOperator } from '../queue/operator.js';
import { Scheduler } from '../queue/scheduler.js';
import { expirer, pruner, rescuer } from '../queue/services.js';
import type { SettledAs } from '../queue/settle.js';
import { Standing } from '../queue/standing.js';
import { Worker } from '../queue/worker.js';
import type { World } from '../queue/world.js';
import { createHandlers, type HandlerNeeds } from '../handlers/index.js';
import { SCHEDULES } from '../schedule.js';
import type { Retention, Store } from '../stores/store.js';
import type { Adapters } from './adapters.js';

/** A worker that has not looked for this long is stuck. */
const STUCK_MS = 60_000;

/** Who alone looks at schedules and runs the small services. */
const LEADING_ROLE = 'schedules';

/** How this process stands to the store. */
export interface Tenure {
  /** Of this process alone. */
  owner: string;
  ownership: 'single' | 'shared';
}

export interface EngineParts {
  store: Store;
  tenure: Tenure;
  world: World;
  adapters: Adapters;
  governor: Governor;
  readOrder: ReadOrder;
  needs: Omit<HandlerNeeds, 'readOrder'>;
  /** Default: DEFAULT_RETENTION. */
  retention?: Retention;
  /** Without it nobody is told of anything. */
  alerts?: Omit<AlerterDeps, 'store' | 'world'>;
  /** A simulation has a clock of its own. */
  ticker?: Ticker;
  /** For whoever looks on at each run. */
  lookOn?: (handler: Handler) => Handler;
}

/** Has somebody look at the schedules every second. */
export type Ticker = (look: () => Promise<void>) => { start(): Promise<void>; stop(): Promise<void> };

export type Engine = ReturnType<typeof createEngine>;

export function createEngine(parts: EngineParts) {
  const { store, tenure, world, adapters, governor, readOrder, needs, ticker = everySecond, lookOn = asIs } = parts;
  const made = Object.entries(createHandlers({ readOrder, ...needs }));
  const handlers = Object.fromEntries(made.map(([kind, handler]) => [kind, lookOn(handler)]));
  const deps = { store, world, handlers, adapters, governor, standing: new Standing() };
  const worker: Worker = new Worker(deps, { ...tenure, afterRun });
  const nudge = () => worker.nudge();
  const scheduler = new Scheduler({ store, world, definitions: SCHEDULES, nudge });
  const batches = new BatchRunner({ store, world, nudge });
  const duties = () => [
    ...[rescuer, expirer].map((make) => make({ store, world, nudge })),
    pruner({ store, world, nudge, ...(parts.retention && { retention: parts.retention }) }),
    ...(parts.alerts === undefined ? [] : [alerter({ store, world, ...parts.alerts })]),
  ];
  const leader = new Leader({ store, world, owner: tenure.owner }, LEADING_ROLE, duties);
  const tick = ticker(() => lookAtSchedules(scheduler, leader, world));

  /** A pull that fetched something is followed by others soon. */
  function afterRun(job: { kind: string; connectionId: string }, as: SettledAs): void {
    if (job.kind === 'outbox.pull' && as === 'done') scheduler.noteActivity(job.connectionId);
  }

  return {
    operator: createOperator({ store, nudge, ringBatches: () => batches.ring() }),
    nudge,
    noteActivity: (connectionId: string) => scheduler.noteActivity(connectionId),
    async start(): Promise<void> {
      await worker.start();
      leader.start();
      batches.start();
      await tick.start();
    },
    async stop(): Promise<void> {
      await tick.stop();
      // Before the jobs that still run: the next leader need not wait for them.
      await leader.stop();
      await batches.stop();
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

const asIs = (handler: Handler): Handler => handler;

const everySecond: Ticker = (look) => {
  // A look that takes longer than a second is joined by the next (Scheduler.tick); cron's own guard would print a warning each time.
  const tick = cron('* * * * * *', look);
  void tick.stop();
  return { start: async () => void (await tick.start()), stop: async () => void (await tick.destroy()) };
};

async function lookAtSchedules(scheduler: Scheduler, leader: Leader, world: World): Promise<void> {
  try {
    await scheduler.tellActivity();
    if (leader.leads) await scheduler.tick();
  } catch (error) {
    world.log('scheduler.trouble', { message: error instanceof Error ? error.message : String(error) });
  }
}
