/** F10: jobs that crash or never end, bodies that are too large, no text, or nested ten thousand deep: nothing stops flowing. */
import { note } from '../books.js';
import { knock, signedDoors, type Door } from '../doors.js';
import { underLoad, type UnderLoad } from '../load.js';
import { changedSidecar, type Change } from '../sidecar-copy.js';
import { cleanVerdict, type FaultRun, type RunOptions, type Verdict } from '../verdict.js';
import { startFaultWorld, until, type FaultWorld } from '../world.js';

const ORDERS = 60;
/** The simulated shop counts from here. */
const POISONED = 1_007;
const LIMIT_BYTES = 1024 * 1024;
const HANGS_AFTER_MS = 2_000;
/** Three interruptions are enough; whoever is not blamed by then never will be. */
const MOST_RESTARTS = 8;
const BLAMED_WITHIN_MS = 300_000;
const BLAMED = /interrupted three times in a row/;
const SPEED = 10;

const HANDLER_STARTS = 'export const orderPush = async (context) => {';

const poison = (statement: string): Change => ({
  file: 'handlers/order-push.js',
  find: HANDLER_STARTS,
  put: `${HANDLER_STARTS} if (context.job.subject === 'order:${POISONED}') { ${statement} }`,
});

const CRASHES = poison("throw new TypeError('Cannot read properties of undefined');");
const NEVER_ENDS = poison('for (;;) Math.sqrt(2);');

/** A job that takes the process down is given out again for ever. */
const NOBODY_BLAMED: Change = {
  file: 'queue/executor.js',
  find: 'const LAPSES_BLAMED = 3;',
  put: 'const LAPSES_BLAMED = 1_000_000;',
};

export const POISON_RUNS: readonly FaultRun[] = [
  {
    id: 'F10-crash',
    title: 'a job whose handler crashes ends as "Needs attention", and the others flow',
    expect: 'clean',
    run: crashing,
  },
  {
    id: 'F10-loop',
    title: 'a job that never ends and blocks the process is blamed after three restarts, and the others flow',
    expect: 'clean',
    run: (options) => looping(options, [NEVER_ENDS]),
  },
  {
    id: 'F10-loop-blame-out',
    title: 'the same, and nobody counts the interruptions',
    expect: 'caught',
    caughtBy: ['broken'],
    run: (options) => looping(options, [NEVER_ENDS, NOBODY_BLAMED]),
  },
  {
    id: 'F10-bodies',
    title: 'bodies too large, no UTF-8, and nested 10,000 deep, at every door',
    expect: 'clean',
    run: ({ store }) =>
      underLoad({
        world: { store },
        orders: ORDERS,
        patience: { withinMs: 180_000, quietMs: 15_000 },
        trouble: poisonedBodies,
      }),
  },
];

/** With the handler mended the poisoned order goes its way as well. */
async function crashing({ store }: RunOptions): Promise<Verdict> {
  const world = await startFaultWorld({
    store,
    speed: 60,
    dist: changedSidecar([CRASHES]),
    warehouse: { shipAfterMs: 300 },
  });
  try {
    const verdict = cleanVerdict(ORDERS);
    for (let placed = 0; placed < ORDERS; placed += 1) world.shop.shop.place();
    while (world.shop.shop.waiting().length > 0) await world.shop.handOver();
    await othersFlow(world, verdict);
    await until(async () => (await world.counts())['dead'] === 1, 180_000, 'the poisoned job needs attention').catch(
      () => note(verdict, 'broken', 'The poisoned job has not ended as "Needs attention".'),
    );
    const [dead] = await world.jobs('state=dead');
    const attempts = dead === undefined ? 0 : (await world.job(dead.id)).attemptsList.length;
    if (attempts !== 4) note(verdict, 'auditGaps', `The poisoned job has ${attempts} attempts in its history, not 4.`);
    return verdict;
  } finally {
    await world.stop();
  }
}

async function looping({ store }: RunOptions, changes: readonly Change[]): Promise<Verdict> {
  const dist = changedSidecar(changes);
  const world = await startFaultWorld({ store, speed: SPEED, dist, warehouse: { shipAfterMs: 300 } });
  try {
    const verdict = cleanVerdict(ORDERS);
    for (let placed = 0; placed < ORDERS; placed += 1) world.shop.shop.place();
    await world.shop.handOver();
    const watchdog = watch(world);
    let blamed: 'yes' | 'no' = 'no';
    const isOver = async () => {
      if (await isBlamed(world)) blamed = 'yes';
      return blamed === 'yes' || watchdog.restarts() > MOST_RESTARTS;
    };
    await until(isOver, BLAMED_WITHIN_MS, 'the job is blamed').catch(() => undefined);
    if (blamed === 'no') note(verdict, 'broken', `The job is not blamed after ${watchdog.restarts()} restarts.`);
    verdict.figures['restartsUntilBlamed'] = watchdog.restarts();
    if (verdict.broken === 0) await othersFlow(world, verdict);
    verdict.figures['restarts'] = watchdog.restarts();
    return verdict;
  } finally {
    await world.stop();
  }
}

/** Restarts a sidecar that does not answer, as the system's service manager does. */
function watch(world: FaultWorld): { restarts(): number } {
  let restarts = 0;
  let state: 'watching' | 'stopped' = 'watching';
  const loop = async (): Promise<void> => {
    while (state === 'watching') {
      await world.clock.waitReal(150);
      if (state !== 'watching' || (await answers(world))) continue;
      restarts += 1;
      await world.sidecar.kill();
      await world.sidecar.start().catch(() => undefined);
    }
  };
  const watching = loop();
  world.closers.push(async () => {
    state = 'stopped';
    await watching;
  });
  return { restarts: () => restarts };
}

async function answers({ sidecar }: FaultWorld): Promise<boolean> {
  return fetch(`${sidecar.url}/health`, { signal: AbortSignal.timeout(HANGS_AFTER_MS) }).then(
    ({ ok }) => ok,
    () => false,
  );
}

async function isBlamed(world: FaultWorld): Promise<boolean> {
  const read = world.jobs(`search=${POISONED}&per_page=10`);
  const late = new Promise<never[]>((done) => setTimeout(() => done([]), HANGS_AFTER_MS));
  const rows = await Promise.race([read.catch(() => []), late]);
  return rows.some(({ sentence }) => BLAMED.test(sentence));
}

async function othersFlow({ shop }: FaultWorld, verdict: Verdict): Promise<void> {
  const isDone = () => {
    if (shop.shop.waiting().length > 0) void shop.handOver();
    return [...shop.shop.orders.values()].every(({ id, status }) => id === POISONED || status === 'completed');
  };
  await until(isDone, 300_000, 'the other orders are completed').catch(() => undefined);
  for (const { id, status } of shop.shop.orders.values())
    if (id !== POISONED && status !== 'completed') note(verdict, 'lost', `Order ${id} is ${status}.`);
}

interface Knock {
  what: string;
  door: Door;
  body: Buffer;
  expect: readonly number[];
}

async function poisonedBodies({ world, verdict }: UnderLoad): Promise<void> {
  for (const { what, door, body, expect } of await knocks(world)) {
    const { status, text } = await knock(world, door, body);
    if (!expect.includes(status)) note(verdict, 'broken', `${what} at ${door.path} was answered ${status}: ${text}`);
  }
  if (!(await answers(world))) note(verdict, 'broken', 'The sidecar does not answer any more.');
}

async function knocks(world: FaultWorld): Promise<Knock[]> {
  const deep = Buffer.from(`{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}`);
  const bodies = {
    // A server may end the connection as soon as it knows that the body is too large.
    'a body of 1 MB + 1': { body: Buffer.alloc(LIMIT_BYTES + 1, '"'), expect: [413, 0] },
    'invalid UTF-8': { body: Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]), expect: [200, 202, 400] },
    'JSON 10,000 deep': { body: deep, expect: [200, 202, 400] },
  };
  const doors = await signedDoors(world);
  return Object.entries(bodies).flatMap(([what, { body, expect }]) =>
    doors.map((door) => ({ what, door, body, expect })),
  );
}
