/** The warehouse platform "WMS": the eWarehousing Solutions API and those shaped like it. */
import { z } from 'zod';
import { PlatformFailure } from '../failure.js';
import type { AdapterWorld, CallContext, TestReport, WarehousePlatform, WarehousePort } from '../platform.js';
import { wmsArticles } from './articles.js';
import { createWmsClient, type WmsClient } from './client.js';
import { wmsOrders } from './orders.js';
import { wmsParcels } from './parcels.js';
import { ensureWmsWebhooks } from './registration.js';
import { readWmsSettings, WMS_FIELDS, type WmsSettings } from './settings.js';
import { wmsWebhooks } from './webhooks.js';

export const wms: WarehousePlatform = {
  role: 'warehouse',
  key: 'wms',
  name: 'Warehouse (eWarehousing)',
  fields: WMS_FIELDS,
  connect: (settings, world) => connectWms(readWmsSettings(settings), world),
  webhooks: wmsWebhooks,
};

/** Keep what it returns for as long as the settings stand: renewals of the token are one at a time within it. */
function connectWms(settings: WmsSettings, world: AdapterWorld): WarehousePort {
  const client = createWmsClient(settings, world);
  return {
    ...wmsOrders(client, settings),
    ...wmsParcels(client),
    ...wmsArticles(client),
    test: (call) => testWms(client, settings, call),
    ensureWebhooks: (url, secret, call) => ensureWmsWebhooks(client, url, secret, call),
  };
}

/** Asks for something only this customer may see: a login alone does not prove the customer code. */
async function testWms(
  client: WmsClient,
  { baseUrl, customerCode }: WmsSettings,
  call: CallContext,
): Promise<TestReport> {
  try {
    await client.json(
      { method: 'GET', path: 'wms/orders/', query: { limit: 1, page: 1 }, sort: 'read' },
      z.array(z.unknown()),
      call,
    );
    return { ok: true, sentence: `${new URL(baseUrl).host} let us in and listed the orders of ${customerCode}.` };
  } catch (error) {
    if (error instanceof PlatformFailure) return { ok: false, sentence: error.summary };
    throw error;
  }
}
