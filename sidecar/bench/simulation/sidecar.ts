/** One sidecar of the simulation: the product's own queue, handlers and ways in, on a machine that may stand still or die. */
import type { Connection } from '../../src/domain/connection.js';
import { createEngine, type Ticker } from '../../src/cli/engine.js';
import { takeBatch } from '../../src/http/outbox.js';
import { takeDelivery } from '../../src/http/webhook.js';
import { turns } from '../../src/http/in-turn.js';
import type { StorePort, WarehouseEvent, WarehousePort, WebhookReader } from '../../src/platforms/platform.js';
import { Governor } from '../../src/queue/governor.js';
import type { Operator } from '../../src/queue/operator.js';
import type { World } from '../../src/queue/world.js';
import type { Job } from '../../src/domain/job.js';
import type { Store } from '../../src/stores/store.js';
import type { Machine } from './machine.ts';
import { readOrder } from './shop-model.ts';

export interface SidecarParts {
  machine: Machine;
  world: World;
  store: Store;
  ownership: 'single' | 'shared';
  jobs: WeakMap<AbortSignal, Job>;
  warehouse: WarehousePort;
  shop: StorePort;
}

export interface Sidecar {
  machine: Machine;
  store: Store;
  world: World;
  operator: Operator;
  /** A hand-over of the shop's plugin. @returns ids of the rows it may forget. */
  handOver(connection: Connection, raw: Uint8Array): Promise<string[]>;
  /** A webhook of the warehouse. */
  hear(connection: Connection, deliveryId: string, raw: Uint8Array): Promise<void>;
  /** As `systemctl restart` does: lets go in good order. */
  stop(): Promise<void>;
}

/** The product asks once a second; nothing here is finer than this. */
const TICK_MS = 5_000;
const SILENT = { warn: () => undefined, info: () => undefined };

export function startSidecar(parts: SidecarParts): Sidecar {
  const { machine, store, world, ownership, warehouse, shop, jobs } = parts;
  const engine = createEngine({
    store,
    tenure: { owner: machine.name, ownership },
    world,
    adapters: { warehouse: () => warehouse, shop: () => shop },
    governor: new Governor(world, store, ownership),
    readOrder,
    needs: { webhookAddress: () => Promise.resolve(null), reworkDelivery: () => Promise.resolve([]) },
    ticker: (look) => ticker(look, world),
    lookOn: (handler) => (context) => {
      jobs.set(context.call.signal, context.job);
      return handler(context);
    },
  });
  const inTurn = turns();
  void engine.start().catch((error: unknown) => {
    // As the process would: it ends, and whoever watches over it starts another.
    world.log('start.trouble', { message: String(error) });
    machine.kill();
  });
  return {
    machine,
    store,
    world,
    operator: engine.operator,
    async handOver(connection, raw) {
      const answer = await inTurn(`outbox:${connection.id}`, () => takeBatch(httpWorld(parts), connection, raw));
      engine.nudge();
      engine.noteActivity(connection.id);
      return answer.acknowledged;
    },
    async hear(connection, deliveryId, raw) {
      const headers = { 'x-webhook-id': deliveryId };
      await takeDelivery(httpWorld(parts), { platform: { webhooks: READER }, connection, raw, headers }, inTurn);
      engine.nudge();
    },
    async stop() {
      await engine.stop();
      machine.kill();
    },
  };
}

/** On the machine's own timers; no second look while the first goes on. */
function ticker(look: () => Promise<void>, world: World): ReturnType<Ticker> {
  const stopped = new AbortController();
  const loop = async (): Promise<void> => {
    for (; !stopped.signal.aborted; await world.wait(TICK_MS, stopped.signal)) await look();
  };
  return { start: async () => void loop(), stop: async () => stopped.abort() };
}

function httpWorld({ store, world }: SidecarParts) {
  return { store, readOrder, now: () => world.now(), newId: () => world.newId(), logger: SILENT };
}

const READER: WebhookReader = {
  verify: () => true,
  deliveryId: (headers) => headers['x-webhook-id'] ?? null,
  read: (raw) => JSON.parse(new TextDecoder().decode(raw)) as WarehouseEvent,
};
