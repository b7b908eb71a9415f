/** Shipments of one order, and all of them by date. */
import { z } from 'zod';
import type { CallContext, WarehousePort } from '../platform.js';
import type { WmsClient } from './client.js';
import { PAGE_SIZE, nextPage } from './pages.js';
import { parcelIn, parcelSchema, type RawParcel } from './parcel-in.js';
import { dateBefore } from './time.js';

const EXPAND = 'shipment_lines,shipment_labels,shipping_method,variant';
/** The filter takes whole days of the warehouse's time zone; a day more makes up for the difference. */
const OVERLAP_DAYS = 1;

export function wmsParcels(client: WmsClient): Pick<WarehousePort, 'parcelsOf' | 'listParcels'> {
  const list = async (query: Record<string, string | number>, page: number, call: CallContext) => {
    const all = { limit: PAGE_SIZE, sort: 'createdAt', direction: 'asc', page, ...query };
    const rows = await client.json(
      { method: 'GET', path: 'wms/shipments/', query: all, expand: EXPAND, sort: 'read' },
      z.array(parcelSchema),
      call,
    );
    return { rows, next: nextPage(rows, page) };
  };

  return {
    async parcelsOf(order, call) {
      const found: RawParcel[] = [];
      for (let page: number | null = 1; page !== null;) {
        const answer: { rows: RawParcel[]; next: number | null } = await list(
          { 'order_external_reference[]': order.reference },
          page,
          call,
        );
        found.push(...answer.rows);
        page = answer.next;
      }
      const parcels = found.map(parcelIn);
      return parcels.filter(({ orderRemoteId, orderReference }) =>
        orderRemoteId === '' ? orderReference === order.reference : orderRemoteId === order.id,
      );
    },

    async listParcels({ from, page }, call) {
      const { rows, next } = await list({ from: dateBefore(from, OVERLAP_DAYS) }, page, call);
      return { rows: rows.map(parcelIn), next };
    },
  };
}
