import type { WmsSimulator, WmsSimulatorOptions } from '../../sidecar/dist/simulators/wms/index.js';
import type { Employee } from './staff.ts';

export type Warehouse = WmsSimulator;

/** The simulated warehouse, in this process: it outlives every restart of the sidecar. */
export async function startWarehouse(options: WmsSimulatorOptions = {}): Promise<Warehouse> {
  const { startWmsSimulator } = await import('../../sidecar/dist/simulators/wms/index.js');
  return startWmsSimulator(options);
}

export const WAREHOUSE_NAME = 'Warehouse North';

/** What an administrator does on the screen: fills in the form of the warehouse. Answers the connection's id. */
export async function connectWarehouse(
  admin: Employee,
  warehouse: Warehouse,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const { id } = await admin.rest<{ id: string }>('POST', '/tallyman/v1/proxy/api/v1/connections', {
    platform: 'wms',
    name: WAREHOUSE_NAME,
    settings: { ...warehouse.settings, ...more },
    secrets: warehouse.credentials,
  });
  return id;
}
