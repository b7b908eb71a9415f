/** The WMS adapter beside its simulator, credentials that remember, and a receiver for webhooks. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHttp } from '../../../src/platforms/http.js';
import type { AdapterWorld, CredentialsPort, WarehousePort } from '../../../src/platforms/platform.js';
import { wms } from '../../../src/platforms/wms/platform.js';
import { startWmsSimulator, type WmsSimulator, type WmsSimulatorOptions } from '../../../src/simulators/wms/index.js';
import { call, draft, lineOf, NOW, type WarehouseHarness } from '../../contracts/platform/warehouse.js';

export interface Keyring extends CredentialsPort {
  values: Record<string, string>;
  version: number;
}

/** Refuses a replacement under an outdated version, as the real one does. */
export function keyring(values: Record<string, string>): Keyring {
  return {
    values,
    version: 1,
    read() {
      return Promise.resolve({ values: { ...this.values }, version: this.version });
    },
    replace(next, expectedVersion) {
      if (expectedVersion !== this.version) return Promise.resolve(false);
      this.values = { ...next };
      this.version += 1;
      return Promise.resolve(true);
    },
  };
}

export interface Bench {
  simulator: WmsSimulator;
  port: WarehousePort;
  keys: Keyring;
  world: AdapterWorld;
  /** Another adapter on the same credentials, as a second process has it. */
  another(): WarehousePort;
  clock: { now: number };
  stop(): Promise<void>;
}

export async function startBench(options: WmsSimulatorOptions = {}): Promise<Bench> {
  const clock = { now: NOW };
  const simulator = await startWmsSimulator({
    shipAfterMs: null,
    now: () => clock.now,
    webhookRetryDelaysMs: [1, 1],
    ...options,
  });
  const { http, close } = createHttp();
  const keys = keyring(simulator.credentials);
  const world: AdapterWorld = {
    http,
    now: () => clock.now,
    newId: () => 'id-1',
    credentials: keys,
    log: () => undefined,
  };
  const connect = (): WarehousePort => wms.connect(simulator.settings, world);
  const stop = async (): Promise<void> => {
    await simulator.stop();
    await close();
  };
  return { simulator, port: connect(), keys, world, another: connect, clock, stop };
}

export async function startWmsHarness(): Promise<WarehouseHarness> {
  const { simulator, port, stop } = await startBench();
  const receiver = await startReceiver();
  const [first, second] = ['WH-OAK-CHAIR', 'WH-WOOL-RUG'] as const;
  return {
    port,
    webhooks: wms.webhooks,
    articles: [first, second],
    refusedZip: 'REJECT',
    ordersThere: (reference) => simulator.orders().filter((order) => order['external_reference'] === reference).length,
    callsSoFar: () => simulator.ledger().calls.filter(({ path }) => !path.includes('/auth/')).length,
    loseNextCreateAnswer: () => void simulator.faults({ loseAnswerAfterCreate: { next: 1 } }),
    answerEvery: (trouble) => void simulator.faults(TROUBLES[trouble]),
    noMoreTrouble: () => void simulator.faults(CALM),
    expireToken: () => simulator.expireTokens(),
    logins: () => simulator.ledger().calls.filter(({ path }) => path.includes('/auth/')).length,
    startPicking: (reference) => simulator.setStatus(reference, 'processing'),
    ship: (reference, parcels) => simulator.ship(reference, { parcels }),
    setStatus: (reference, status) => simulator.setStatus(reference, status),
    async fill(count) {
      const references = Array.from({ length: count }, (_, index) => `FILL-${index}`);
      for (const reference of references)
        await port.createOrder(draft({ reference, lines: [lineOf(first, 1)] }), call());
      return references;
    },
    receiver,
    async stop() {
      await stop();
      await receiver.stop();
    },
  };
}

const CALM = {
  tooManyRequests: { share: 0, retryAfterSeconds: 1 },
  serverErrors: { share: 0, moment: 'either' },
  maintenancePage: 0,
  down: false,
} as const;

const TROUBLES = {
  'busy for 7 seconds': { tooManyRequests: { share: 1, retryAfterSeconds: 7 } },
  '5xx after the effect': { serverErrors: { share: 1, moment: 'after' } },
  '5xx before the effect': { serverErrors: { share: 1, moment: 'before' } },
  'a web page': { maintenancePage: 1 },
  'nothing at all': { down: true },
} as const;

type Receiver = WarehouseHarness['receiver'] & {
  /** Statuses to answer with, one after another; 200 when they are used up. */
  answers: number[];
  stop(): Promise<void>;
};

export async function startReceiver(): Promise<Receiver> {
  const deliveries: Receiver['deliveries'] = [];
  const answers: number[] = [];
  const waiting = new Map<string, (body: unknown) => void>();
  const arrived = (raw: Buffer): void => {
    const { group, action, body } = JSON.parse(raw.toString()) as Record<string, string>;
    waiting.get(`${group}.${action}`)?.(body);
  };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const raw = Buffer.concat(chunks);
      deliveries.push({ headers: request.headers as Record<string, string>, raw });
      response.writeHead(answers.shift() ?? 200).end();
      arrived(raw);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/wms/c0ffee00-0000-4000-8000-000000000001`,
    deliveries,
    answers,
    next: (topic) => new Promise((resolve) => waiting.set(topic, resolve)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
