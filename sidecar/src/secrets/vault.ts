/** A connection's secrets, opened where they are needed and replaced only by who has seen the latest. */
import type { CredentialsPort } from '../platforms/platform.js';
import type { Store } from '../stores/store.js';
import type { Sealed, SealedBox, SecretValues } from './sealed-box.js';

export interface Vault {
  seal(connectionId: string, values: SecretValues): Sealed;
  /** Plain values and their version; empty and 0 when the connection has none. @throws UnsealFailure */
  read(connectionId: string): Promise<{ values: SecretValues; version: number }>;
  port(connectionId: string): CredentialsPort;
}

export function vault(store: Pick<Store, 'credentials' | 'apply'>, box: SealedBox, now: () => number): Vault {
  const open = openedCache(box);
  const read: Vault['read'] = async (connectionId) => {
    const row = await store.credentials(connectionId);
    return row === null ? { values: {}, version: 0 } : { values: open(connectionId, row), version: row.version };
  };
  return {
    seal: (connectionId, values) => box.seal(values, connectionId),
    read,
    port: (connectionId) => ({
      read: () => read(connectionId),
      async replace(values, expectedVersion) {
        const applied = await store.apply({
          now: now(),
          guards: [{ guard: 'credentialsVersion', connectionId, version: expectedVersion }],
          writes: [{ write: 'putCredentials', connectionId, ...box.seal(values, connectionId) }],
        });
        return applied.applied;
      },
    }),
  };
}

/** Opening costs more than verifying a webhook: each version of a row is opened once. */
function openedCache(box: SealedBox) {
  const held = new Map<string, { version: number; values: SecretValues }>();
  return (connectionId: string, row: Sealed & { version: number }): SecretValues => {
    const known = held.get(connectionId);
    if (known?.version === row.version) return known.values;
    const values = box.open(row, connectionId);
    held.set(connectionId, { version: row.version, values });
    return values;
  };
}
