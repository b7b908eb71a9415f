import type { BreakerState } from './breaker.js';

export type PlatformKey = 'woocommerce' | 'wms';

/** One account on a platform, with its rules. The WooCommerce connection is "the store"; others name the store they serve. */
export interface Connection {
  id: string;
  orgId: string;
  platform: PlatformKey;
  name: string;
  /** The store's connection id; for the store itself its own id. */
  storeId: string;
  state: 'active' | 'paused';
  /** Why it is paused, as a sentence; null while active. */
  pauseReason: string | null;
  /** 'person', or the failure that paused it. */
  pausedBy: string | null;
  settings: ConnectionSettings;
  breaker: BreakerState;
  /** Orders created before this moment are not sent by themselves. Epoch ms. */
  startsAt: number;
  createdAt: number;
  updatedAt: number;
  lastSuccessAt: number | null;
  lastFailure: { at: number; summary: string } | null;
  /** Bumped on each write of the credentials: a refresh under an older one is refused. */
  credentialsVersion: number;
}

/** Plain settings (no secrets), as the platform's form defines them; read through the platform's own parser. */
export type ConnectionSettings = Readonly<Record<string, unknown>>;

/** Settings of a store's connection. */
export interface StoreSettings {
  /** Home address, no trailing slash. */
  url: string;
  /** REST root, e.g. https://shop.example/wp-json/ or https://shop.example/?rest_route=/ */
  restUrl: string;
  /** sha256 hex of host + path of the address the pairing is bound to. */
  siteHash: string;
  /** Prefix of references at the warehouse; chosen at pairing, never changed. */
  storeCode: string;
  epoch: string;
  versions: Readonly<Record<string, string>>;
}
