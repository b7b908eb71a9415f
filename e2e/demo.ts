import { chaosFaults } from './demo/chaos.ts';
import { type DemoOptions, HELP, readOptions } from './demo/options.ts';
import { stopwatch, type Stopwatch } from './demo/stopwatch.ts';
import { seconds, table } from './demo/table.ts';
import { type Arrival, arrivalOf } from './stack/arrival.ts';
import { pair } from './stack/pair.ts';
import { buyAtBlockCheckout, type PlacedOrder } from './stack/shopper.ts';
import { type Sidecar, startSidecar } from './stack/sidecar.ts';
import { type Stack, startStack } from './stack/stack.ts';
import { type Employee, logIn } from './stack/staff.ts';
import { connectWarehouse, startWarehouse, type Warehouse } from './stack/warehouse.ts';
import { bestServer, type WebServer } from './stack/web.ts';

// A shop, Tallyman and a simulated warehouse on this machine. See "npm run demo -- --help".

const ORDERS = { once: 3, stay: 2 } as const satisfies Record<DemoOptions['mode'], number>;
const ARRIVAL_TIMEOUT_MS = { none: 60_000, chaos: 400_000 } as const satisfies Record<DemoOptions['faults'], number>;

const SERVED = {
  nginx: 'It is served by nginx with PHP-FPM.',
  php: "It is served by PHP's own web server, where orders are fetched by the sidecar: the first one takes up to 30 s.",
} as const satisfies Record<WebServer, string>;

const say = (line: string): void => console.log(line);

type World = {
  readonly stack: Stack;
  readonly admin: Employee;
  readonly sidecar: Sidecar;
  readonly warehouse: Warehouse;
};

const options = readOptions(process.argv.slice(2));
if (options === 'help') say(HELP);
else await demonstrate(options);

async function demonstrate(options: DemoOptions): Promise<void> {
  const watch = stopwatch(say);
  const world = await setUp(options, watch);
  try {
    process.exitCode = await showOrders(options, world, watch);
    if (options.mode === 'stay') await stayUntilCtrlC(world);
  } finally {
    await tearDown(world);
  }
}

async function setUp({ store, hpos, faults, keeping, port }: DemoOptions, { step }: Stopwatch): Promise<World> {
  const server = bestServer();
  const stack = await step('Starting the shop', () => startStack({ store, hpos, server, port, say }));
  say(SERVED[server]);
  const warehouse = await step('Starting the simulated warehouse', () => startWarehouse());
  const sidecar = await step('Starting the sidecar', () => startSidecar({ runDir: stack.runDir, keeping }));
  const admin = await step('Logging in as administrator', () => logIn(stack));
  await step('Pairing the shop with the sidecar', () => pair(admin, sidecar));
  await step('Connecting the warehouse', () => connectWarehouse(admin, warehouse));
  if (faults === 'chaos') {
    warehouse.faults(chaosFaults);
    say('From here on the warehouse loses answers, refuses, fails, repeats itself, and forgets webhooks.');
  }
  return { stack, admin, sidecar, warehouse };
}

async function showOrders({ mode, faults }: DemoOptions, world: World, { step, steps }: Stopwatch): Promise<0 | 1> {
  const placed: PlacedOrder[] = [];
  await step(`Placing ${ORDERS[mode]} orders as a shopper`, async () => {
    for (let order = 0; order < ORDERS[mode]; order++) placed.push(await buyAtBlockCheckout(world.stack));
  });
  const deal = { ...world, timeoutMs: ARRIVAL_TIMEOUT_MS[faults] };
  const outcomes = await step('Waiting until each is completed with tracking', () =>
    Promise.allSettled(placed.map(({ id }) => arrivalOf(id, deal))),
  );
  say(
    `\n${table(
      ['step', 'seconds'],
      steps().map(({ name, seconds }) => [name, seconds.toFixed(1)]),
    )}\n`,
  );
  say(`${orderTable(placed, outcomes)}\n`);
  const problems = await Promise.all(outcomes.map((outcome, at) => problemsOf(placed[at]!, outcome, world)));
  for (const problem of problems.flat()) say(problem);
  if (problems.flat().length > 0) return 1;
  say(`${placed.length} of ${placed.length} orders reached the warehouse once and came back with tracking.`);
  return 0;
}

type Outcome = PromiseSettledResult<Arrival>;

function orderTable(placed: readonly PlacedOrder[], outcomes: readonly Outcome[]): string {
  const header = ['order', 'checkout', 'at the warehouse after', 'shipped after', 'completed after', 'tracking'];
  const rows = placed.map((order, at) => {
    const checkout = seconds(order.answeredAt - order.pressedAt);
    const outcome = outcomes[at]!;
    if (outcome.status === 'rejected') return [`#${order.id}`, checkout, '-', '-', '-', '-'];
    const { atWarehouse, shipped, completed, trackingCodes } = outcome.value;
    const after = [atWarehouse, shipped, completed].map((moment) => seconds(moment - order.answeredAt));
    return [`#${order.id}`, checkout, ...after, trackingCodes.join(', ')];
  });
  return table(header, rows);
}

/** Completed is not enough: once at the warehouse, and one mail a parcel. */
async function problemsOf(order: PlacedOrder, outcome: Outcome, { admin, warehouse }: World): Promise<string[]> {
  if (outcome.status === 'rejected') {
    const said = await admin.rest<object>('GET', `/tallyman/v1/orders/${order.id}`).catch(String);
    return [String((outcome.reason as Error).message), `Tallyman says: ${JSON.stringify(said, undefined, 2)}`];
  }
  const { trackingCodes, mailsWithTracking } = outcome.value;
  const known = warehouse.orders().filter(({ external_id: id }) => id === String(order.id)).length;
  return [
    ...(known === 1 ? [] : [`Order ${order.id} is ${known} times at the warehouse.`]),
    ...(mailsWithTracking === trackingCodes.length
      ? []
      : [`Order ${order.id}: ${trackingCodes.length} parcels, but ${mailsWithTracking} mails about them.`]),
  ];
}

async function stayUntilCtrlC({ stack, sidecar, warehouse }: World): Promise<void> {
  say(`
  The shop        ${stack.url}/shop/
  Its wp-admin    ${stack.url}/wp-admin/admin.php?page=tallyman
  Login           ${stack.admin.user} / ${stack.admin.password}
  The sidecar     ${sidecar.url}
  The warehouse   ${warehouse.url}_sim/ledger

  Place an order in the shop: it is shipped 3 s after it reached the warehouse.
  Everything stays up until Ctrl-C and leaves nothing behind then.`);
  await new Promise(() => setInterval(() => undefined, 60_000));
}

async function tearDown({ stack, sidecar, warehouse }: World): Promise<void> {
  await sidecar.end();
  await warehouse.stop();
  await stack.stop();
}
