/** What a warehouse connection's settings say about orders; a setting never saved has its default. */
import type { Connection, StoreSettings } from './connection.js';

export interface WarehouseRules {
  /** Statuses in which the warehouse should ship. */
  statuses: readonly string[];
  /** Map products by themselves when one SKU fits exactly one article. */
  autoMapBySku: boolean;
  /** After this long an order the warehouse calls shipped is completed without tracking. */
  completeWithoutTrackingMs: number;
}

export function warehouseRules({ settings }: Pick<Connection, 'settings'>): WarehouseRules {
  const { statuses, autoMapBySku, completeWithoutTrackingMinutes } = settings;
  const words = Array.isArray(statuses) ? statuses.filter((word): word is string => typeof word === 'string') : [];
  const minutes = Number(completeWithoutTrackingMinutes ?? 60);
  return {
    statuses: words.length > 0 ? words : ['processing'],
    autoMapBySku: autoMapBySku !== false,
    completeWithoutTrackingMs: (Number.isFinite(minutes) ? minutes : 60) * 60_000,
  };
}

/** @returns the store's code that starts every reference at the warehouse. */
export function storeCode(store: Pick<Connection, 'id' | 'settings'>): string {
  return (store.settings as Partial<StoreSettings>).storeCode ?? store.id;
}
