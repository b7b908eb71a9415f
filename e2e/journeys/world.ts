import type { Sidecar } from '../stack/sidecar.ts';
import type { Stack } from '../stack/stack.ts';
import type { Employee } from '../stack/staff.ts';
import type { Warehouse } from '../stack/warehouse.ts';
import type { ManagementApi } from './management-api.ts';

/** A shop that is paired with its sidecar and connected to its warehouse. */
export type World = {
  readonly stack: Stack;
  readonly admin: Employee;
  readonly sidecar: Sidecar;
  readonly warehouse: Warehouse;
  readonly api: ManagementApi;
  readonly storeId: string;
  readonly warehouseId: string;
};
