/** Four connections with a little to do each, and one that floods, each behind a simulated remote that takes a moment. */
import { join } from 'node:path';
import type { Handler } from '../../../src/queue/handler.js';
import type { WarehousePort } from '../../../src/platforms/platform.js';
import { openSqliteStore } from '../../../src/stores/sqlite/store.js';
import type { Store } from '../../../src/stores/store.js';
import { answer, given } from './answering.ts';
import { engineOn, world } from './engine.ts';
import { aConnection, anOrderJob, connectShop, put, SHOP } from './shop.ts';

const CALM = ['one', 'two', 'three', 'four'] as const;
const CALM_A_SECOND = 10;
const FLOOD = 'flood';
/** Ten times what its limit lets through. */
const FLOOD_LIMIT_A_SECOND = 10;
const FLOOD_A_SECOND = 100;
const ANSWER_MS = 20;
const TICK_MS = 10;

const { folder } = given<{ folder: string }>();
let runs = 0;

answer({
  /** @returns how long the jobs of the calm connections waited for their start, ms. */
  async waits({ flooded, seconds }: { flooded: boolean; seconds: number }) {
    runs += 1;
    const store = openSqliteStore({ file: join(folder, `fairness-${runs}.sqlite`), now: () => world.now() });
    await connectShop(store, world.now(), 6, [...CALM]);
    const limited = aConnection(FLOOD, 'wms', world.now(), { ratePerMinute: FLOOD_LIMIT_A_SECOND * 60, storeId: SHOP });
    await store.apply({ now: world.now(), guards: [], writes: [{ write: 'putConnection', connection: limited }] });
    const ms = await run(store, flooded, seconds);
    await store.close();
    return { ms };
  },
});

async function run(store: Store, flooded: boolean, seconds: number): Promise<number[]> {
  const asked = new Map<string, number>();
  const ms: number[] = [];
  const handler: Handler = async ({ job, connection, warehouse, call }) => {
    if (job.connectionId !== FLOOD) ms.push(performance.now() - (asked.get(job.subject) ?? Number.NaN));
    await warehouse(connection).readOrder('W1', call);
    return { outcome: 'done', sentence: 'Done.' };
  };
  const worker = engineOn(store, { handler, warehouse: slowly });
  await worker.start();
  let order = 1;
  const ask = (connection: string): void => {
    const job = anOrderJob(order++, world.now(), { connection });
    asked.set(job.subject, performance.now());
    void put(store, job, world.now()).then(() => worker.nudge());
  };
  await ticking(seconds, (tick) => {
    for (const connection of due(tick, CALM_A_SECOND) ? CALM : []) ask(connection);
    if (flooded && due(tick, FLOOD_A_SECOND)) ask(FLOOD);
  });
  // The flood's last calls wait for their turn under its limit; nobody waits for them.
  await worker.stop(0);
  return ms;
}

const due = (tick: number, aSecond: number): boolean => tick % Math.round(1000 / TICK_MS / aSecond) === 0;

function ticking(seconds: number, each: (tick: number) => void): Promise<void> {
  const ticks = (seconds * 1000) / TICK_MS;
  return new Promise((resolve) => {
    let tick = 0;
    const timer = setInterval(() => {
      each(tick);
      tick += 1;
      if (tick < ticks) return;
      clearInterval(timer);
      resolve();
    }, TICK_MS);
  });
}

function slowly(): WarehousePort {
  const readOrder = (): Promise<never> => new Promise((resolve) => setTimeout(() => resolve({} as never), ANSWER_MS));
  const port: Partial<WarehousePort> = { readOrder };
  return port as WarehousePort;
}
