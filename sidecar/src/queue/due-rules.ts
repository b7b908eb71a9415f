/** The rules `dueAtWarehouse` judges by, gathered in one place: push, net and screen must never answer differently. */
import type { Connection } from '../domain/connection.js';
import type { DueRules } from '../domain/due.js';
import { sendNow } from '../domain/fact.js';
import { warehouseRules } from '../domain/warehouse-rules.js';
import type { Store } from '../stores/store.js';

export async function dueRules(
  reads: Pick<Store, 'hasFact'>,
  connection: Connection,
  orderId: number,
  settlement: DueRules['settlement'],
): Promise<DueRules> {
  const { statuses } = warehouseRules(connection);
  const pressed = await reads.hasFact(sendNow(connection.id, orderId));
  return { statuses, startsAt: connection.startsAt, settlement, sendNow: pressed };
}
