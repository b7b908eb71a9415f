/** Every schedule in one table. A schedule only queues its job; the job does the work, with retries and a history like any other. */
import type { Connection } from './domain/connection.js';
import { runNowWrite, scheduleWrites, type ScheduleDefinition } from './queue/scheduler.js';
import type { Write } from './stores/store.js';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

export const SCHEDULES = {
  'outbox.pull': {
    kind: 'outbox.pull',
    role: 'store',
    label: 'Fetch waiting changes from the store',
    everyMs: ({ activity }) => (activity === 'recent' ? 1.5 * SECOND : 30 * SECOND),
  },
  'store.net': {
    kind: 'store.net',
    role: 'store',
    label: 'Look for orders that are due and not queued',
    everyMs: () => 2 * MINUTE,
  },
  'store.sweep': {
    kind: 'store.sweep',
    role: 'store',
    label: 'Look for changed orders in the store',
    everyMs: () => 5 * MINUTE,
  },
  'store.recheck': {
    kind: 'store.recheck',
    role: 'store',
    label: 'Read all open orders of the store again',
    everyMs: () => HOUR,
  },
  'webhook.net': {
    kind: 'webhook.net',
    role: 'warehouse',
    label: 'Work through deliveries that are still waiting',
    everyMs: () => MINUTE,
  },
  'warehouse.poll-orders': {
    kind: 'warehouse.poll-orders',
    role: 'warehouse',
    label: 'Ask the warehouse for changed orders',
    everyMs: ({ webhooks }) => (webhooks === 'registered' ? 2 * HOUR : 5 * MINUTE),
  },
  'warehouse.poll-shipments': {
    kind: 'warehouse.poll-shipments',
    role: 'warehouse',
    label: 'Ask the warehouse for new parcels',
    everyMs: ({ webhooks }) => (webhooks === 'registered' ? 3 * HOUR : 5 * MINUTE),
  },
  'warehouse.webhooks': {
    kind: 'warehouse.webhooks',
    role: 'warehouse',
    label: 'Check the webhooks at the warehouse',
    everyMs: () => HOUR,
  },
  'warehouse.articles': {
    kind: 'warehouse.articles',
    role: 'warehouse',
    label: 'Read the article list of the warehouse',
    everyMs: () => HOUR,
  },
} as const satisfies Record<string, ScheduleDefinition>;

const definitions: Readonly<Record<string, ScheduleDefinition>> = SCHEDULES;

/** The schedules as the management API needs them. @param newId trace ids of the jobs it makes. */
export function scheduleBook(newId: () => string) {
  return {
    writesFor: (connection: Connection, now: number): Write[] => scheduleWrites(definitions, connection, now),
    label: (name: string): string => (Object.hasOwn(definitions, name) ? (definitions[name]?.label ?? name) : name),
    runNow: (name: string, connection: Connection, who: string, now: number): Write | null =>
      runNowWrite(definitions, name, connection, { origin: `${who} pressed Run now`, traceId: newId(), now }),
  };
}
