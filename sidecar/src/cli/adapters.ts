/** One adapter a connection, made anew when its settings change: renewals of a token are one at a time within it. */
import type { Connection, StoreSettings } from '../domain/connection.js';
import type { Http, HttpClient } from '../platforms/http.js';
import { rateWord } from '../platforms/rate-headers.js';
import type { AdapterWorld, StorePort, WarehousePlatform, WarehousePort } from '../platforms/platform.js';
import { wms } from '../platforms/wms/platform.js';
import { connectWooCommerce } from '../platforms/woocommerce/platform.js';
import type { Governor } from '../queue/governor.js';
import type { World } from '../queue/world.js';
import type { Vault } from '../secrets/vault.js';

export const WAREHOUSES: readonly WarehousePlatform[] = [wms];

export interface Adapters {
  warehouse(connection: Connection): WarehousePort;
  shop(connection: Connection): StorePort;
}

export function createAdapters(
  http: HttpClient,
  vault: Vault,
  world: World,
  governor: Pick<Governor, 'hear'>,
): Adapters {
  const warehouses = kept<WarehousePort>();
  const shops = kept<StorePort>();
  const adapterWorld = ({ id }: Connection): AdapterWorld => ({
    http: metered(http.http, (headers) => hear(governor, id, headers, world.now())),
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

/** Every answer may say how many calls are left. */
function metered(http: Http, hearHeaders: (headers: Readonly<Record<string, string>>) => Promise<void>): Http {
  return async (request) => {
    const answer = await http(request);
    await hearHeaders(answer.headers);
    return answer;
  };
}

async function hear(
  governor: Pick<Governor, 'hear'>,
  connectionId: string,
  headers: Readonly<Record<string, string>>,
  now: number,
): Promise<void> {
  const word = rateWord(headers, now);
  if (word !== null) await governor.hear(connectionId, word);
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
