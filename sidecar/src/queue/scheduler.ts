/** Turns due schedules into jobs. Due times live in the store and follow the handed-in clock; whatever ticks only asks to look. */
import type { Connection } from '../domain/connection.js';
import type { JobKind } from '../domain/kinds.js';
import type { Guard, Schedule, Store, Write } from '../stores/store.js';
import { enqueue, wholeConnection, type Ask } from './enqueue.js';
import type { World } from './world.js';

export interface ScheduleDefinition {
  kind: JobKind;
  /** Which connections have it. */
  role: 'store' | 'warehouse';
  label: string;
  everyMs(rhythm: Rhythm): number;
}

export interface Rhythm {
  /** 'recent': the store has just handed something over. */
  activity: 'recent' | 'idle';
  webhooks: 'registered' | 'none';
}

interface SchedulerDeps {
  store: Store;
  world: World;
  definitions: Readonly<Record<string, ScheduleDefinition>>;
  /** Rings the worker's bell. */
  nudge(): void;
}

/** This long after the last activity a store counts as idle. */
const ACTIVITY_MS = 60_000;
/** Activity is told to who leads once in this time: it lasts much longer. */
const ACTIVITY_TOLD_MS = 10_000;
/** Webhooks that were not confirmed for this long count as gone (they are checked every hour). */
const WEBHOOKS_TRUSTED_MS = 3 * 3_600_000;
const LATE_MS = 60_000;
const IDLE_RHYTHM: Rhythm = { activity: 'idle', webhooks: 'none' };

export const roleOf = ({ id, storeId }: Pick<Connection, 'id' | 'storeId'>): 'store' | 'warehouse' =>
  id === storeId ? 'store' : 'warehouse';

/** When the store last handed something over, to whichever sidecar. */
export const activityKey = (connectionId: string): string => `activity:${connectionId}`;

/** The job `warehouse.webhooks` writes the moment of its last success here. */
export const webhooksKey = (connectionId: string): string => `webhooks:${connectionId}`;

export class Scheduler {
  private readonly activeAt = new Map<string, number>();
  private readonly toldAt = new Map<string, number>();
  private looking: Promise<void> | null = null;

  constructor(private readonly deps: SchedulerDeps) {}

  /** Queues what is due. A tick that comes while another is still looking is that one. */
  async tick(): Promise<void> {
    this.looking ??= this.look().finally(() => {
      this.looking = null;
    });
    return this.looking;
  }

  /** The store handed something over: more may follow. Whoever leads hears of it by the next `tellActivity`. */
  noteActivity(connectionId: string): void {
    this.activeAt.set(connectionId, this.deps.world.now());
  }

  /** Of all who share the store any may receive a hand-over, but only one looks at the schedules. */
  async tellActivity(): Promise<void> {
    const { store, world } = this.deps;
    const news = [...this.activeAt].filter(([id, at]) => at - (this.toldAt.get(id) ?? 0) >= ACTIVITY_TOLD_MS);
    if (news.length === 0) return;
    const writes = news.map(([id, at]): Write => ({ write: 'putMeta', key: activityKey(id), value: String(at) }));
    await store.apply({ now: world.now(), guards: [], writes });
    for (const [id, at] of news) this.toldAt.set(id, at);
  }

  private async look(): Promise<void> {
    const rows = await this.deps.store.schedules();
    for (const connection of await this.deps.store.connections()) {
      const own = rows.filter(({ connectionId }) => connectionId === connection.id);
      await this.lookAt(connection, own);
    }
  }

  private async lookAt(connection: Connection, rows: readonly Schedule[]): Promise<void> {
    const rhythm = await this.rhythmOf(connection);
    const missing: string[] = [];
    for (const [name, definition] of ofRole(this.deps.definitions, connection)) {
      const row = rows.find((one) => one.name === name);
      if (row === undefined) missing.push(name);
      else if (isDue(row, definition.everyMs(rhythm), this.deps.world.now()))
        await this.fire(row, definition, rhythm, connection);
    }
    if (missing.length > 0) await this.setUp(missing, connection, rows.length === 0 ? 'new' : 'lost');
  }

  private async fire(
    row: Schedule,
    { kind, label, everyMs }: ScheduleDefinition,
    rhythm: Rhythm,
    connection: Connection,
  ): Promise<void> {
    const { store, world } = this.deps;
    const now = world.now();
    const every = everyMs(rhythm);
    const ask = askFor(kind, connection, { origin: `schedule ${row.name}`, traceId: world.newId(), now });
    const lateMs = now - row.nextAt;
    const note =
      lateMs > every + LATE_MS
        ? [said(connection, now, `"${label}" was ${minutes(lateMs)} late and has been started again.`)]
        : [];
    const schedule = { ...row, everyMs: every, nextAt: now + every, lastAt: now };
    const queued = await store.apply({
      now,
      // Two who believe to lead fire it once; the job and the new time are one, so that a crash neither loses nor repeats a round.
      guards: [scheduleAt(row)],
      writes: [enqueue(ask), { write: 'putSchedule', schedule }, ...note],
    });
    if (!queued.applied) return;
    this.deps.nudge();
    const [first] = queued.results;
    if (first?.kind === 'enqueued' && first.jobId !== row.lastJobId) await this.link(schedule, first.jobId);
  }

  /** For the screen: which job came of it. Known only afterwards, and of no weight: who comes in between is left alone. */
  private async link(schedule: Schedule, lastJobId: number): Promise<void> {
    const { store, world } = this.deps;
    await store.apply({
      now: world.now(),
      guards: [scheduleAt(schedule)],
      writes: [{ write: 'putSchedule', schedule: { ...schedule, lastJobId } }],
    });
  }

  private async setUp(names: readonly string[], connection: Connection, why: 'new' | 'lost'): Promise<void> {
    const { store, world, definitions } = this.deps;
    const now = world.now();
    const labels = names.map((name) => `"${definitions[name]?.label ?? name}"`).join(', ');
    const what =
      why === 'new'
        ? `Schedules started: ${labels}.`
        : `Schedules were missing and have been started again: ${labels}.`;
    const rows = scheduleWrites(definitions, connection, now).filter(({ schedule }) => names.includes(schedule.name));
    await store.apply({ now, guards: [], writes: [...rows, said(connection, now, what)] });
  }

  private async rhythmOf(connection: Connection): Promise<Rhythm> {
    const now = this.deps.world.now();
    if (roleOf(connection) === 'store') {
      const activity = now - (await this.lastActivity(connection.id)) <= ACTIVITY_MS ? 'recent' : 'idle';
      return { activity, webhooks: 'none' };
    }
    const confirmedAt = Number((await this.deps.store.meta(webhooksKey(connection.id))) ?? Number.NaN);
    return { activity: 'idle', webhooks: now - confirmedAt <= WEBHOOKS_TRUSTED_MS ? 'registered' : 'none' };
  }

  private async lastActivity(connectionId: string): Promise<number> {
    const told = Number((await this.deps.store.meta(activityKey(connectionId))) ?? 0);
    return Math.max(told, this.activeAt.get(connectionId) ?? 0);
  }
}

function scheduleAt({ name, connectionId, nextAt }: Schedule): Guard {
  return { guard: 'scheduleAt', name, connectionId, nextAt };
}

/** @returns the schedules a connection has from its start; the first round begins at once. */
export function scheduleWrites(
  definitions: Readonly<Record<string, ScheduleDefinition>>,
  connection: Connection,
  now: number,
): Extract<Write, { write: 'putSchedule' }>[] {
  return ofRole(definitions, connection).map(([name, { everyMs }]) => ({
    write: 'putSchedule',
    schedule: {
      name,
      connectionId: connection.id,
      everyMs: everyMs(IDLE_RHYTHM),
      nextAt: now,
      lastAt: null,
      lastJobId: null,
    },
  }));
}

/** @returns the job a schedule stands for, to be queued at once; null when the connection has no such schedule. */
export function runNowWrite(
  definitions: Readonly<Record<string, ScheduleDefinition>>,
  name: string,
  connection: Connection,
  by: { origin: string; traceId: string; now: number },
): Write | null {
  const found = ofRole(definitions, connection).find(([known]) => known === name);
  return found === undefined ? null : enqueue(askFor(found[1].kind, connection, by));
}

function askFor(kind: JobKind, connection: Connection, by: { origin: string; traceId: string; now: number }): Ask {
  return { kind, connection, subject: wholeConnection(connection), ...by };
}

function ofRole(
  definitions: Readonly<Record<string, ScheduleDefinition>>,
  connection: Connection,
): [string, ScheduleDefinition][] {
  return Object.entries(definitions).filter(([, { role }]) => role === roleOf(connection));
}

/** A rhythm that has become faster counts from the last run: a poll set two hours ahead must not sleep through lost webhooks. */
function isDue({ nextAt, lastAt }: Schedule, everyMs: number, now: number): boolean {
  return nextAt <= now || (lastAt !== null && lastAt + everyMs <= now);
}

function said(connection: Connection, now: number, what: string): Write {
  const { orgId, id: connectionId } = connection;
  const activity = {
    orgId,
    connectionId,
    jobId: null,
    subject: `connection:${connectionId}`,
    who: 'schedule',
    what,
    why: null,
    before: null,
    after: null,
  };
  return { write: 'insertActivity', activity };
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}
