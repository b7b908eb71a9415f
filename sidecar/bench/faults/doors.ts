/** Every door of a sidecar, with the right key: unsigned, whatever is brought would be answered alike. */
import { createHmac } from 'node:crypto';
import type { FaultWorld } from './world.js';

export interface Door {
  path: string;
  /** @returns the headers that open it. A delivery that is brought again keeps its number. */
  sign(body: Buffer, delivery: string): Record<string, string>;
}

export async function signedDoors({ api, warehouse, shop, sidecar }: FaultWorld): Promise<Door[]> {
  const json = { 'content-type': 'application/json' };
  const { rows } = await api<{ rows: { id: string; platform: string }[] }>('GET', '/connections');
  const connectionId = rows.find(({ platform }) => platform === 'wms')?.id ?? '';
  const secret = warehouse.webhookSecrets()[0] ?? '';
  const token = sidecar.token();
  return [
    {
      path: `/webhook/wms/${connectionId}`,
      sign: (body, delivery) => ({
        ...json,
        'x-webhook-id': delivery,
        'x-hmac-sha256': createHmac('sha256', secret).update(body).digest('base64'),
      }),
    },
    { path: '/v1/outbox', sign: (body) => ({ ...json, ...shop.sign(body) }) },
    { path: '/api/v1/connections', sign: () => ({ ...json, authorization: `Bearer ${token}` }) },
  ];
}

let knocks = 0;

/** @returns status 0 when nobody answered. */
export async function knock(
  { url }: FaultWorld,
  { path, sign }: Door,
  body: Buffer,
  delivery = `knock-${(knocks += 1)}`,
): Promise<{ status: number; text: string }> {
  const call = { method: 'POST', body: new Uint8Array(body), headers: sign(body, delivery) };
  return fetch(`${url}${path}`, call).then(
    async (response) => ({ status: response.status, text: await response.text() }),
    (error: unknown) => ({ status: 0, text: String(error) }),
  );
}
