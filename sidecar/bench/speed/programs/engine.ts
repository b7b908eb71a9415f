/** The real worker, executor and settlement on a store; only what the jobs do is ours to choose. */
import { createLogger, realWorld } from '../../../src/cli/world.js';
import type { Job } from '../../../src/domain/job.js';
import { Governor } from '../../../src/queue/governor.js';
import type { Handler } from '../../../src/queue/handler.js';
import { Standing } from '../../../src/queue/standing.js';
import { Worker } from '../../../src/queue/worker.js';
import type { WarehousePort } from '../../../src/platforms/platform.js';
import type { Store } from '../../../src/stores/store.js';

/** The queues it is measured beside say nothing either. */
export const world = realWorld(createLogger('warn'));

const NO_OP: Handler = async () => ({ outcome: 'done', sentence: 'Nothing had to be done.' });

export interface EngineChoices {
  owner?: string;
  ownership?: 'single' | 'shared';
  handler?: Handler;
  warehouse?: () => WarehousePort;
  afterRun?: (job: Job) => void;
}

export function engineOn(store: Store, choices: EngineChoices = {}): Worker {
  const { owner = 'sidecar', ownership = 'single', handler = NO_OP, warehouse = missing, afterRun } = choices;
  const governor = new Governor(world, store, ownership);
  const adapters = { warehouse, shop: missing };
  const deps = { store, world, handlers: { 'order.push': handler }, adapters, governor, standing: new Standing() };
  return new Worker(deps, { owner, ownership, ...(afterRun && { afterRun }) });
}

function missing(): never {
  throw new Error('A job of the bench calls nobody.');
}

/** Lets the engine work until it has settled `jobs`. @returns milliseconds from its start. */
export async function workThrough(store: Store, jobs: number, choices: EngineChoices = {}): Promise<number> {
  let settled = 0;
  let all: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (all = resolve));
  const worker = engineOn(store, {
    ...choices,
    afterRun: () => {
      settled += 1;
      if (settled === jobs) all();
    },
  });
  const startedAt = performance.now();
  await worker.start();
  await done;
  const tookMs = performance.now() - startedAt;
  await worker.stop();
  return tookMs;
}
