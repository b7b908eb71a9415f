/** One adapter a connection, made anew when its settings change: renewals of a token are one at a time within it. */
import type { Connection, StoreSettings } from '../domain/connection.js';
import type { HttpClient } from '../platforms/http.js';
import type { AdapterWorld, StorePort, WarehousePlatform, WarehousePort } from '../platforms/platform.js';
import { wms } from '../platforms/wms/platform.js';
import { connectWooCommerce } from '../platforms/woocommerce/platform.js';
import type { World } from '../queue/world.js';
import type { Vault } from '../secrets/vault.js';

export const WAREHOUSES: readonly WarehousePlatform[] = [wms];

export interface Adapters {
  warehouse(connection: Connection): WarehousePort;
  shop(connection: Connection): StorePort;
}

export function createAdapters(http: HttpClient, vault: Vault, world: World): Adapters {
  const warehouses = kept<WarehousePort>();
  const shops = kept<StorePort>();
  const adapterWorld = ({ id }: Connection): AdapterWorld => ({
    http: http.http,
    now: () => world.now(),
    newId: () => world.newId(),
    credentials: vault.port(id),
    log: (event, fields) => world.log(event, { connectionId: id, ...fields }),
  });
  return {
    warehouse: (connection) =>
      warehouses(connection, () => platformOf(connection).connect(connection.settings, adapterWorld(connection))),
    shop: (connection) =>
      shops(connection, () =>
        connectWooCommerce(connection.settings as unknown as StoreSettings, connection.id, adapterWorld(connection)),
      ),
  };
}

function platformOf({ platform }: Connection): WarehousePlatform {
  const found = WAREHOUSES.find(({ key }) => key === platform);
  if (found === undefined) throw new Error(`No warehouse platform is called ${platform}.`);
  return found;
}

function kept<Port>() {
  const ports = new Map<string, { settings: string; port: Port }>();
  return ({ id, settings }: Connection, make: () => Port): Port => {
    const text = JSON.stringify(settings);
    const held = ports.get(id);
    if (held?.settings === text) return held.port;
    const port = make();
    ports.set(id, { settings: text, port });
    return port;
  };
}
