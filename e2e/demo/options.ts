import { parseArgs } from 'node:util';
import type { Keeping } from '../stack/sidecar.ts';
import type { Hpos } from '../stack/stack.ts';
import type { StoreWish } from '../stack/store-source.ts';

export type DemoOptions = {
  /** `once` places its orders, waits for their parcels and ends; `stay` leaves everything running until Ctrl-C. */
  readonly mode: 'once' | 'stay';
  readonly faults: 'none' | 'chaos';
  readonly store: StoreWish;
  readonly hpos: Hpos;
  readonly keeping: Keeping;
  readonly port: number | 'free';
};

export const HELP = `npm run demo -- [options]
  --once             place 3 orders, wait for their parcels, print how long each step took, end
  --chaos            the warehouse loses answers, fails, repeats itself and forgets webhooks
  --store=real       only a real WooCommerce; --store=standin: only the stand-in (default: the real one if it can be had)
  --hpos=off         orders as posts; --hpos=syncing: in both places (default: on, in tables of their own)
  --postgres         the sidecar keeps its queue in PostgreSQL (default: in a file, with SQLite)
  --port=8080        the port of the shop (default: a free one)`;

export function readOptions(args: readonly string[]): DemoOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      once: { type: 'boolean', default: false },
      chaos: { type: 'boolean', default: false },
      store: { type: 'string', default: 'any' },
      hpos: { type: 'string', default: 'on' },
      postgres: { type: 'boolean', default: false },
      port: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return 'help';
  return {
    mode: values.once ? 'once' : 'stay',
    faults: values.chaos ? 'chaos' : 'none',
    store: oneOf('store', ['any', 'real', 'standin'], values.store),
    hpos: oneOf('hpos', ['on', 'off', 'syncing'], values.hpos),
    keeping: values.postgres ? 'postgres' : 'sqlite',
    port: values.port === undefined ? 'free' : Number(values.port),
  };
}

function oneOf<T extends string>(name: string, choices: readonly T[], value: string): T {
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Error(`--${name} is one of ${choices.join(', ')}, not "${value}".`);
  return found;
}
