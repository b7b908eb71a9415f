/** Watches the queue: opens what is worth telling a person, closes what is over, then has it told. Runs where the leader is. */
import type { Alert } from '../domain/alert.js';
import {
  CATCH_UP_MS,
  findings,
  works,
  type AlertLimits,
  type Finding,
  type Seen,
  type SeenShop,
} from '../domain/alert-rules.js';
import type { Connection } from '../domain/connection.js';
import type { Schedule, Store, Unit, Write } from '../stores/store.js';
import { courier, type Channels } from './alert-courier.js';
import { repeating, type Service } from './services.js';
import type { World } from './world.js';

export interface AlerterDeps {
  store: Store;
  world: World;
  limits: AlertLimits;
  /** "Look for changed orders in the store" */
  scheduleLabel(name: string): string;
  channels: Channels;
}

const EVERY_MS = 20_000;
const MOST_OPEN = 5_000;
/** Those that wait to run by themselves; a blocked one waits for a thing, and says for which. */
const RUNNABLE = ['queued', 'running', 'retrying'] as const;

export function alerter(deps: AlerterDeps): Service {
  const watch = new Watch(deps);
  const tell = courier(deps);
  return repeating('alerter', EVERY_MS, deps.world, async () => {
    const changed = await watch.round();
    await tell();
    return changed;
  });
}

/** One round after another; between them it remembers since when each connection works. */
export class Watch {
  private readonly chanceSince = new Map<string, number>();

  constructor(private readonly deps: Pick<AlerterDeps, 'store' | 'world' | 'limits' | 'scheduleLabel'>) {}

  /** @returns how many alerts it opened or closed. */
  async round(): Promise<number> {
    const { store, world, limits } = this.deps;
    const now = world.now();
    const connections = await store.connections();
    const schedules = await store.schedules();
    const open = new Map((await store.alerts({ open: true }, MOST_OPEN)).map((alert) => [alert.key, alert]));
    let changed = 0;
    for (const shop of connections.filter(({ id, storeId }) => id === storeId)) {
      const seen = await this.look(shop, connections, schedules, now);
      for (const one of findings(seen, limits, now)) changed += await this.settle(one, shop, open, now);
    }
    const known = new Set(connections.map(({ id }) => id));
    for (const alert of open.values()) {
      if (alert.connectionId !== null && !known.has(alert.connectionId)) changed += await this.close(alert, now);
    }
    return changed;
  }

  private async look(
    shop: Connection,
    all: readonly Connection[],
    schedules: readonly Schedule[],
    now: number,
  ): Promise<SeenShop> {
    const own = all.filter(({ storeId }) => storeId === shop.id);
    const stats = await this.deps.store.stats(
      now,
      shop.orgId,
      own.map(({ id }) => id),
    );
    const flow = new Map(stats.flow.map((one) => [one.connectionId, one]));
    const connections = own.map((connection): Seen => {
      const { waiting = 0, oldestWaitingAt = null } = flow.get(connection.id) ?? {};
      const chanceSince = this.sinceWhen(connection, now);
      return { connection, waiting, oldestWaitingAt, chanceSince, schedules: this.schedulesOf(connection, schedules) };
    });
    const judged = connections.filter(
      ({ connection, chanceSince }) => works(connection) && now - chanceSince >= CATCH_UP_MS,
    );
    const late = stats.late === 0 ? 0 : await this.countLate(shop.orgId, judged, now);
    return { shop, late, judged: judged.length === connections.length ? 'all' : 'some', connections };
  }

  private sinceWhen(connection: Connection, now: number): number {
    const since = works(connection) ? (this.chanceSince.get(connection.id) ?? now) : now;
    this.chanceSince.set(connection.id, since);
    return since;
  }

  private schedulesOf({ id }: Connection, schedules: readonly Schedule[]): Seen['schedules'] {
    return schedules
      .filter(({ connectionId }) => connectionId === id)
      .map(({ name, nextAt }) => ({ label: this.deps.scheduleLabel(name), nextAt }));
  }

  private async countLate(orgId: string, judged: readonly Seen[], now: number): Promise<number> {
    const connectionIds = judged.map(({ connection }) => connection.id);
    const counts = await this.deps.store.countByState({ orgId, connectionIds, states: RUNNABLE, late: { now } });
    return RUNNABLE.reduce((sum, state) => sum + counts[state], 0);
  }

  private async settle(
    { key, kind, connectionId, verdict, sentence }: Finding,
    { orgId }: Connection,
    open: ReadonlyMap<string, Alert>,
    now: number,
  ): Promise<number> {
    const held = open.get(key);
    if (held !== undefined) return verdict === 'over' ? this.close(held, now) : 0;
    if (verdict !== 'open') return 0;
    const id = this.deps.world.newId();
    const alert: Alert = { id, orgId, connectionId, kind, key, sentence, openedAt: now, clearedAt: null };
    return this.apply({
      now,
      guards: [{ guard: 'noOpenAlert', orgId, key }],
      writes: [{ write: 'openAlert', alert }, noted(alert, 'Alert', 'open')],
    });
  }

  private close(alert: Alert, now: number): Promise<number> {
    const { id } = alert;
    return this.apply({
      now,
      guards: [{ guard: 'openAlert', id }],
      writes: [{ write: 'clearAlert', id }, noted(alert, 'Alert over', 'over')],
    });
  }

  private async apply(unit: Unit): Promise<number> {
    return (await this.deps.store.apply(unit)).applied ? 1 : 0;
  }
}

function noted({ orgId, connectionId, sentence }: Alert, what: string, after: 'open' | 'over'): Write {
  const subject = connectionId === null ? `organisation:${orgId}` : `connection:${connectionId}`;
  const before = after === 'open' ? null : 'open';
  const activity = {
    orgId,
    connectionId,
    jobId: null,
    subject,
    who: 'alerts',
    what: `${what}: ${sentence}`,
    why: null,
    before,
    after,
  };
  return { write: 'insertActivity', activity };
}
