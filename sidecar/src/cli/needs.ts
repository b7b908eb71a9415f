/** What handlers need of the platforms beyond their ports. */
import type { HandlerNeeds } from '../handlers/index.js';
import type { WarehouseEvent } from '../platforms/platform.js';
import { acceptEvent } from '../queue/accept-event.js';
import type { HandlerContext } from '../queue/handler.js';
import type { Vault } from '../secrets/vault.js';
import type { Delivery, Write } from '../stores/store.js';
import { WAREHOUSES } from './adapters.js';

export function handlerNeeds(vault: Vault, publicUrl: string | null): Omit<HandlerNeeds, 'readOrder'> {
  return {
    async webhookAddress(connectionId) {
      if (publicUrl === null) return null;
      const { values } = await vault.read(connectionId);
      const { webhookSecret } = values;
      return webhookSecret === undefined
        ? null
        : { url: `${publicUrl}/webhook/wms/${connectionId}`, secret: webhookSecret };
    },
    reworkDelivery: rework,
  };
}

async function rework(context: HandlerContext, delivery: Delivery): Promise<Write[]> {
  const event = readAgain(context, delivery);
  const finish = (state: 'processed' | 'ignored' | 'dead', note: string | null): Write => ({
    write: 'finishDelivery',
    id: delivery.id,
    state,
    note,
  });
  if (event === null) return [finish('dead', 'The body cannot be decoded.')];
  const { reads, connection, storeConnection: store, job } = context;
  const news = { reads, connection, store, now: context.now(), traceId: job.traceId, origin: `webhook ${event.topic}` };
  const { state, note, writes } = await acceptEvent(news, event);
  return [...writes, finish(state, note)];
}

function readAgain({ connection }: HandlerContext, { body }: Delivery): WarehouseEvent | null {
  const platform = WAREHOUSES.find(({ key }) => key === connection.platform);
  if (platform === undefined || body === null) return null;
  try {
    return platform.webhooks.read(body);
  } catch {
    return null;
  }
}
