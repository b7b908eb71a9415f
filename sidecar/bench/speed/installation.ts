/** A whole sidecar, as it is installed, on a data folder that was filled before. */
import { createHmac } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sidecarProcess, type SidecarProcess } from '../faults/sidecar-process.ts';
import type { Lab } from './lab.ts';
import type { Filling } from './programs/filled.ts';
import { SECRET_KEY, WAREHOUSE, WEBHOOK_SECRET } from './secrets.ts';

const ACCEPTS_WITHIN_MS = 30_000;
/** With the flags that it gives to Node. */
const AS_INSTALLED = fileURLToPath(new URL('../../bin/tallyman', import.meta.url));

export async function installation(lab: Lab, name: string, filling: Omit<Filling, 'file'>): Promise<SidecarProcess> {
  const dataDir = lab.file(join(name, 'data'));
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const filler = await lab.program('filled');
  await filler.ask('fill', { file: join(dataDir, 'tallyman.sqlite'), ...filling });
  await filler.stop();
  // At its own level: a service logs at info.
  const sidecar = await sidecarProcess(dataDir, {
    command: [AS_INSTALLED],
    env: { TALLYMAN_SECRET_KEY: SECRET_KEY, TALLYMAN_LOG_LEVEL: 'info' },
  });
  lab.alsoStop(() => sidecar.stop());
  return sidecar;
}

let deliveries = 0;

/** @returns whether a signed webhook was kept. */
export async function isKept(url: string): Promise<boolean> {
  const order = ++deliveries;
  const body = JSON.stringify({
    group: 'order',
    action: 'updated',
    body: { id: `w-${order}`, reference: `W${order}`, external_reference: `OAK-${order}`, status: 'processing' },
  });
  const headers = {
    'content-type': 'application/json',
    'x-webhook-id': `restart-${order}`,
    'x-hmac-sha256': createHmac('sha256', WEBHOOK_SECRET).update(body).digest('base64'),
  };
  const answer = await fetch(`${url}/webhook/wms/${WAREHOUSE}`, { method: 'POST', headers, body }).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.ok ?? false;
}

/** @returns milliseconds from the start of the process until it has kept a webhook. */
export async function startUntilKept(sidecar: SidecarProcess): Promise<number> {
  const startedAt = performance.now();
  const starting = sidecar.start();
  while (!(await isKept(sidecar.url))) {
    if (performance.now() - startedAt > ACCEPTS_WITHIN_MS)
      throw new Error(`Nothing was accepted: ${sidecar.log().slice(-1_000)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  const tookMs = performance.now() - startedAt;
  await starting;
  return tookMs;
}
