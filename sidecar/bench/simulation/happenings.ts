/** What may happen from outside, and how often. Each is one event of the simulation. */
import type { StoreOrder } from '../../src/domain/order.js';
import type { Job } from '../../src/domain/job.js';
import { articleMapped } from '../../src/domain/fact.js';
import { personMoves, type PersonMove } from '../../src/domain/job.js';
import type { By } from '../../src/queue/operator.js';
import type { Weather } from './network.ts';
import { orderLine } from './shop-model.ts';
import type { Sidecar } from './sidecar.ts';
import { PRODUCTS, SHOP, WAREHOUSE, type Simulation } from './simulation.ts';
import { BAD_ZIP } from './warehouse-model.ts';

type Happening = (simulation: Simulation) => void;

const WEIGHTS = {
  place: 16,
  edit: 12,
  pay: 5,
  hold: 3,
  cancel: 3,
  refund: 4,
  trash: 1,
  remove: 1,
  handOver: 10,
  trouble: 3,
  outage: 2.5,
  slow: 2.5,
  lossy: 3,
  throttled: 1.5,
  unauthorized: 0.4,
  fair: 3,
  storeTrouble: 2,
  clockForward: 1,
  clockBack: 0.8,
  pause: 3,
  crash: 1.5,
  restart: 0.8,
  press: 4,
  retryAll: 0.6,
  pauseConnection: 0.6,
  resume: 2,
  match: 2,
  sendNow: 0.5,
} as const;
export type HappeningName = keyof typeof WEIGHTS;

/** Lets one thing happen. */
export function happen(simulation: Simulation): void {
  const name = simulation.chance.weighted(WEIGHTS);
  simulation.trace.note('world', name);
  HAPPENINGS[name](simulation);
}

const HAPPENINGS: Readonly<Record<HappeningName, Happening>> = {
  place: (simulation) => {
    const { chance, shop } = simulation;
    const status = chance.weighted({ processing: 7, pending: 2, 'on-hold': 1 });
    const zip = chance.hits(0.05) ? BAD_ZIP : '3511AA';
    const products = chance.hits(0.3)
      ? [...PRODUCTS].slice(0, 2)
      : [chance.weighted({ '11': 6, '12': 3, '13': 1 })].map(Number);
    const id = 1001 + shop.history.size;
    const lines = products.map((product, at) => orderLine(id * 10 + at, product, chance.between(1, 3)));
    shop.place({ status, zip, lines });
    told(simulation);
  },
  edit: onOrder(({ chance }, order) => ({
    address: { ...order.address, line1: `Voorbeeldstraat ${chance.between(2, 999)}` },
  })),
  pay: onOrder((_simulation, { status }) => (status === 'pending' ? { status: 'processing' } : null)),
  hold: onOrder((_simulation, { status }) =>
    status === 'processing' ? { status: 'on-hold' } : status === 'on-hold' ? { status: 'processing' } : null,
  ),
  cancel: onOrder((_simulation, { status }) => (ENDED.has(status) ? null : { status: 'cancelled' })),
  refund: onOrder(({ chance }, order) => {
    if (chance.hits(0.3)) return ENDED.has(order.status) ? null : { status: 'refunded' };
    return { lines: order.lines.map((line) => ({ ...line, refunded: Math.min(line.quantity, line.refunded + 1) })) };
  }),
  trash: onOrder(() => ({ status: 'trash' })),
  remove: (simulation) => {
    const order = anOrder(simulation);
    if (order === null) return;
    simulation.shop.remove(order.id, simulation.chance.hits(0.2) ? 'silent' : 'told');
    told(simulation);
  },
  handOver: (simulation) => simulation.handOver(),
  trouble: ({ chance, warehouse }) => {
    const open = [...warehouse.orders.values()].filter(({ order }) => order.rank < 40 || order.stage === 'held');
    if (open.length === 0) return;
    const { order } = chance.pick(open);
    if (order.stage === 'held') warehouse.setStatus(order.id, 'planned');
    else warehouse.setStatus(order.id, chance.weighted({ problem: 3, cancelled: 1 }));
  },
  outage: weather(({ chance }) => ({ sky: 'outage', lossy: 0, slowestMs: chance.pick([50, 5_000]) }), 600_000),
  slow: weather(
    ({ chance }) => ({ sky: 'fair', lossy: 0.05, slowestMs: chance.pick([5_000, 25_000, 40_000]) }),
    300_000,
  ),
  lossy: weather(({ chance }) => ({ sky: 'fair', lossy: chance.pick([0.2, 0.5]), slowestMs: 3_000 }), 300_000),
  throttled: weather(() => ({ sky: 'throttled', lossy: 0, slowestMs: 400 }), 120_000),
  unauthorized: weather(() => ({ sky: 'unauthorized', lossy: 0, slowestMs: 400 }), 20_000),
  fair: ({ weather: all }) => {
    for (const one of Object.values(all)) Object.assign(one, { sky: 'fair', lossy: 0, slowestMs: 400 });
  },
  storeTrouble: (simulation) => {
    const { chance, mood, time } = simulation;
    Object.assign(mood, chance.pick([{ busy: 0.3 }, { busy: 1 }, { slow: 0.5, longestMs: 3_000 }]));
    time.after(chance.skewed(500, 15_000), () => Object.assign(mood, { busy: 0, slow: 0.02, longestMs: 50 }));
  },
  clockForward: ({ chance, clock, wires }) => {
    // A clock that leaps ends leases at once; a request that is on the wire at that moment arrives before anybody acts on it.
    for (const land of [...wires.underWay]) land();
    if (clock.offsetMs < 2_400_000) clock.offsetMs += chance.skewed(1_000, 600_000);
  },
  clockBack: ({ chance, clock }) => {
    clock.offsetMs -= chance.between(100, 2_000);
  },
  pause: (simulation) => {
    const sidecar = simulation.anySidecar();
    if (sidecar === null) return;
    sidecar.machine.standStill();
    simulation.time.after(simulation.chance.skewed(1_000, 180_000), () => sidecar.machine.wake());
  },
  crash: (simulation) => {
    const sidecar = simulation.anySidecar();
    if (sidecar === null) return;
    sidecar.machine.kill();
    replaced(simulation, 0);
  },
  restart: (simulation) => {
    const sidecar = simulation.anySidecar();
    if (sidecar === null) return;
    void sidecar.stop().then(() => simulation.trace.note(sidecar.machine.name, 'stopped'));
    // Whoever watches over a service does not wait for ever for its end.
    simulation.time.after(15_000, () => {
      sidecar.machine.kill();
      replaced(simulation, 0);
    });
  },
  press: (simulation) => {
    const { chance, watch } = simulation;
    const jobs = [...watch.jobs.values()].filter((job) => isWorth(job));
    if (jobs.length === 0) return;
    const job = chance.pick(jobs);
    const moves = personMoves(job).filter((move) => move !== 'correct');
    if (moves.length > 0) pressed(simulation, (sidecar, by) => PRESS[chance.pick(moves)](sidecar, job.id, by));
  },
  retryAll: (simulation) => retryAll(simulation),
  pauseConnection: (simulation) => {
    const id = simulation.chance.pick([SHOP, WAREHOUSE]);
    pressed(simulation, ({ operator }, by) => operator.pause(id, by));
  },
  resume: (simulation) => resumeAll(simulation),
  match: (simulation) => match(simulation),
  sendNow: (simulation) => {
    const order = anOrder(simulation);
    if (order === null) return;
    pressed(simulation, ({ operator }, by) => operator.sendNow(WAREHOUSE, order.id, { ...by, traceId: 'person' }));
  },
};

const ENDED = new Set(['completed', 'cancelled', 'refunded', 'trash']);

const PRESS = {
  retryNow: ({ operator }, id, by) => operator.retryNow(id, by),
  correct: ({ operator }, id, by) => operator.correct(id, {}, by),
  forceDone: ({ operator }, id, by) => operator.forceDone(id, by),
  cancel: ({ operator }, id, by) => operator.cancel(id, by),
  reopen: ({ operator }, id, by) => operator.reopen(id, by),
} as const satisfies Record<PersonMove, (sidecar: Sidecar, jobId: number, by: By) => Promise<unknown>>;

/** People press on what waits or has failed; on reads nobody does. A change that is on the wire is left alone for its moment. */
const isWorth = (job: Job): boolean => job.subject.startsWith('order:') && job.state !== 'running';

function onOrder(change: (simulation: Simulation, order: StoreOrder) => Partial<StoreOrder> | null): Happening {
  return (simulation) => {
    const order = anOrder(simulation);
    const changed = order === null ? null : change(simulation, order);
    if (order === null || changed === null) return;
    simulation.shop.edit(order.id, changed, null, simulation.chance.hits(0.05) ? 'silent' : 'told');
    told(simulation);
  };
}

/** People are busy with the latest orders. */
function anOrder({ chance, shop }: Simulation): StoreOrder | null {
  const orders = [...shop.orders.values()].slice(-12);
  return orders.length === 0 ? null : chance.pick(orders);
}

/** The plugin pushes after the request, if it gets to it. */
function told(simulation: Simulation): void {
  if (simulation.chance.hits(0.75)) simulation.handOver();
}

function weather(how: (simulation: Simulation) => Weather, longestMs: number): Happening {
  return (simulation) => {
    const { chance, time } = simulation;
    const there = simulation.weather[chance.hits(0.7) ? WAREHOUSE : SHOP];
    Object.assign(there, how(simulation));
    time.after(chance.skewed(2_000, longestMs), () => Object.assign(there, { sky: 'fair', lossy: 0, slowestMs: 400 }));
  };
}

/** A process is back after seconds, when what it had sent has arrived. */
export function replaced(simulation: Simulation, least: number): void {
  simulation.bury();
  simulation.time.after(simulation.chance.between(5_000, 20_000), () => {
    simulation.bury();
    if (simulation.sidecars.length < Math.max(least, simulation.plan.machines)) simulation.startOne();
  });
}

export function pressed(simulation: Simulation, press: (sidecar: Sidecar, by: By) => Promise<unknown>): void {
  const sidecar = simulation.anySidecar();
  if (sidecar === null) return;
  const by = { who: 'Anna (user 3)', reason: 'seen to by hand', now: sidecar.world.now() };
  press(sidecar, by).then(
    (answer) => simulation.trace.note('anna', JSON.stringify(answer)),
    (error: unknown) => simulation.trace.note('anna', `is told: ${String(error)}`),
  );
}

const ALL_DEAD = { orgId: 'org-1', connectionIds: [SHOP, WAREHOUSE], states: ['dead'] } as const;

/** "Retry all that need attention". */
export function retryAll(simulation: Simulation): void {
  const order = { orgId: 'org-1', move: 'retryNow', meant: ALL_DEAD, lastJobId: null } as const;
  pressed(simulation, ({ operator }, by) => operator.startBatch(order, simulation.newId(), by));
}

export function resumeAll(simulation: Simulation): void {
  for (const id of [SHOP, WAREHOUSE]) pressed(simulation, ({ operator }, by) => operator.resume(id, by));
}

/** A person says which article the unmatched product is; best of all while a job is looking for it. */
export function match(simulation: Simulation): void {
  const sidecar = simulation.anySidecar();
  if (sidecar === null) return;
  const productId = PRODUCTS[PRODUCTS.length - 1] ?? 0;
  const now = sidecar.world.now();
  const mapping = {
    orgId: 'org-1',
    connectionId: WAREHOUSE,
    type: 'article',
    localId: `${productId}:0`,
    remoteId: `code-${productId}`,
    state: 'known',
    sentFingerprint: null,
    remoteLabel: null,
    origin: 'chosen by Anna',
    accepted: null,
    storeStatus: null,
    updatedAt: now,
  } as const;
  const fact = articleMapped(WAREHOUSE, productId, 0);
  sidecar.store
    .apply({
      now,
      guards: [],
      writes: [
        { write: 'putMapping', mapping },
        { write: 'putFact', fact, orgId: 'org-1', source: 'Anna' },
      ],
    })
    .catch((error: unknown) => simulation.trace.note('anna', `is told: ${String(error)}`));
}
