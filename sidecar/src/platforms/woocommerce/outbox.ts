/** The signed pull of the plugin's outbox (Standard Webhooks scheme; everything that matters is in the body). */
import { createHmac } from 'node:crypto';
import { PlatformFailure } from '../failure.js';
import type { AdapterWorld, CallContext } from '../platform.js';
import { lostLease, type StoreAddress } from './client.js';
import { storeFailure } from './errors.js';

const TIMEOUT_MS = 30_000;
const PROTOCOL = '1';

export interface PullRequest {
  acknowledge: string[];
  max: number;
  fromSequence: number | null;
}

/** @returns the batch's exact bytes. @throws PlatformFailure; a copy of the site (409) pauses the connection. */
export async function pullOutbox(
  address: StoreAddress,
  site: string,
  storeId: string,
  asked: PullRequest,
  world: AdapterWorld,
  call: CallContext,
): Promise<Uint8Array> {
  const { values } = await world.credentials.read();
  if (!(await call.mayStillSend())) throw lostLease();
  const body = JSON.stringify({ ...asked, site });
  const answer = await world.http({
    method: 'POST',
    url: `${address.restUrl.replace(/\/+$/, '')}/tallyman/v1/outbox/pull`,
    headers: signedHeaders(body, values['secret'] ?? '', storeId, world),
    body,
    timeoutMs: TIMEOUT_MS,
    signal: call.signal,
    remote: 'The store',
  });
  if (answer.status === 409) throw copyFailure();
  // A pull repeated does no harm: acknowledging twice is once.
  if (answer.status !== 200) throw storeFailure(answer, false, world.now());
  return answer.body;
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

function copyFailure(): PlatformFailure {
  const summary =
    'The address answers as a copy of the shop: nothing is read from it or written to it until someone says what it is.';
  return new PlatformFailure({ kind: 'unauthorized', status: 409, code: 'not_this_site', summary });
}
