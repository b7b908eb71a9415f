import { parseArgs } from 'node:util';
import { checkoutToWarehouse } from './bench/checkout-to-warehouse.ts';
import { engine, type EngineFigures } from './bench/engine.ts';
import { type Figure, markdown, tableRows } from './bench/figures.ts';
import { orderSaves } from './bench/order-saves.ts';
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
const isWanted = (...names: readonly string[]): boolean => only === null || names.some((name) => only.includes(name));

const ENGINE_IDS = ['P1', 'P2', 'P3', 'P5', 'P6', 'P9', 'P10', 'P11', 'P12', 'P16', 'P17', 'P19'];

const measured: EngineFigures = isWanted(...ENGINE_IDS)
  ? await engine([...(values.long ? ['--long'] : []), ...(values.only === undefined ? [] : ['--only', values.only])])
  : { figures: [], broken: [] };
const figures: Figure[] = [...measured.figures, ...(await shop())];
const { heads, rows } = tableRows(figures);
console.log(values.markdown ? markdown(figures) : table(heads, rows));
for (const { ids, why } of measured.broken) console.log(`${ids}: broke off (${why})`);
if (values.json) console.log(JSON.stringify({ figures, broken: measured.broken }));
process.exit(measured.broken.length > 0 || figures.some(({ pass }) => pass === false) ? 1 : 0);

async function shop(): Promise<Figure[]> {
  return [
    ...(isWanted('P13', 'saves') ? await saves() : []),
    ...(isWanted('P-checkout', 'nginx') ? await checkoutToWarehouse('nginx', say) : []),
    ...(isWanted('P-checkout', 'php') ? await checkoutToWarehouse('php', say) : []),
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
