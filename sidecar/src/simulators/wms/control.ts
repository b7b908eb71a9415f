/** Everything under /_sim: what happened, what is to go wrong, and what should happen now. Not part of the real API. */
import { expireTokens } from './auth.js';
import type { Journey } from './journey.js';
import { notFound, objectOf, ok, textOf, type Asked, type Reply } from './replies.js';
import type { Sender } from './sender.js';
import type { SimArticle } from './types.js';
import { EVERYTHING, orderView, shipmentView } from './views.js';
import { orderWithReference, putArticles, setFaults, type Warehouse } from './warehouse.js';

export interface Simulated {
  warehouse: Warehouse;
  sender: Sender;
  journey: Journey;
}

export function control({ warehouse, sender, journey }: Simulated, asked: Asked): Reply {
  const [, what = '', reference = ''] = asked.path.replace(/^\//, '').split('/').map(decodeURIComponent);
  const body = objectOf(asked.body);
  switch (`${asked.method} ${what}`) {
    case 'GET ledger':
      return ok({ calls: warehouse.calls, effects: warehouse.effects });
    case 'GET orders':
      return ok(ordersOf(warehouse));
    case 'GET articles':
      return ok([...warehouse.articles.values()]);
    case 'GET webhooks':
      return ok([...warehouse.webhooks.values()].map(({ id, url, group, action }) => ({ id, url, group, action })));
    case 'GET faults':
      return ok(warehouse.faults);
    case 'POST faults':
      return ok(setFaults(warehouse, body));
    case 'POST articles':
      putArticles(warehouse, (Array.isArray(asked.body) ? asked.body : (body['articles'] ?? [])) as SimArticle[]);
      return ok([...warehouse.articles.values()]);
    case 'POST webhook':
      return ok({ sent: sender.resend(body) });
    case 'POST expire-tokens':
      expireTokens(warehouse);
      return ok({});
    case 'POST ship':
    case 'POST status': {
      const order = orderWithReference(warehouse, reference);
      if (order === undefined) return notFound;
      if (what === 'ship') journey.ship(order, body);
      else journey.setStatus(order, textOf(body['status']));
      return ok(orderView(warehouse, order, EVERYTHING));
    }
    default:
      return notFound;
  }
}

/** Orders with their shipments, all of it. */
export function ordersOf(warehouse: Warehouse): Record<string, unknown>[] {
  return [...warehouse.orders.values()].map((order) => ({
    ...orderView(warehouse, order, EVERYTHING),
    shipments: order.shipmentIds.flatMap((id) => {
      const shipment = warehouse.shipments.get(id);
      return shipment === undefined ? [] : [shipmentView(warehouse, shipment, EVERYTHING)];
    }),
  }));
}
