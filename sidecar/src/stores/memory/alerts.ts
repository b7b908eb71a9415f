import type { Alert } from '../../domain/alert.js';
import type { Guard, Store } from '../store.js';
import type { Tables } from './tables.js';

/** @returns the refusal when one of this key is open already. */
export function openAlert(tables: Tables, alert: Alert): Guard | null {
  const { id, orgId, key } = alert;
  if (openAlertOf(tables, orgId, key) !== null) return { guard: 'noOpenAlert', orgId, key };
  if (tables.alerts.get(id) !== null) throw new Error(`There is an alert ${id} already.`);
  tables.alerts.put(alert, id);
  return null;
}

/** An end that was said before stands. */
export function clearAlert(tables: Tables, id: string, now: number): void {
  const alert = tables.alerts.get(id);
  if (alert !== null && isOpen(alert)) tables.alerts.put({ ...alert, clearedAt: now }, id);
}

export function openAlertOf(tables: Tables, orgId: string, key: string): Alert | null {
  return tables.alerts.all().find((alert) => isOpen(alert) && alert.orgId === orgId && alert.key === key) ?? null;
}

export function alertsOf(tables: Tables, { orgId, open }: Parameters<Store['alerts']>[0]): Alert[] {
  const latest = (a: Alert, b: Alert): number => b.openedAt - a.openedAt || (a.id < b.id ? 1 : -1);
  return tables.alerts
    .all()
    .filter((alert) => (orgId === undefined || alert.orgId === orgId) && (open === undefined || isOpen(alert)))
    .sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || latest(a, b));
}

const isOpen = ({ clearedAt }: Alert): boolean => clearedAt === null;
