/** How hard a connection may be driven: its own settings, or the platform's default. */
import type { Connection, PlatformKey } from '../domain/connection.js';

export interface Limits {
  ratePerMinute: number;
  /** Most jobs of the connection at one time. */
  concurrency: number;
}

const DEFAULTS = {
  // A shop's PHP workers are scarce; it has no limiter of its own.
  woocommerce: { ratePerMinute: 600, concurrency: 6 },
  // Its numbers are unconfirmed; the vendor's own client keeps to 60.
  wms: { ratePerMinute: 60, concurrency: 6 },
} as const satisfies Record<PlatformKey, Limits>;

export function limitsOf({ platform, settings }: Pick<Connection, 'platform' | 'settings'>): Limits {
  return {
    ratePerMinute: positive(settings['ratePerMinute']) ?? DEFAULTS[platform].ratePerMinute,
    concurrency: positive(settings['concurrency']) ?? DEFAULTS[platform].concurrency,
  };
}

function positive(value: unknown): number | null {
  const number = typeof value === 'string' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) && number >= 1 ? Math.floor(number) : null;
}
