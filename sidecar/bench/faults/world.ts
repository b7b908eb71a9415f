/** A simulated shop, a simulated warehouse and a real sidecar between them. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startShopSimulator, type ShopSimulator } from '../../src/simulators/shop/server.js';
import { startWmsSimulator, type WmsSimulator, type WmsSimulatorOptions } from '../../src/simulators/wms/index.js';
import { sidecarProcess, type SidecarProcess } from './sidecar-process.js';

export interface FaultWorld {
  shop: ShopSimulator;
  warehouse: WmsSimulator;
  sidecar: SidecarProcess;
  /** Jobs in a state, as the management API counts them. */
  count(state: string): Promise<number>;
  /** What jobs in a state say, for whoever looks into a failed run. */
  sentences(state: string): Promise<string[]>;
  stop(): Promise<void>;
}

export const ARTICLE = { code: 'WH-GREEN-JACKET', name: 'Green jacket', sku: 'green-jacket' };

export async function startFaultWorld(options: WmsSimulatorOptions): Promise<FaultWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'tallyman-faults-'));
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  const warehouse = await startWmsSimulator({ articles: [ARTICLE], shipAfterMs: 500, ...options });
  const shop = await startShopSimulator();
  const sidecar = await sidecarProcess(dataDir);
  await sidecar.start();
  const { code } = JSON.parse(await sidecar.command('pair', '--json')) as { code: string };
  await shop.pair(sidecar.url, code, 'OAK');
  const token = tokenIn(await sidecar.command('token', 'create', '--name', 'faults', '--role', 'admin'));
  const api = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${sidecar.url}/api/v1${path}`, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as unknown;
  };
  const settings = { ...warehouse.settings, statuses: ['processing'], ratePerMinute: 6000 };
  await api('POST', '/connections', {
    platform: 'wms',
    name: 'Simulated warehouse',
    settings,
    secrets: warehouse.credentials,
  });
  return {
    shop,
    warehouse,
    sidecar,
    async count(state) {
      const { counts } = (await api('GET', '/jobs?per_page=1')) as { counts: Record<string, number> };
      return counts[state] ?? 0;
    },
    async sentences(state) {
      const { rows } = (await api('GET', `/jobs?state=${state}&per_page=5`)) as {
        rows: { title: string; sentence: string }[];
      };
      return rows.map(({ title, sentence }) => `${title}: ${sentence}`);
    },
    async stop() {
      await sidecar.stop();
      await Promise.all([shop.stop(), warehouse.stop()]);
      if (process.env['TALLYMAN_FAULTS_KEEP'] === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

function tokenIn(text: string): string {
  const found = /tm_[A-Za-z0-9_-]+|[A-Za-z0-9_-]{32,}/.exec(text);
  if (found === null) throw new Error(`No token in: ${text}`);
  return found[0];
}
