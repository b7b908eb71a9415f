/**
 * A warehouse with the API of eWarehousing Solutions, for demo, tests and the first steps of a new installation. It remembers,
 * ships by itself, sends signed webhooks, goes wrong on demand, and keeps a ledger of every call and everything that came of it.
 */
import type { AddressInfo } from 'node:net';
import { expireTokens } from './auth.js';
import { ordersOf } from './control.js';
import { createJourney, type Shipping } from './journey.js';
import { createSender } from './sender.js';
import { createWmsServer } from './server.js';
import type { Effect, Faults, Ledger, SimArticle, SimOrder, WmsSimulatorOptions } from './types.js';
import { createWarehouse, orderWithReference, putArticles, setFaults, type Warehouse } from './warehouse.js';

export type { Effect, EffectName, Faults, Ledger, LedgerCall, SimArticle, WmsSimulatorOptions } from './types.js';
export { DEMO_ARTICLES } from './defaults.js';

export interface WmsSimulator {
  /** With a slash at its end: the base address of a connection. */
  url: string;
  /** What a connection to it needs. */
  settings: { baseUrl: string; wmsCode: string; customerCode: string };
  credentials: { username: string; password: string };
  ledger(): Ledger;
  /** Orders with lines and shipments, as the API shows them with everything expanded. */
  orders(): Record<string, unknown>[];
  faults(changes: Partial<Faults>): Faults;
  articles(articles: readonly SimArticle[]): void;
  /** Takes the order to its end now. @throws when there is no such reference. */
  ship(reference: string, shipping?: Shipping): void;
  setStatus(reference: string, status: string): void;
  resend(filter?: { reference?: string; topic?: string }): number;
  expireTokens(): void;
  /** What its webhooks are signed with. */
  webhookSecrets(): string[];
  /** Resolves with the first effect, past or future, that fits. */
  until(fits: (effect: Effect) => boolean): Promise<Effect>;
  /** Every webhook announced so far was sent or given up. */
  webhooksSent(): Promise<void>;
  stop(): Promise<void>;
}

export async function startWmsSimulator(options: WmsSimulatorOptions = {}): Promise<WmsSimulator> {
  const warehouse = createWarehouse(options);
  const sender = createSender(warehouse);
  const journey = createJourney(warehouse, sender);
  const server = createWmsServer({ warehouse, sender, journey });
  const { port, host, username, password, wmsCode, customerCode } = warehouse.options;
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  const url = `http://${host}:${(server.address() as AddressInfo).port}/`;

  return {
    url,
    settings: { baseUrl: url, wmsCode, customerCode },
    credentials: { username, password },
    ledger: () => ({ calls: [...warehouse.calls], effects: [...warehouse.effects] }),
    orders: () => ordersOf(warehouse),
    faults: (changes) => setFaults(warehouse, changes),
    articles: (articles) => putArticles(warehouse, articles),
    ship: (reference, shipping) => journey.ship(known(warehouse, reference), shipping),
    setStatus: (reference, status) => journey.setStatus(known(warehouse, reference), status),
    resend: (filter = {}) => sender.resend(filter),
    expireTokens: () => expireTokens(warehouse),
    webhookSecrets: () => [...warehouse.webhooks.values()].map((hook) => hook.hash_secret),
    until: (fits) => warehouse.until(fits),
    webhooksSent: () => sender.settled(),
    async stop() {
      journey.stop();
      await sender.stop();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      });
    },
  };
}

function known(warehouse: Warehouse, reference: string): SimOrder {
  const order = orderWithReference(warehouse, reference);
  if (order === undefined) throw new Error(`The simulated warehouse has no order ${reference}.`);
  return order;
}
