import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stack } from '../stack/stack.ts';
import { type Figure, figure, percentile } from '../../sidecar/bench/speed/figures.ts';

const SCRIPT = join(fileURLToPath(new URL('.', import.meta.url)), 'order-saves.php');
const ROUNDS = 7;
const ORDERS = 80;
/** The first saves of a process fill caches. */
const WARM_UP = 10;

type Saves = {
  readonly with: readonly number[];
  readonly without: readonly number[];
  readonly calls: number;
  readonly removed: number;
};

/** P13: what Tallyman adds to an order save, every second save without it, on a database that syncs each commit. */
export async function orderSaves(stack: Stack): Promise<Figure[]> {
  const added: number[] = [];
  const plain: number[] = [];
  let calls = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const saves = await stack.php<Saves>(SCRIPT, { orders: ORDERS, product: stack.catalogue.products.oakChair });
    if (saves.removed === 0) throw new Error('Tallyman has no hooks in this shop: nothing would be measured.');
    const without = percentile(saves.without.slice(WARM_UP), 50);
    plain.push(without);
    added.push(percentile(saves.with.slice(WARM_UP), 50) - without);
    calls += saves.calls;
  }
  const better = 'lower';
  return [
    figure({ id: 'P13', title: 'added to an order save', unit: 'ms', better, values: added, must: 0.5, aim: 0.2 }),
    figure({ id: 'P13-plain', title: 'the same save without Tallyman', unit: 'ms', better, values: plain }),
    figure({
      id: 'P13-calls',
      title: 'remote calls while orders are saved',
      unit: 'calls',
      better,
      values: [calls],
      must: 0,
      aim: 0,
    }),
  ];
}
