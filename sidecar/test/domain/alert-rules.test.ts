import {
  DEFAULT_LIMITS,
  findings,
  needsPerson,
  overSentence,
  type Seen,
  type SeenShop,
  type Verdict,
} from '../../src/domain/alert-rules.js';
import { ALERT_KINDS, type AlertKind } from '../../src/domain/alert.js';
import { CLOSED, type BreakerState } from '../../src/domain/breaker.js';
import type { Connection } from '../../src/domain/connection.js';
import { aConnection, aShop } from '../build.js';
import { MORNING } from '../fake-world.js';

const minutes = (count: number) => count * 60_000;
const NOW = MORNING + minutes(600);
const down = (openedAt: number): BreakerState => ({ state: 'open', failures: 5, probeAt: NOW, step: 0, openedAt });

function seen(connection: Partial<Connection>, given: Partial<Seen> = {}): Seen {
  const chanceSince = MORNING;
  return {
    connection: aConnection(connection),
    waiting: 0,
    oldestWaitingAt: null,
    schedules: [],
    chanceSince,
    ...given,
  };
}

function verdict(kind: AlertKind, connections: Seen[], given: Partial<SeenShop> = {}): Verdict | undefined {
  const shop: SeenShop = { shop: aShop(), late: 0, judged: 'all', connections, ...given };
  return findings(shop, DEFAULT_LIMITS, NOW).find((one) => one.kind === kind)?.verdict;
}

test('a shop where nothing is wrong has every alert over', () => {
  const verdicts = findings({ shop: aShop(), late: 0, judged: 'all', connections: [seen({})] }, DEFAULT_LIMITS, NOW);
  expect(new Set(verdicts.map((one) => one.verdict))).toEqual(new Set(['over']));
  expect(verdicts.map(({ kind }) => kind).sort()).toEqual([...ALERT_KINDS].sort());
});

test('a thousand waiting jobs are fine, one more is an alert, and it is over only well below', () => {
  const at = (waiting: number) => verdict('queue_depth', [seen({}, { waiting })]);
  expect([at(1_000), at(1_001), at(801), at(800)]).toEqual(['between', 'open', 'between', 'over']);
});

test('a job that waits for a quarter of an hour is an alert while the connection works', () => {
  const waiting = (ms: number) => seen({}, { waiting: 1, oldestWaitingAt: NOW - ms });
  expect(verdict('oldest_waiting', [waiting(minutes(15) + 1)])).toBe('open');
  expect(verdict('oldest_waiting', [waiting(minutes(13))])).toBe('between');
  expect(verdict('oldest_waiting', [waiting(minutes(12))])).toBe('over');
});

test.each<[string, Partial<Connection>]>([
  ['is paused', { state: 'paused', pausedBy: 'person' }],
  ['is down', { breaker: down(MORNING) }],
])('how long jobs wait says nothing while the connection %s', (_, connection) => {
  const waiting = { waiting: 1, oldestWaitingAt: MORNING };
  expect(verdict('oldest_waiting', [seen(connection, waiting)])).toBe('between');
});

test('after an outage the wait counts from its end', () => {
  const waiting = { waiting: 900, oldestWaitingAt: MORNING };
  expect(verdict('oldest_waiting', [seen({}, { ...waiting, chanceSince: NOW - minutes(5) })])).toBe('over');
  expect(verdict('oldest_waiting', [seen({}, { ...waiting, chanceSince: NOW - minutes(16) })])).toBe('open');
});

test('an outage is said after a minute, and over when no failure was seen for two', () => {
  expect(verdict('breaker_open', [seen({ breaker: down(NOW - 59_000) })])).toBe('between');
  expect(verdict('breaker_open', [seen({ breaker: down(NOW - 60_000) })])).toBe('open');
  expect(verdict('breaker_open', [seen({ breaker: { ...down(NOW - 60_000), state: 'probing' } })])).toBe('open');
  const answered = (ago: number) => seen({ breaker: CLOSED, lastFailure: { at: NOW - ago, summary: '503' } });
  expect(verdict('breaker_open', [answered(60_000)])).toBe('between');
  expect(verdict('breaker_open', [answered(minutes(2))])).toBe('over');
});

test('a pause by a failure is an alert, a pause by a person is not', () => {
  const paused = (pausedBy: string) => verdict('connection_paused', [seen({ state: 'paused', pausedBy })]);
  expect([paused('unauthorized'), paused('person')]).toEqual(['open', 'over']);
});

test('ten late jobs are an alert, and it is over at five', () => {
  const late = (count: number, judged: SeenShop['judged'] = 'all') =>
    verdict('sla_breach', [], { late: count, judged });
  expect([late(9), late(10), late(6), late(5)]).toEqual(['between', 'open', 'between', 'over']);
  expect(late(0, 'some')).toBe('between');
});

test('a schedule is late after five minutes, counted from when somebody could look after it', () => {
  const due = (ago: number, chanceSince = MORNING) =>
    verdict('schedule_late', [seen({}, { schedules: [{ label: 'Look', nextAt: NOW - ago }], chanceSince })]);
  expect([due(minutes(5) + 1), due(minutes(4)), due(10_000)]).toEqual(['open', 'between', 'over']);
  expect(due(minutes(300), NOW - minutes(1))).toBe('between');
});

test('a person is asked for a refused connection at once, for an outage after an hour, for the rest never', () => {
  const asked = ALERT_KINDS.filter((kind) => needsPerson({ kind, openedAt: NOW }, NOW));
  const anHourLater = ALERT_KINDS.filter((kind) => needsPerson({ kind, openedAt: NOW - minutes(60) }, NOW));
  expect(asked).toEqual(['connection_paused']);
  expect(anHourLater).toEqual(['breaker_open', 'connection_paused']);
});

test('every sentence names the connection, is one, and ends with a full stop', () => {
  const paused = {
    state: 'paused',
    pausedBy: 'unauthorized',
    pauseReason: 'Warehouse North is paused: refused.',
  } as const;
  const schedules = [{ label: 'Look', nextAt: MORNING }];
  const bad = [
    seen({ breaker: down(MORNING) }, { waiting: 1 }),
    seen(paused),
    seen({}, { waiting: 2_000, oldestWaitingAt: MORNING, schedules }),
  ];
  const shop = { shop: aShop({ name: 'Warehouse North' }), late: 12, judged: 'all', connections: bad } as const;
  const opened = findings(shop, DEFAULT_LIMITS, NOW).filter((one) => one.verdict === 'open');
  expect(new Set(opened.map(({ kind }) => kind)).size).toBe(ALERT_KINDS.length);
  const all = [
    ...opened.map(({ sentence }) => sentence),
    ...ALERT_KINDS.map((kind) => overSentence(kind, 'Warehouse North')),
  ];
  for (const sentence of all) expect(sentence).toMatch(/^Warehouse North.*\w\.$/);
});
