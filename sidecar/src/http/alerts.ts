/** What a person should know now and what was over lately; and how well the queue keeps up. */
import { overSentence } from '../domain/alert-rules.js';
import type { Alert } from '../domain/alert.js';
import { atLeastLate, forecast } from '../domain/forecast.js';
import type { Connection } from '../domain/connection.js';
import { slaLines } from '../domain/sla.js';
import { FLOW_MS, type Stats, type Store } from '../stores/store.js';
import type { Api } from './api-scope.js';
import type { AlertList, AlertRow, BacklogForecast, SlaRow } from './api.js';
import { iso } from './connection-view.js';
import { visibleConnections, type Identity } from './identity.js';
import type { HttpWorld } from './world.js';

const MOST = 500;
const RECENT = 50;
/** Those that wait to run by themselves. */
const RUNNABLE = ['queued', 'running', 'retrying'] as const;

export function alertRoutes(api: Api, world: HttpWorld): void {
  api.get('/alerts', async ({ identity }): Promise<AlertList> => {
    const rows = await alertRows(world, identity, await visibleConnections(world.store, identity));
    const [open, over] = [rows.filter(isOpen), rows.filter((row) => !isOpen(row))];
    return { open, recent: over.slice(0, RECENT) };
  });
}

/** Open ones only, for the overview. */
export async function openAlerts(
  world: Pick<HttpWorld, 'store'>,
  identity: Identity,
  connections: readonly Connection[],
): Promise<AlertRow[]> {
  return (await alertRows(world, identity, connections, { open: true })).filter(isOpen);
}

const isOpen = ({ clearedAt }: AlertRow): boolean => clearedAt === null;

async function alertRows(
  { store }: Pick<HttpWorld, 'store'>,
  { orgId, storeId }: Identity,
  connections: readonly Connection[],
  only: { open?: true } = {},
): Promise<AlertRow[]> {
  const names = new Map(connections.map(({ id, name }) => [id, name]));
  const alerts = await store.alerts({ orgId, ...only }, MOST);
  // What concerns no connection, or one that is gone, is for those who see the whole organisation.
  const visible = ({ connectionId }: Alert) => storeId === null || (connectionId !== null && names.has(connectionId));
  return alerts.filter(visible).map((alert) => row(alert, names));
}

function row(alert: Alert, names: ReadonlyMap<string, string>): AlertRow {
  const { id, kind, connectionId, sentence, openedAt, clearedAt } = alert;
  const name = connectionId === null ? undefined : names.get(connectionId);
  return {
    id,
    kind,
    connection: connectionId === null || name === undefined ? null : { id: connectionId, name },
    sentence,
    openedAt: iso(openedAt) ?? '',
    clearedAt: iso(clearedAt),
    over: clearedAt === null ? null : overSentence(kind, name ?? 'A connection that is gone'),
  };
}

export function slaRows(stats: Pick<Stats, 'sla'>): SlaRow[] {
  return slaLines(stats.sla).map(({ withinMs, ...line }) => ({ ...line, withinSeconds: withinMs / 1000 }));
}

/** @returns null while there is no backlog worth a sentence. */
export async function backlogForecast(
  store: Pick<Store, 'countByState'>,
  orgId: string,
  connections: readonly Connection[],
  stats: Pick<Stats, 'flow'>,
  now: number,
): Promise<BacklogForecast | null> {
  const names = new Map(connections.map(({ id, name }) => [id, name]));
  const flows = stats.flow.map((flow) => ({ ...flow, name: names.get(flow.connectionId) ?? 'a connection' }));
  const ahead = forecast(flows, FLOW_MS, now);
  if (ahead === null) return null;
  const worst = flows.find(({ connectionId }) => connectionId === ahead.connectionId);
  const willBeLate = await lateBy(store, orgId, ahead, worst?.finished ?? 0, now);
  const late = willBeLate === 0 ? '' : ` At least ${willBeLate} of them will be late.`;
  return { trend: ahead.trend, clearsAt: iso(ahead.clearsAt), sentence: ahead.sentence + late, willBeLate };
}

/** Half-way and at the end are enough: between them a lower bound is still one. */
const LOOKED_AT = [0.5, 1] as const;
const WITHOUT_END_MS = 60 * 60_000;

async function lateBy(
  store: Pick<Store, 'countByState'>,
  orgId: string,
  { connectionId, clearsAt }: { connectionId: string; clearsAt: number | null },
  finished: number,
  now: number,
): Promise<number> {
  const span = (clearsAt ?? now + WITHOUT_END_MS) - now;
  const due = await Promise.all(
    LOOKED_AT.map(async (share) => {
      const at = now + Math.round(span * share);
      const filter = { orgId, connectionIds: [connectionId], states: RUNNABLE, late: { now: at } };
      const counts = await store.countByState(filter);
      return { at, count: RUNNABLE.reduce((sum, state) => sum + counts[state], 0) };
    }),
  );
  return atLeastLate(due, finished, FLOW_MS, now);
}
