import { atLeastLate, forecast, type Flow } from '../../src/domain/forecast.js';
import { slaLines } from '../../src/domain/sla.js';
import { MORNING } from '../fake-world.js';

const minutes = (count: number) => count * 60_000;
const WINDOW = minutes(10);
const flow = (given: Partial<Flow>): Flow => ({
  connectionId: 'north',
  name: 'Warehouse North',
  waiting: 600,
  arrived: 0,
  finished: 100,
  ...given,
});
const ahead = (...flows: Flow[]) => forecast(flows, WINDOW, MORNING);

test('a backlog that shrinks clears when the rest is worked off at the same pace', () => {
  expect(ahead(flow({ arrived: 40 }))).toEqual({
    connectionId: 'north',
    trend: 'shrinks',
    clearsAt: MORNING + minutes(100),
    sentence: '600 jobs wait for Warehouse North. The backlog clears in about 100 min.',
  });
});

test('a few waiting jobs are no backlog', () => {
  expect(ahead(flow({ waiting: 49 }))).toBeNull();
  expect(ahead()).toBeNull();
});

test('where more comes in than goes out no end is promised', () => {
  const grows = ahead(flow({ arrived: 100 }));
  expect(grows).toMatchObject({ trend: 'grows', clearsAt: null });
  expect(grows?.sentence).toBe(
    '600 jobs wait for Warehouse North, and more comes in than goes out (100 and 100 in 10 min). If nothing more came, it would clear in about 60 min.',
  );
});

test('where nothing ended nothing is promised', () => {
  expect(ahead(flow({ finished: 0 }))).toMatchObject({ trend: 'stands', clearsAt: null });
});

test('an end further away than two days is not given a time', () => {
  const far = ahead(flow({ waiting: 100_000, finished: 101, arrived: 100 }));
  expect(far).toMatchObject({ trend: 'shrinks', clearsAt: null });
  expect(far?.sentence).toContain('in more than 48 h.');
});

test('of several connections the one that needs longest is told', () => {
  const soon = flow({ name: 'Shop', waiting: 60 });
  const stands = flow({ name: 'Warehouse South', finished: 0 });
  expect(ahead(soon, flow({}))?.sentence).toContain('Warehouse North');
  expect(ahead(soon, stands, flow({}))?.sentence).toContain('Warehouse South');
});

test('whatever the order, no more is in time than the pace allows', () => {
  const due = [
    { at: MORNING + minutes(10), count: 150 },
    { at: MORNING + minutes(60), count: 500 },
  ];
  expect(atLeastLate(due, 100, WINDOW, MORNING)).toBe(50);
  expect(atLeastLate(due, 1_000, WINDOW, MORNING)).toBe(0);
  expect(atLeastLate([{ at: MORNING, count: 7 }], 100, WINDOW, MORNING)).toBe(7);
});

test('a promise is told in per cent, rounded so that all means all', () => {
  const lines = slaLines([
    { kind: 'order.push', total: 1_000, breached: 1 },
    { kind: 'shipment.apply', total: 5, breached: 0 },
    { kind: 'order.status', total: 0, breached: 0 },
    { kind: 'store.sweep', total: 9, breached: 0 },
  ]);
  expect(lines.map(({ sentence }) => sentence)).toEqual([
    'Orders: 99 % within 2 min, 1 late.',
    'Parcels: 100 % within 5 min.',
  ]);
});
