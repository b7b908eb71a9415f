import { parseArgs } from 'node:util';
import { checkoutToWarehouse } from './bench/checkout-to-warehouse.ts';
import type { Figure } from './bench/figures.ts';
import { orderSaves } from './bench/order-saves.ts';
import { table } from './demo/table.ts';
import { startStack } from './stack/stack.ts';

// What Tallyman costs the shop and how fast an order arrives, on the real WooCommerce. With --json the last line is one object.

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false }, only: { type: 'string' } } });
const say = (line: string): void => console.error(line);

const BENCHES = {
  saves: async () => {
    const stack = await startStack({ store: 'real', say });
    try {
      return await orderSaves(stack);
    } finally {
      await stack.stop();
    }
  },
  nginx: () => checkoutToWarehouse('nginx', say),
  php: () => checkoutToWarehouse('php', say),
} as const satisfies Record<string, () => Promise<Figure[]>>;

const figures: Figure[] = [];
for (const [name, bench] of Object.entries(BENCHES)) {
  if (values.only === undefined || values.only.split(',').includes(name)) figures.push(...(await bench()));
}

const number = (value: number | null): string => (value === null ? '' : value.toFixed(2));
const rows = figures.map(({ id, title, unit, min, median, max, must, aim, pass }) => [
  id,
  ...[title, unit],
  ...[min, median, max, must, aim].map(number),
  pass === null ? '' : pass ? 'yes' : 'NO',
]);
console.log(table(['id', 'what', 'unit', 'min', 'median', 'max', 'must', 'aim', 'pass'], rows));
if (values.json) console.log(JSON.stringify({ figures }));
process.exit(figures.some(({ pass }) => pass === false) ? 1 : 0);
