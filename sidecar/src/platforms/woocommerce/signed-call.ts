/** A call to the plugin's own doors, signed with the pairing's secret (Standard Webhooks scheme; all that matters is in the body). */
import { createHmac } from 'node:crypto';
import type { HttpAnswer } from '../http.js';
import type { AdapterWorld, CallContext } from '../platform.js';
import { lostLease, type StoreAddress } from './client.js';

const TIMEOUT_MS = 30_000;
const PROTOCOL = '1';

/** @param path under the plugin's REST namespace: `outbox/pull`. @throws PlatformFailure when no answer came. */
export async function signedCall(
  { restUrl }: StoreAddress,
  path: string,
  storeId: string,
  asked: object,
  world: AdapterWorld,
  call: CallContext,
): Promise<HttpAnswer> {
  const { values } = await world.credentials.read();
  if (!(await call.mayStillSend())) throw lostLease();
  const body = JSON.stringify(asked);
  return world.http({
    method: 'POST',
    url: `${restUrl.replace(/\/+$/, '')}/tallyman/v1/${path}`,
    headers: signedHeaders(body, values['secret'] ?? '', storeId, world),
    body,
    timeoutMs: TIMEOUT_MS,
    signal: call.signal,
    remote: 'The store',
  });
}

function signedHeaders(body: string, secret: string, storeId: string, world: AdapterWorld): Record<string, string> {
  const id = `msg_${world.newId()}`;
  const timestamp = String(Math.floor(world.now() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'content-type': 'application/json',
    'tallyman-protocol': PROTOCOL,
    'tallyman-store': storeId,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
  };
}
