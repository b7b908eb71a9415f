import { pair } from '../stack/pair.ts';
import { buyAtBlockCheckout } from '../stack/shopper.ts';
import { startSidecar } from '../stack/sidecar.ts';
import { startStack } from '../stack/stack.ts';
import { logIn } from '../stack/staff.ts';
import { referenceOf } from '../stack/arrival.ts';
import { connectWarehouse, startWarehouse } from '../stack/warehouse.ts';
import type { WebServer } from '../stack/web.ts';
import { type Figure, figure, percentile } from '../../sidecar/bench/speed/figures.ts';

const ORDERS = 100;

/** Seconds from the shopper's answer to the order's arrival at the warehouse, over 100 orders of one after the other. */
export async function checkoutToWarehouse(server: WebServer, say: (line: string) => void): Promise<Figure[]> {
  const stack = await startStack({ store: 'real', server, say });
  const warehouse = await startWarehouse({ shipAfterMs: null });
  const sidecar = await startSidecar({ runDir: stack.runDir });
  try {
    const admin = await logIn(stack);
    await pair(admin, sidecar);
    await connectWarehouse(admin, warehouse, { ratePerMinute: 6000 });
    const taken: number[] = [];
    const checkouts: number[] = [];
    for (let order = 0; order < ORDERS; order++) {
      const { id, pressedAt, answeredAt } = await buyAtBlockCheckout(stack);
      const { at } = await warehouse.until(
        ({ effect, reference }) => effect === 'order.created' && reference === referenceOf(id),
      );
      taken.push((at - answeredAt) / 1000);
      checkouts.push((answeredAt - pressedAt) / 1000);
    }
    const id = `P-checkout-${server}`;
    const common = { unit: 's', better: 'lower' } as const;
    return [
      figure({
        id,
        title: `checkout to warehouse under ${NAMES[server]}, p50`,
        ...common,
        values: taken,
        must: 2,
        aim: 1,
      }),
      figure({ id: `${id}-p95`, title: 'the same, p95', ...common, values: [percentile(taken, 95)] }),
      figure({ id: `${id}-answer`, title: 'the shopper had the answer after', ...common, values: checkouts }),
    ];
  } finally {
    await sidecar.end();
    await warehouse.stop();
    await stack.stop();
  }
}

const NAMES = { nginx: 'nginx with PHP-FPM', php: "PHP's own server" } as const satisfies Record<WebServer, string>;
