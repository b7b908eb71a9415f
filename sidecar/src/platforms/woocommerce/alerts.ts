/** Alerts for the shop: the plugin mails them and keeps its notices by them. */
import type { StoreSettings } from '../../domain/connection.js';
import type { AdapterWorld, CallContext } from '../platform.js';
import { storeFailure } from './errors.js';
import { signedCall } from './signed-call.js';

/** The plugin knows the ids of what it has mailed, so a message that comes again mails nobody twice. @throws PlatformFailure */
export async function tellShop(
  settings: Pick<StoreSettings, 'restUrl' | 'siteHash'>,
  storeId: string,
  message: object,
  world: AdapterWorld,
  call: CallContext,
): Promise<void> {
  const answer = await signedCall(settings, 'alert', storeId, { ...message, site: settings.siteHash }, world, call);
  if (answer.status !== 200) throw storeFailure(answer, false, world.now());
}
