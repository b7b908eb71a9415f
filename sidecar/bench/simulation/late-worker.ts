/** F5: a worker stands still for twice its lease and goes on as if nothing had been. */
import { ABORT_BEFORE_LEASE_END_MS } from '../../src/queue/run.js';
import { kindSpec } from '../../src/domain/kinds.js';
import type { Job } from '../../src/domain/job.js';
import { isWhole, twiceDone } from './ledger.ts';
import type { Mutation } from './mutations.ts';
import { orderLine } from './shop-model.ts';
import { SHOP, Simulation } from './simulation.ts';

export interface LateRound {
  /** Whether somebody else had the job when the late worker woke. */
  overtaken: boolean;
  /** Whether an effect shows twice in the books of the far ends. */
  twice: boolean;
  /** Words of the late worker that were refused, or that it withdrew itself. */
  refused: number;
  broken: string | null;
}

/** Which of an order's jobs its worker falls asleep over. */
const KINDS = ['order.push', 'order.status', 'shipment.apply'] as const;
const WITHIN_MS = 300_000;

export async function lateRound(seed: number, mutation: Mutation | null): Promise<LateRound> {
  const plan = { ownership: 'shared', machines: 2, references: 'trusted' } as const;
  const simulation = new Simulation({ seed, mutation, plan, print: null });
  await simulation.begin();
  const { chance, shop, watch, time } = simulation;
  shop.place({ status: 'processing', zip: '3511AA', lines: [orderLine(1, 11, 2)] });
  await handOver(simulation);
  const asleep = await fallAsleep(simulation, chance.pick(KINDS));
  if (asleep === null) return { overtaken: false, twice: false, refused: 0, broken: null };
  const { job, machine } = asleep;
  await time.runUntil(time.now + 2 * kindSpec(job.kind).leaseMs + ABORT_BEFORE_LEASE_END_MS);
  const overtaken = (watch.jobs.get(job.id)?.fence ?? 0) > job.fence;
  const before = simulation.refusals.get(machine) ?? 0;
  machine.wake();
  await time.runUntil(time.now + WITHIN_MS);
  const twice = twiceDone(simulation).length > 0;
  const whole = isWhole(simulation);
  const refused = (simulation.refusals.get(machine) ?? 0) - before;
  return { overtaken, twice, refused, broken: whole ? null : (watch.broken?.message ?? null) };
}

async function handOver(simulation: Simulation): Promise<void> {
  const sidecar = simulation.anySidecar();
  const connection = await simulation.connection(SHOP);
  const raw = simulation.shop.batch(null);
  void sidecar?.handOver(connection, raw).then(
    (rows) => simulation.shop.acknowledge(rows),
    () => undefined,
  );
}

/** Some steps into a run of that kind its machine stands still: before a look-up, with a change on the wire, before the end. */
async function fallAsleep(simulation: Simulation, kind: string) {
  const { time, watch, chance, holders } = simulation;
  const until = time.now + WITHIN_MS;
  let job: Job | undefined;
  while (job === undefined && (await time.step(until)))
    job = [...watch.jobs.values()].find((one) => one.kind === kind && one.state === 'running');
  for (let steps = chance.between(0, 8); steps > 0; steps -= 1) await time.step(until);
  const machine = job === undefined ? undefined : holders.get(job.id);
  if (job === undefined || machine === undefined || watch.jobs.get(job.id)?.state !== 'running') return null;
  machine.standStill();
  return { job, machine };
}
