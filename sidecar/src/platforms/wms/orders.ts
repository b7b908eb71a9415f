/** Orders at the warehouse: look up, read, create, change, cancel. */
import { z } from 'zod';
import type { FoundOrder, WarehouseOrder } from '../../domain/warehouse-order.js';
import { PlatformFailure } from '../failure.js';
import type { CallContext, WarehousePort } from '../platform.js';
import type { WmsClient } from './client.js';
import { foundIn, orderIn, orderSchema, type RawOrder } from './order-in.js';
import { createBody, updateBody } from './order-out.js';
import { PAGE_SIZE, nextPage } from './pages.js';
import type { WmsSettings } from './settings.js';
import { PICKING_RANK } from './statuses.js';
import { dateBefore } from './time.js';

const EXPAND = 'order_lines,shipping_address,variants,meta_data';
/** The list's date is that of creation, not of change: an order is polled for this long, later news come by webhook or by id. */
const POLLED_DAYS = 7;
/** A reference filter that finds more than this is no exact one, and not worth reading to its end. */
const MAX_LOOKUP_PAGES = 20;
const REFUSALS = new Set(['invalid', 'rejected', 'conflict', 'unauthorized']);

type OrderPort = Pick<
  WarehousePort,
  'findOrders' | 'readOrder' | 'createOrder' | 'updateOrder' | 'cancelOrder' | 'listOrders'
>;

export function wmsOrders(client: WmsClient, settings: WmsSettings): OrderPort {
  const list = (query: Record<string, string | number>, call: CallContext) =>
    client.json(
      { method: 'GET', path: 'wms/orders/', query: { limit: PAGE_SIZE, ...query }, sort: 'read' },
      z.array(orderSchema),
      call,
    );

  const readWhole = (id: string, call: CallContext): Promise<RawOrder> => {
    const path = `wms/orders/${encodeURIComponent(id)}/`;
    return client.json({ method: 'GET', path, expand: EXPAND, sort: 'read' }, orderSchema, call);
  };
  const readOrder = async (id: string, call: CallContext): Promise<WarehouseOrder> =>
    orderIn(await readWhole(id, call));

  return {
    readOrder,

    async findOrders(reference, call) {
      const ids: string[] = [];
      for (let page = 1; page <= MAX_LOOKUP_PAGES; page += 1) {
        const rows = await list({ external_reference: reference, page }, call);
        // The filter might match parts: "SHOP-1" is not "SHOP-12".
        ids.push(...rows.filter((row) => row.external_reference === reference).map((row) => row.id));
        if (nextPage(rows, page) === null) break;
      }
      // Lists carry no meta data, and only that tells whose order it is.
      const found: FoundOrder[] = [];
      for (const id of new Set(ids)) found.push(foundIn(await readWhole(id, call)));
      return found;
    },

    async createOrder(draft, call) {
      const request = {
        method: 'POST',
        path: 'wms/orders/',
        expand: EXPAND,
        body: createBody(draft, settings),
        sort: 'create',
      } as const;
      return orderIn(await client.json(request, orderSchema, call));
    },

    async updateOrder(id, draft, call) {
      const path = `wms/orders/${encodeURIComponent(id)}/`;
      const request = {
        method: 'PATCH',
        path,
        expand: EXPAND,
        body: updateBody(draft, settings),
        sort: 'repeatable',
      } as const;
      try {
        return orderIn(await client.json(request, orderSchema, call));
      } catch (error) {
        throw await tooLateOr(error, 'changed', () => readOrder(id, call));
      }
    },

    async cancelOrder(id, call) {
      const path = `wms/orders/${encodeURIComponent(id)}/cancel/`;
      try {
        await client.done({ method: 'PATCH', path, sort: 'repeatable' }, call);
      } catch (error) {
        if (!isRefusal(error)) throw error;
        const order = await readOrder(id, call);
        // Our own earlier call may have done it, with its answer lost.
        if (order.stage !== 'cancelled') throw tooLate(error, order, 'cancelled');
      }
    },

    async listOrders({ from, page }, call) {
      const query = { from: dateBefore(from, POLLED_DAYS), page, sort: 'createdAt', direction: 'asc' };
      const rows = await list(query, call);
      return { rows: rows.map(orderIn), next: nextPage(rows, page) };
    },
  };
}

/** The warehouse refuses changes from picking on in the same words as bad data; its state says which of both it is. */
async function tooLateOr(error: unknown, what: string, read: () => Promise<WarehouseOrder>): Promise<unknown> {
  if (!isRefusal(error)) return error;
  const order = await read();
  return order.rank >= PICKING_RANK ? tooLate(error, order, what) : error;
}

function isRefusal(error: unknown): error is PlatformFailure {
  // Without a status nothing was asked; a 401 is about us, not about the order.
  return error instanceof PlatformFailure && REFUSALS.has(error.kind) && error.status !== null && error.status !== 401;
}

function tooLate({ status, excerpt }: PlatformFailure, order: WarehouseOrder, what: string): PlatformFailure {
  const summary = `The warehouse has ${order.number} as "${order.status}": it cannot be ${what} there any more.`;
  return new PlatformFailure({ kind: 'rejected', code: 'too_late', status, summary, excerpt });
}
