/** The ways alerts leave the sidecar: the shop's plugin, and an address of the operator's. */
import type { Connection, StoreSettings } from '../domain/connection.js';
import { sign } from '../http/signature.js';
import { PlatformFailure } from '../platforms/failure.js';
import type { HttpClient } from '../platforms/http.js';
import type { AdapterWorld } from '../platforms/platform.js';
import { tellShop } from '../platforms/woocommerce/alerts.js';
import type { Channels, WebhookNews } from '../queue/alert-courier.js';
import type { World } from '../queue/world.js';
import type { Vault } from '../secrets/vault.js';

export interface AlertWebhook {
  url: string;
  /** whsec_... */
  secret: string;
}

const TIMEOUT_MS = 15_000;

export function alertChannels(
  http: HttpClient,
  vault: Pick<Vault, 'port'>,
  world: World,
  webhook: AlertWebhook | null,
): Channels {
  const adapterWorld = ({ id }: Connection): AdapterWorld => ({
    http: http.http,
    now: () => world.now(),
    newId: () => world.newId(),
    credentials: vault.port(id),
    log: (event, fields) => world.log(event, { connectionId: id, ...fields }),
  });
  return {
    shop: (store, message) => {
      const call = { signal: AbortSignal.timeout(TIMEOUT_MS), mayStillSend: async () => true, traceId: world.newId() };
      return tellShop(store.settings as unknown as StoreSettings, store.id, message, adapterWorld(store), call);
    },
    webhook: webhook === null ? null : (news) => post(http, webhook, news, world.now()),
  };
}

async function post({ http }: HttpClient, { url, secret }: AlertWebhook, { id, ...news }: WebhookNews, now: number) {
  const body = JSON.stringify(news);
  const timestamp = Math.floor(now / 1000);
  const { status } = await http({
    method: 'POST',
    url,
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(timestamp),
      'webhook-signature': sign(secret, id, timestamp, body),
    },
    body,
    timeoutMs: TIMEOUT_MS,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    remote: 'The alert webhook',
  });
  if (status < 200 || status > 299) {
    throw new PlatformFailure({ kind: 'unavailable', status, summary: `The alert webhook answered ${status}.` });
  }
}
