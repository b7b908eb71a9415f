import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Stack } from '../stack/stack.ts';
import { type Figure, figure, percentile } from './figures.ts';

const SCRIPT = join(fileURLToPath(new URL('.', import.meta.url)), 'order-saves.php');
const ROUNDS = 7;
const ORDERS = 60;
/** The first saves of a process fill caches. */
const WARM_UP = 10;

type Saves = { readonly ms: readonly number[]; readonly calls: number; readonly plugins: readonly string[] };

/** P13: what Tallyman adds to an order save, with and without it in turns, on a database that syncs each commit. */
export async function orderSaves(stack: Stack): Promise<Figure[]> {
  const added: number[] = [];
  const plain: number[] = [];
  let calls = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const without = await saves(stack, 'without');
    const withIt = await saves(stack, 'with');
    plain.push(percentile(without.ms.slice(WARM_UP), 50));
    added.push(percentile(withIt.ms.slice(WARM_UP), 50) - percentile(without.ms.slice(WARM_UP), 50));
    calls += withIt.calls;
  }
  return [
    figure({ id: 'P13', title: 'added to an order save', unit: 'ms', values: added, must: 0.5, aim: 0.2 }),
    figure({ id: 'P13-plain', title: 'the same save without Tallyman', unit: 'ms', values: plain }),
    figure({
      id: 'P13-calls',
      title: 'remote calls while orders are saved',
      unit: 'calls',
      values: [calls],
      must: 0,
      aim: 0,
    }),
  ];
}

async function saves(stack: Stack, tallyman: 'with' | 'without'): Promise<Saves> {
  const plugins =
    tallyman === 'with' ? ['tallyman/tallyman.php', 'woocommerce/woocommerce.php'] : ['woocommerce/woocommerce.php'];
  await stack.php("update_option( 'active_plugins', $args['plugins'] ); return true;", { plugins });
  const answer = await stack.php<Saves>(SCRIPT, { orders: ORDERS, product: stack.catalogue.products.oakChair });
  if (answer.plugins.length !== plugins.length)
    throw new Error('The plugins of this round are not the ones asked for.');
  return answer;
}
