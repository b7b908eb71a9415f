/** What handlers need of the platforms beyond their ports. */
import type { Connection } from '../domain/connection.js';
import type { HandlerNeeds } from '../handlers/index.js';
import type { WarehouseEvent } from '../platforms/platform.js';
import type { HandlerContext } from '../queue/handler.js';
import { reworkEvent } from '../queue/rework.js';
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
  const { reads, connection, storeConnection: store } = context;
  const readEvent = () => readAgain(connection, delivery);
  return (await reworkEvent({ reads, delivery, connection, store, readEvent, now: context.now() })).writes;
}

function readAgain({ platform: key }: Connection, { body }: Delivery): WarehouseEvent {
  const platform = WAREHOUSES.find((one) => one.key === key);
  if (platform === undefined || body === null) throw new Error('There is nothing to read.');
  return platform.webhooks.read(body);
}
