/** Which handler does which kind of job. A kind without one does not compile. */
import type { JobKind } from '../domain/kinds.js';
import type { ReadOrder } from '../queue/accept-batch.js';
import type { Handler, HandlerContext } from '../queue/handler.js';
import type { Delivery, Write } from '../stores/store.js';
import { orderPush } from './order-push.js';
import { orderRead } from './order-read.js';
import { orderStatus } from './order-status.js';
import { outboxPull } from './outbox-pull.js';
import { shipmentApply } from './shipment-apply.js';
import { storeNet } from './store-net.js';
import { storeRecheck } from './store-recheck.js';
import { storeSweep } from './store-sweep.js';
import { warehouseArticles } from './warehouse-articles.js';
import { warehousePollOrders, warehousePollShipments } from './warehouse-poll.js';
import { warehouseWebhooks } from './warehouse-webhooks.js';
import { webhookNet } from './webhook-net.js';

/** What handlers need of the platforms beyond their ports; main.ts has it. */
export interface HandlerNeeds {
  readOrder: ReadOrder;
  webhookAddress(connectionId: string): Promise<{ url: string; secret: string } | null>;
  reworkDelivery(context: HandlerContext, delivery: Delivery): Promise<Write[]>;
}

export function createHandlers(needs: HandlerNeeds): Record<JobKind, Handler> {
  return {
    'order.push': orderPush,
    'order.status': orderStatus,
    'order.read': orderRead,
    'shipment.apply': shipmentApply,
    'outbox.pull': outboxPull(needs.readOrder),
    'store.net': storeNet,
    'store.sweep': storeSweep,
    'store.recheck': storeRecheck,
    'webhook.net': webhookNet((context, delivery) => needs.reworkDelivery(context, delivery)),
    'warehouse.poll-orders': warehousePollOrders,
    'warehouse.poll-shipments': warehousePollShipments,
    'warehouse.webhooks': warehouseWebhooks((connectionId) => needs.webhookAddress(connectionId)),
    'warehouse.articles': warehouseArticles,
  };
}
