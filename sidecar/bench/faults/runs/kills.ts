/** F1: kill -9 at random moments, under 32 senders, with edits, cancellations and parcels under way. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { WmsSimulatorOptions } from '../../../src/simulators/wms/index.js';
import { sqliteOf } from '../engines.js';
import { inStorm, roughWarehouse, type Storm, type UnderLoad } from '../load.js';
import { UNTIL_TWICE, type Patience } from '../settled.js';
import type { FaultRun, RunOptions, Verdict } from '../verdict.js';
import type { FaultWorld, WorldOptions } from '../world.js';
import { changedSidecar, type Change } from '../sidecar-copy.js';

interface Kills extends Pick<Storm, 'shopRemembers'> {
  orders: number;
  kills: number;
  world?: Partial<WorldOptions>;
  faults?: WmsSimulatorOptions['faults'];
  /** What the disk does at a kill. 'takes back': it is as it was before the last orders came. */
  disk?: 'keeps' | 'takes back';
  patience?: Patience;
}

const SIZES = {
  ci: { orders: 5_000, kills: 50 },
  long: { orders: 100_000, kills: 1_000 },
} as const;
const SMALL = { orders: 120, kills: 6 } as const;
const SENDERS = { count: 32, twiceEvery: 7, rows: 4 } as const;
const SEED = 7;
const LONGEST_LIFE_MS = 1_000;
const PATIENCE: Patience = { withinMs: 1_200_000, quietMs: 15_000 };
const HOPELESS: Patience = { withinMs: 12_000, quietMs: 2_000 };

/** Every webhook is taken for a new one, and the table would take it twice. */
const NO_DEDUPE: readonly Change[] = [
  {
    file: 'http/webhook.js',
    find: "guards: [{ guard: 'newDelivery', connectionId: connection.id, dedupeKey }],",
    put: 'guards: [],',
  },
  {
    file: 'stores/sqlite/deliveries.js',
    find: "'ON CONFLICT (connection_id, dedupe_key) DO NOTHING'",
    put: "''",
  },
  { file: 'stores/sqlite/migrations/001-first.js', find: 'UNIQUE (connection_id, dedupe_key)', put: 'CHECK (1)' },
];

export const KILL_RUNS: readonly FaultRun[] = [
  {
    id: 'F1',
    title: 'kill -9 at random moments under 32 senders, every 7th call twice',
    expect: 'clean',
    run: (options) => storm(options, SIZES[options.size]),
  },
  {
    id: 'F1-look-up-out',
    title: 'the same, and the warehouse finds no reference',
    expect: 'caught',
    caughtBy: ['duplicated'],
    // Slow enough that most kills find a create under way.
    run: (options) =>
      storm(options, { ...SMALL, faults: { forgetReferences: true, slowMs: 150 }, patience: UNTIL_TWICE }),
  },
  {
    id: 'F1-dedupe-out',
    title: 'the same, and a webhook is not known again',
    expect: 'caught',
    caughtBy: ['duplicated'],
    run: (options) => {
      const dist = changedSidecar(NO_DEDUPE);
      return storm(
        { ...options, store: 'sqlite' },
        { ...SMALL, world: { dist, engine: sqliteOf(dist) }, patience: HOPELESS },
      );
    },
  },
  {
    id: 'F1-durability-out',
    title: 'the same, each kill takes back what was written since the one before, and the shop forgets',
    expect: 'caught',
    caughtBy: ['acknowledgedLost'],
    run: (options) =>
      storm({ ...options, store: 'sqlite' }, { ...SMALL, disk: 'takes back', shopRemembers: 'no', patience: HOPELESS }),
  },
  {
    id: 'F-restore',
    title:
      'an old state of the disk comes back at each kill, and the shop can be asked: what was lost is fetched again',
    expect: 'clean',
    run: (options) =>
      storm(
        { ...options, store: 'sqlite' },
        {
          ...SMALL,
          disk: 'takes back',
          world: { speed: 20 },
          patience: { withinMs: 300_000, quietMs: 30_000, acknowledged: 'refetched' },
        },
      ),
  },
];

function storm({ store, say }: RunOptions, kills: Kills): Promise<Verdict> {
  const { world, faults, shopRemembers = 'yes', patience = PATIENCE } = kills;
  const options = { store, warehouse: roughWarehouse(SEED, faults), ...world };
  return inStorm({ world: options, seed: SEED, senders: SENDERS, shopRemembers, patience }, (under) =>
    killAgainAndAgain(under, kills, say),
  );
}

async function killAgainAndAgain(
  { world, traffic, books, verdict }: UnderLoad,
  { orders, kills, disk }: Kills,
  say: RunOptions['say'],
): Promise<void> {
  for (let kill = 1; kill <= kills; kill += 1) {
    if (disk === 'takes back') setAside(world);
    traffic.place(orders / kills);
    await world.clock.waitReal(traffic.chance.draw() * LONGEST_LIFE_MS);
    await world.sidecar.kill();
    if (disk === 'takes back') putBack(world);
    await world.sidecar.start();
    if (kill % 10 === 0) say(`${kill} kills, ${books.pages.size} of ${orders} orders have arrived`);
  }
  verdict.figures['kills'] = kills;
}

const FILES = ['tallyman.sqlite', 'tallyman.sqlite-wal'] as const;

/** A disk that acknowledged writes and had not done them: at the kill the files are as they were before. */
function setAside({ sidecar }: FaultWorld): void {
  for (const file of FILES) {
    const from = join(sidecar.dataDir, file);
    if (existsSync(from)) copyFileSync(from, `${from}.aside`);
    else rmSync(`${from}.aside`, { force: true });
  }
}

function putBack({ sidecar }: FaultWorld): void {
  rmSync(join(sidecar.dataDir, 'tallyman.sqlite-shm'), { force: true });
  for (const file of FILES) {
    const to = join(sidecar.dataDir, file);
    rmSync(to, { force: true });
    if (existsSync(`${to}.aside`)) copyFileSync(`${to}.aside`, to);
  }
}
