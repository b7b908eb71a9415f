/** Which path does what. All paths of the API end in a slash. */
import { login, refresh, refusal } from './auth.js';
import { listArticles, listShipments, listShippingMethods, listStock, readShipment } from './catalogue.js';
import { control, type Simulated } from './control.js';
import { cancelOrder, changeOrder, createOrder, listOrders, readOrder } from './orders.js';
import { notFound, type Asked, type Reply } from './replies.js';
import { addWebhook, changeWebhook, listWebhooks, readWebhook, removeWebhook } from './webhooks.js';

type Answer = (simulated: Simulated, asked: Asked, id: string) => Reply;

const OPEN: Readonly<Record<string, Answer>> = {
  'POST wms/auth/login/': ({ warehouse }, asked) => login(warehouse, asked),
  'POST wms/auth/refresh/': ({ warehouse }, asked) => refresh(warehouse, asked),
};

const GUARDED: Readonly<Record<string, Answer>> = {
  'GET wms/orders/': ({ warehouse }, asked) => listOrders(warehouse, asked),
  'POST wms/orders/': ({ warehouse, journey }, asked) => createOrder(warehouse, journey, asked),
  'GET wms/orders/{id}/': ({ warehouse }, asked, id) => readOrder(warehouse, asked, id),
  'PATCH wms/orders/{id}/': ({ warehouse, journey }, asked, id) => changeOrder(warehouse, journey, asked, id),
  'PATCH wms/orders/{id}/cancel/': ({ warehouse, journey }, _asked, id) => cancelOrder(warehouse, journey, id),
  'GET wms/shipments/': ({ warehouse }, asked) => listShipments(warehouse, asked),
  'GET wms/shipments/{id}/': ({ warehouse }, asked, id) => readShipment(warehouse, asked, id),
  'GET wms/articles/': ({ warehouse }, asked) => listArticles(warehouse, asked),
  'GET wms/stock/': ({ warehouse }, asked) => listStock(warehouse, asked),
  'GET wms/shippingmethods/': () => listShippingMethods(),
  'GET webhooks/': ({ warehouse }, asked) => listWebhooks(warehouse, asked),
  'POST webhooks/': ({ warehouse }, asked) => addWebhook(warehouse, asked),
  'GET webhooks/{id}/': ({ warehouse }, _asked, id) => readWebhook(warehouse, id),
  'PATCH webhooks/{id}/': ({ warehouse }, asked, id) => changeWebhook(warehouse, asked, id),
  'DELETE webhooks/{id}/': ({ warehouse }, _asked, id) => removeWebhook(warehouse, id),
};

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/;

export const isControl = (path: string): boolean => path.startsWith('/_sim/');

export const isOrderCreate = ({ method, path }: Pick<Asked, 'method' | 'path'>): boolean =>
  method === 'POST' && path === '/wms/orders/';

export function answer(simulated: Simulated, asked: Asked): Reply {
  if (isControl(asked.path)) return control(simulated, asked);
  const [id = ''] = UUID.exec(asked.path) ?? [];
  const route = `${asked.method} ${asked.path.slice(1).replace(UUID, '{id}')}`;
  const open = OPEN[route];
  if (open !== undefined) return open(simulated, asked, id);
  const refused = refusal(simulated.warehouse, asked);
  if (refused !== null) return refused;
  return GUARDED[route]?.(simulated, asked, id) ?? notFound;
}
