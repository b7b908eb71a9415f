import { parseArgs } from 'node:util';
import { checkoutToWarehouse } from './bench/checkout-to-warehouse.ts';
import type { Figure } from '../sidecar/bench/speed/figures.ts';
import { engine } from './bench/engine.ts';
import { orderSaves } from './bench/order-saves.ts';
import { markdown, tableRows } from './bench/rows.ts';
import { table } from './demo/table.ts';
import { startStack } from './stack/stack.ts';

// All figures of the project in one command: the engine beside other queues, and what Tallyman costs the shop on the real
// WooCommerce. --only P1,P13 takes some, --long more and larger rounds, --markdown prints rows for docs/benchmarks.md, and with
// --json the last line is one object.

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    long: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    only: { type: 'string' },
  },
});
const say = (line: string): void => console.error(line);
const only = values.only?.split(',') ?? null;

/** What is measured on the real shop, and the names that --only knows it by. The engine's bench knows its own. */
const IN_THE_SHOP = {
  saves: ['P13', 'saves'],
  nginx: ['P-checkout', 'nginx'],
  php: ['P-checkout', 'php'],
} as const;
const isWanted = (what: keyof typeof IN_THE_SHOP): boolean =>
  only === null || IN_THE_SHOP[what].some((name) => only.includes(name));

const elsewhere = [...new Set(Object.values(IN_THE_SHOP).flat())].join(',');
const measured = await engine([
  ...(values.long ? ['--long'] : []),
  ...(values.only === undefined ? [] : ['--only', values.only, '--elsewhere', elsewhere]),
]).catch((error: Error) => {
  // It has said why already: a stack of ours would hide it.
  console.error(error.message);
  process.exit(1);
});
const figures: Figure[] = [...measured.figures, ...(await shop())];
const { heads, rows } = tableRows(figures);
console.log(values.markdown ? markdown(figures) : table(heads, rows));
for (const { ids, why } of measured.broken) console.log(`${ids}: broke off (${why})`);
if (values.json) console.log(JSON.stringify({ figures, broken: measured.broken }));
process.exit(measured.broken.length > 0 || figures.some(({ pass }) => pass === false) ? 1 : 0);

async function shop(): Promise<Figure[]> {
  return [
    ...(isWanted('saves') ? await saves() : []),
    ...(isWanted('nginx') ? await checkoutToWarehouse('nginx', say) : []),
    ...(isWanted('php') ? await checkoutToWarehouse('php', say) : []),
  ];
}

async function saves(): Promise<Figure[]> {
  const stack = await startStack({ store: 'real', say });
  try {
    return await orderSaves(stack);
  } finally {
    await stack.stop();
  }
}
