/** Who asks, and what they may see: one organisation, and of it one store when a store's screen asks. */
import type { Connection } from '../domain/connection.js';
import type { Role, Store } from '../stores/store.js';
import { ApiFailure, notFound } from './errors.js';

export interface Identity {
  orgId: string;
  /** Calls signed by a store reach that store's connections only; null for a token, which reaches the organisation. */
  storeId: string | null;
  /** "Anna (user 3)", "token backup-script": what the activity will say. */
  who: string;
  role: Role;
}

const RANK = { viewer: 0, operator: 1, admin: 2 } as const satisfies Record<Role, number>;

export const mayAct = (identity: Identity, role: Role): boolean => RANK[identity.role] >= RANK[role];

export function demand(identity: Identity, role: Role): void {
  if (!mayAct(identity, role)) throw new ApiFailure(403, 'forbidden', `This needs the role "${role}".`);
}

/** What concerns the whole installation is not for the screen of one store. */
export function demandWholeOrg(identity: Identity): void {
  if (identity.storeId !== null)
    throw new ApiFailure(403, 'forbidden', 'This cannot be done from the screen of a store. Use the tallyman command.');
}

export async function visibleConnections(store: Pick<Store, 'connections'>, identity: Identity): Promise<Connection[]> {
  const all = await store.connections(identity.orgId);
  return identity.storeId === null ? all : all.filter((one) => one.storeId === identity.storeId);
}

/** @throws 404 for an unknown connection as for another's: who may not see it does not learn that it exists. */
export async function visibleConnection(
  store: Pick<Store, 'connection'>,
  identity: Identity,
  id: string,
): Promise<Connection> {
  const connection = await store.connection(id);
  const reachable = connection !== null && connection.orgId === identity.orgId;
  if (!reachable || (identity.storeId !== null && connection.storeId !== identity.storeId))
    throw notFound('connection');
  return connection;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set on every route of the management API before its handler runs. */
    identity: Identity;
  }
  interface FastifyContextConfig {
    /** The least role that may use the route; 'viewer' when not given. */
    role?: Role;
  }
}
