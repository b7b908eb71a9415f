/** The signed pull of the plugin's outbox. */
import { PlatformFailure } from '../failure.js';
import type { AdapterWorld, CallContext } from '../platform.js';
import type { StoreAddress } from './client.js';
import { storeFailure } from './errors.js';
import { signedCall } from './signed-call.js';

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
  const answer = await signedCall(address, 'outbox/pull', storeId, { ...asked, site }, world, call);
  if (answer.status === 409) throw copyFailure();
  // A pull repeated does no harm: acknowledging twice is once.
  if (answer.status !== 200) throw storeFailure(answer, false, world.now());
  return answer.body;
}

function copyFailure(): PlatformFailure {
  const summary =
    'The address answers as a copy of the shop: nothing is read from it or written to it until someone says what it is.';
  return new PlatformFailure({ kind: 'unauthorized', status: 409, code: 'not_this_site', summary });
}
