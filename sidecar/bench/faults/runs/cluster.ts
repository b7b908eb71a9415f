/** Several sidecars on one PostgreSQL, of which one at a time is killed and started again. */
import type { WmsSimulatorOptions } from '../../../src/simulators/wms/index.js';
import type { Books } from '../books.js';
import { inStorm, roughWarehouse, type UnderLoad } from '../load.js';
import { UNTIL_TWICE, type Patience } from '../settled.js';
import type { FaultRun, RunOptions, Verdict } from '../verdict.js';
import type { FaultWorld } from '../world.js';

const ORDERS = { ci: 400, long: 10_000 } as const;
const SMALL_ORDERS = 150;
const KILLS = { ci: 8, long: 40 } as const;
const SEED = 5;
const SENDERS = { count: 32, twiceEvery: 7, rows: 4 } as const;
/** The next kill waits until most of what was placed has arrived, but no longer. */
const MOST_WAIT_MS = 20_000;
const MOST = 0.7;
/** What a killed sidecar was doing waits for the end of its lease, a minute of the sidecar's clock, and keeps its places till then. */
const SPEED = 10;
const LIMITS = { ratePerMinute: 120_000, concurrency: 48 } as const;
const PATIENCE: Patience = { withinMs: 1_800_000, quietMs: 30_000 };

export const CLUSTER_RUNS: readonly FaultRun[] = [
  {
    id: 'F-cluster-2',
    title: 'two sidecars on one PostgreSQL, one at a time is killed -9 and started again',
    expect: 'clean',
    run: (options) => cluster(options, { sidecars: 2, orders: ORDERS[options.size], kills: KILLS[options.size] }),
  },
  {
    id: 'F-cluster-2-look-up-out',
    title: 'the same, and the warehouse finds no reference',
    expect: 'caught',
    caughtBy: ['duplicated'],
    run: (options) =>
      cluster(options, {
        sidecars: 2,
        orders: SMALL_ORDERS,
        kills: 10,
        faults: { forgetReferences: true, slowMs: 150 },
        patience: UNTIL_TWICE,
      }),
  },
  {
    id: 'F-cluster-4',
    title: 'four sidecars on one PostgreSQL, one at a time is killed -9 and started again',
    expect: 'clean',
    onDemand: true,
    run: (options) => cluster(options, { sidecars: 4, orders: ORDERS[options.size], kills: KILLS[options.size] }),
  },
];

interface Cluster {
  sidecars: number;
  orders: number;
  kills: number;
  faults?: WmsSimulatorOptions['faults'];
  patience?: Patience;
}

function cluster({ say }: RunOptions, cluster: Cluster): Promise<Verdict> {
  const { sidecars, faults, patience = PATIENCE } = cluster;
  const warehouse = roughWarehouse(SEED, faults);
  const world = { store: 'postgres', warehouse, sidecars, speed: SPEED, limits: LIMITS } as const;
  return inStorm({ world, seed: SEED, senders: SENDERS, patience }, (under) => killInTurns(under, cluster, say));
}

async function killInTurns(
  { world, traffic, books, verdict }: UnderLoad,
  { sidecars, orders, kills }: Cluster,
  say: RunOptions['say'],
): Promise<void> {
  for (let kill = 1; kill <= kills; kill += 1) {
    traffic.place(Math.ceil(orders / kills));
    await someArrive(world, books, (kill * orders * MOST) / kills);
    await world.clock.waitReal(traffic.chance.draw() * 1_000);
    const victim = world.sidecars[kill % sidecars];
    await victim?.kill();
    await victim?.start();
    if (kill % 5 === 0) say(`${kill} kills, ${books.pages.size} of ${orders} orders have arrived`);
  }
  Object.assign(verdict.figures, { kills, sidecars });
}

async function someArrive({ clock }: FaultWorld, { pages }: Books, count: number): Promise<void> {
  const giveUpAt = Date.now() + MOST_WAIT_MS;
  while (pages.size < count && Date.now() < giveUpAt) await clock.waitReal(50);
}
