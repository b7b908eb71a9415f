/** Which ends of which alerts a channel (mail, webhook) has still to be told. Pure: what was told is handed in and comes back. */
import type { Alert } from './alert.js';

export type Edge = 'opened' | 'cleared';

/** By alert id, the last thing said; 'passed': it was over before anybody was told, and is not spoken of. */
export type Told = Readonly<Record<string, Edge | 'passed'>>;

export interface News {
  alert: Alert;
  edge: Edge;
}

export interface Untold {
  news: News[];
  /** Over before they were told. */
  passed: Alert[];
}

/** Nobody is told today what was over yesterday. */
const STALE_MS = 24 * 3_600_000;

/** @param gatherMs the first news waits this long for others, so that what belongs to one moment is said together and what passes is not said. */
export function untold(alerts: readonly Alert[], told: Told, gatherMs: number, now: number): Untold {
  const news = alerts.flatMap((alert) => newsOf(alert, told));
  const isTime = news.some((one) => now - happenedAt(one) >= gatherMs);
  const passed = alerts.filter(
    ({ id, clearedAt }) => told[id] === undefined && clearedAt !== null && now - clearedAt < STALE_MS,
  );
  return { news: isTime ? news : [], passed };
}

function newsOf(alert: Alert, told: Told): News[] {
  const said = told[alert.id];
  if (alert.clearedAt === null) return said === undefined ? [{ alert, edge: 'opened' }] : [];
  return said === 'opened' ? [{ alert, edge: 'cleared' }] : [];
}

/** @returns what is known to be told after this; alerts that are gone from the store are forgotten. */
export function afterTelling(told: Told, { news, passed }: Untold, alerts: readonly Alert[]): Told {
  const known = new Set(alerts.map(({ id }) => id));
  return Object.fromEntries([
    ...Object.entries(told).filter(([id]) => known.has(id)),
    ...passed.map(({ id }) => [id, 'passed'] as const),
    ...news.map(({ alert, edge }) => [alert.id, edge] as const),
  ]);
}

/** Epoch ms. */
export function happenedAt({ alert, edge }: News): number {
  return edge === 'cleared' ? (alert.clearedAt ?? alert.openedAt) : alert.openedAt;
}

/** The same for every try, so that whoever is told can see a repetition. */
export const newsId = ({ alert, edge }: News): string => `${alert.id}.${edge}`;
